"""Cohorts: shares by age, told only when the whole cohort is old enough; the cohorts sum to the whole."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import Stage
from leadhub.tenancy.models import Organization
from reporting.cohorts import BadCohort, report_cohorts
from reporting.periods import Period
from reporting.source_value import list_cohort
from tests.factories import CAPTURED_AT, LeadFactory
from tests.personas import ClientOf
from tests.reporting.random_leads import examples, fill_march, make_random_lead, undone

MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=ZoneInfo("UTC"))
NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_share_is_told_once_the_whole_cohort_is_that_old(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, mql_at=CAPTURED_AT + 5 * DAY)
    LeadFactory(owner=ada, mql_at=CAPTURED_AT + 40 * DAY)
    LeadFactory(owner=ada)
    (cohort,) = report_cohorts(period=MARCH, now=NOW, unit="month").cohorts
    reached = {cell.age_days: cell.reached for cell in cohort.cells}
    assert reached == {1: 0, 7: 1, 14: 1, 30: None, 60: None, 90: None, 180: None}
    assert (cohort.leads, cohort.reached, round(cohort.share, 2)) == (3, 2, 0.67)


def test_an_age_is_reached_at_its_very_instant(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, mql_at=CAPTURED_AT + 30 * DAY)
    (cohort,) = report_cohorts(period=MARCH, now=MARCH.ends_at + 30 * DAY, unit="month").cohorts
    assert [(cell.age_days, cell.reached) for cell in cohort.cells][2:5] == [(14, 0), (30, 1), (60, None)]


def test_weeks_begin_on_monday_and_end_with_the_period(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada)  # a Sunday, the period's first day
    LeadFactory(owner=ada, captured_at=CAPTURED_AT + DAY)
    cohorts = report_cohorts(period=MARCH, now=NOW).cohorts
    assert [(cohort.first_on.day, cohort.last_on.day) for cohort in cohorts] == [(2, 8), (1, 1)]


def test_it_is_one_statement(in_scope: Organization, ada: Membership) -> None:
    with CaptureQueriesContext(connection) as captured:
        report_cohorts(period=MARCH, now=NOW)
    assert len(captured) == 1


def test_a_stage_that_nobody_can_reach_is_refused(in_scope: Organization) -> None:
    with pytest.raises(BadCohort):
        report_cohorts(period=MARCH, now=NOW, stage=Stage.RECYCLED)
    with pytest.raises(BadCohort):
        report_cohorts(period=MARCH, now=NOW, unit="year")


@examples(8)
@given(
    seed=st.integers(0, 10_000),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
    unit=st.sampled_from(["week", "month"]),
    stage=st.sampled_from([Stage.MQL, Stage.SQL, Stage.CUSTOMER]),
)
def test_the_cohorts_sum_to_the_whole(
    in_scope: Organization, ada: Membership, seed: int, zone: str, unit: str, stage: Stage
) -> None:
    chance = random.Random(seed)
    period = Period(first_on=date(2026, 3, 5), last_on=date(2026, 4, 5), zone=ZoneInfo(zone))
    with undone():
        for _ in range(25):
            make_random_lead(chance, owners=[ada], around=datetime(2026, 3, 20, tzinfo=UTC), days=20)
        report = report_cohorts(period=period, now=NOW, stage=stage, unit=unit)
        assert sum(cohort.leads for cohort in report.cohorts) == report.leads == list_cohort(period=period).count()
        for cohort in report.cohorts:
            days = Period(first_on=cohort.first_on, last_on=cohort.last_on, zone=period.zone)
            assert list_cohort(period=days).count() == cohort.leads
            told = [cell.reached for cell in cohort.cells if cell.reached is not None]
            assert told == sorted(told)
            assert not told or told[-1] <= cohort.reached <= cohort.leads


@pytest.mark.parametrize("more", [{}, {"unit": "month", "stage": "opportunity"}, {"channel": "email"}])
def test_every_number_opens_the_leads_behind_it(ada: Membership, client_of: ClientOf, more: dict[str, str]) -> None:
    fill_march([ada], seed=3, count=60)
    client = client_of(ada)
    shown = client.get(reverse("cohorts"), {"from": "2026-03-01", "to": "2026-03-31", **more}).context
    wanted = list(zip(shown["whole_urls"], (shown["report"].leads, shown["report"].reached), strict=True))
    for line in shown["lines"]:
        wanted += [(line.leads_url, line.cohort.leads), (line.reached_url, line.cohort.reached)]
        wanted += [(each.url, each.cell.reached) for each in line.cells if each.cell.reached is not None]
    for url, number in wanted:
        assert client.get(url).context["page"].paginator.count == number, url


def test_an_empty_period_says_what_to_do(eve: Membership, client_of: ClientOf) -> None:
    assert "No leads in this period" in client_of(eve).get(reverse("cohorts")).content.decode()
