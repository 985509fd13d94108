"""The funnel counts evidence, follows a cohort, compares at equal age, and its parts sum to the whole."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, Stage, Verdict
from leadhub.leads.stage_dates import REACHED_AT
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from reporting.funnel import FunnelReport, report_funnel
from reporting.lost import report_lost
from reporting.periods import Period
from reporting.slices import Basis, Slice
from tests.factories import CAPTURED_AT, LeadFactory
from tests.personas import ClientOf
from tests.reporting.random_leads import CHANNELS, examples, fill_march, make_random_lead, undone

MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=ZoneInfo("UTC"))
NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
# Days that begin or end at a change of the clock, and a zone that is half an hour off.
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
CHANGES = (
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
)


def count(report: FunnelReport) -> dict[str, int]:
    return {step.stage.value: step.reached for step in report.steps}


def test_a_stage_that_was_skipped_is_not_filled_in(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada)
    LeadFactory(owner=ada, stage=Stage.MQL)
    LeadFactory(owner=ada, stage=Stage.CUSTOMER, mql_at=CAPTURED_AT, opportunity_at=CAPTURED_AT)
    report = report_funnel(period=MARCH, now=NOW)
    assert count(report) == {"new": 3, "mql": 2, "sal": 0, "sql": 0, "opportunity": 1, "customer": 1}
    assert report.find(Stage.MQL).rate == 2 / 3
    assert (report.find(Stage.OPPORTUNITY).rate, report.find(Stage.OPPORTUNITY).median_seconds) == (None, None)
    assert (report.find(Stage.CUSTOMER).rate, report.find(Stage.CUSTOMER).rate_from_top) == (1, 1 / 3)


def test_the_speed_is_the_median_between_stages(in_scope: Organization, ada: Membership) -> None:
    for days in (1, 2, 9):
        LeadFactory(owner=ada, mql_at=CAPTURED_AT + days * DAY, sal_at=CAPTURED_AT + days * DAY)
    LeadFactory(owner=ada)
    report = report_funnel(period=MARCH, now=NOW)
    assert report.find(Stage.MQL).median_seconds == 2 * 86_400
    assert report.find(Stage.SAL).median_seconds == 0
    assert report.find(Stage.SQL).median_seconds is None


def test_the_period_before_is_compared_at_equal_age(in_scope: Organization, ada: Membership) -> None:
    in_february = CAPTURED_AT - 20 * DAY
    LeadFactory(owner=ada, captured_at=in_february, mql_at=in_february + DAY)
    LeadFactory(owner=ada, captured_at=in_february, mql_at=NOW - DAY)
    report = report_funnel(period=MARCH, now=NOW)
    assert report.compared_on == date(2026, 3, 15)
    assert (report.find(Stage.NEW).reached_before, report.find(Stage.MQL).reached_before) == (2, 1)


def test_a_period_that_goes_on_is_compared_with_as_many_days_of_the_one_before(
    ada: Membership, client_of: ClientOf
) -> None:
    last_on = timezone.localdate() + 14 * DAY  # half of the days are to come
    with scope(ada.organization_id):
        for days_ago in (5, 20, 40):
            LeadFactory(owner=ada, captured_at=timezone.now() - days_ago * DAY)
    days = {"from": (last_on - 27 * DAY).isoformat(), "to": last_on.isoformat()}
    page = client_of(ada).get(reverse("funnel"), days)
    line = page.context["lines"][0]
    assert (line.step.reached, line.step.reached_before) == (1, 1)
    assert client_of(ada).get(line.before_url).context["page"].paginator.count == 1


def test_by_activity_a_step_counts_on_its_day(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, captured_at=CAPTURED_AT - 40 * DAY, mql_at=CAPTURED_AT + DAY)
    LeadFactory(owner=ada, stage=Stage.RECYCLED, captured_at=CAPTURED_AT - 50 * DAY, recycled_at=CAPTURED_AT)
    report = report_funnel(period=MARCH, now=NOW, basis=Basis.ACTIVITY)
    assert (count(report)["new"], count(report)["mql"], report.recycled) == (0, 1, 1)
    assert count(report_funnel(period=MARCH, now=NOW))["new"] == 0


def test_a_rate_is_of_those_before_by_cohort_and_of_their_number_by_activity(
    in_scope: Organization, ada: Membership
) -> None:
    LeadFactory(owner=ada, mql_at=CAPTURED_AT)
    LeadFactory(owner=ada, sal_at=CAPTURED_AT)  # without an MQL
    followed = report_funnel(period=MARCH, now=NOW).find(Stage.SAL)
    taken = report_funnel(period=MARCH, now=NOW, basis=Basis.ACTIVITY).find(Stage.SAL)
    assert (followed.rate, taken.rate) == (0, 1)


def test_by_activity_a_period_has_its_first_instant_and_not_the_next_ones(
    in_scope: Organization, ada: Membership
) -> None:
    for number, at in enumerate((MARCH.starts_at, MARCH.ends_at), start=1):
        captured_at = MARCH.starts_at - number * DAY
        LeadFactory(owner=ada, captured_at=captured_at, mql_at=MARCH.starts_at, customer_at=at)
    report = report_funnel(period=MARCH, now=NOW, basis=Basis.ACTIVITY)
    assert (count(report)["mql"], count(report)["customer"]) == (2, 1)
    assert report.median_seconds == 86_400  # of the one that was won in the period


def test_by_activity_an_end_counts_where_it_lasts(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada, stage=Stage.NEW, recycled_at=CAPTURED_AT)  # came back
    LeadFactory(owner=ada, stage=Stage.DISQUALIFIED, recycled_at=CAPTURED_AT, disqualified_at=CAPTURED_AT + DAY)
    report = report_funnel(period=MARCH, now=NOW, basis=Basis.ACTIVITY)
    lost = report_lost(period=MARCH, currency="USD", basis=Basis.ACTIVITY)
    assert (report.recycled, report.disqualified) == (0, 1)
    assert lost.lead_total.count == report.recycled + report.disqualified


def test_a_report_is_one_statement_a_period(in_scope: Organization, ada: Membership) -> None:
    LeadFactory(owner=ada)
    for basis in Basis:
        with CaptureQueriesContext(connection) as captured:
            report_funnel(period=MARCH, now=NOW, basis=basis)
        assert len(captured) == 2


@examples(12)
@given(seed=st.integers(0, 10_000), zone=st.sampled_from(ZONES), around=st.sampled_from(CHANGES))
def test_the_parts_sum_to_the_whole(
    in_scope: Organization, ada: Membership, ria: Membership, seed: int, zone: str, around: datetime
) -> None:
    chance = random.Random(seed)
    day = around.astimezone(ZoneInfo(zone)).date()
    period = Period(first_on=day - DAY, last_on=day + DAY, zone=ZoneInfo(zone))
    with undone():
        for _ in range(25):
            make_random_lead(chance, owners=[ada, ria], around=around, days=3)
        cohort = [lead for lead in Lead.objects.all() if is_counted(lead) and is_in(lead.captured_at, period)]
        report = report_funnel(period=period, now=NOW)
        assert count(report) == {
            stage.value: sum(bool(getattr(x, at)) for x in cohort) for stage, at in REACHED_AT.items()
        }
        parts = Counter[str]()
        for step in report.steps:
            parts.update({part: getattr(step, part) for part in ("open", "won", "recycled", "disqualified")})
        assert parts.total() == len(cohort)
        assert (parts["recycled"], parts["disqualified"]) == (report.recycled, report.disqualified)
        for slices in ([Slice(channel=each) for each in CHANNELS], [Slice(owner=each.pk) for each in (ada, ria)]):
            for basis in Basis:
                whole = Counter(count(report_funnel(period=period, now=NOW, basis=basis)))
                reports = [report_funnel(period=period, now=NOW, basis=basis, within=each) for each in slices]
                assert sum((Counter(count(each)) for each in reports), Counter()) == +whole


def is_counted(lead: Lead) -> bool:
    return lead.verdict != Verdict.NOT_A_LEAD and not lead.is_test


def is_in(at: datetime, period: Period) -> bool:
    return period.first_on <= at.astimezone(period.zone).date() <= period.last_on


@pytest.fixture
def filled(ada: Membership, ria: Membership) -> Membership:
    """Sixty random leads around March."""
    fill_march([ada, ria], seed=5, count=60, days=25)
    return ada


@pytest.mark.parametrize(
    "more", [{}, {"basis": "activity"}, {"channel": "paid_search"}, {"basis": "activity", "service": "Roof"}]
)
def test_every_number_opens_the_leads_behind_it(filled: Membership, client_of: ClientOf, more: dict[str, str]) -> None:
    client = client_of(filled)
    shown = client.get(reverse("funnel"), {"from": "2026-03-01", "to": "2026-03-31", **more}).context
    wanted = [(label, url, number) for label, number, url in shown["ends"]]
    for line in shown["lines"]:
        wanted += [("now", line.reached_url, line.step.reached), ("before", line.before_url, line.step.reached_before)]
        wanted += [("part", url, number) for number, url in line.parts if number is not None and shown["is_cohort"]]
    for label, url, number in wanted:
        assert client.get(url).context["page"].paginator.count == number, (label, url)
    assert sum(number for *_, number in wanted) > 0


def test_the_page_says_what_to_do_where_nothing_is(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert "No leads in this period" in client.get(reverse("funnel")).content.decode()
    answer = client.get(reverse("funnel"), {"channel": "carrier_pigeon"})
    assert "Choose one of the channels." in answer.content.decode()


def test_others_see_nothing_of_it(filled: Membership, eve: Membership, client_of: ClientOf) -> None:
    shown = client_of(eve).get(reverse("funnel"), {"from": "2026-03-01", "to": "2026-03-31"}).context
    assert shown["report"].find(Stage.NEW).reached == 0
    refused = client_of(eve).get(reverse("funnel"), {"owner": str(filled.pk)}).context
    assert refused["asked"].error == "There is no such member."
