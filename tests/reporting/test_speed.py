"""Speed to lead: median and ninth decile, promises kept, who sees whose row, and every number opens its inquiries."""

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
from leadhub.leads.models import Inquiry, Lead, Stage, Verdict
from leadhub.tenancy.models import Organization
from reporting.periods import Period
from reporting.speed import DIMENSIONS, STATES, report_speed
from tests.desk.leads import add_inquiry
from tests.factories import CAPTURED_AT, LeadFactory
from tests.personas import ClientOf
from tests.reporting.random_leads import examples, fill_march, make_random_lead, undone

MARCH = Period(first_on=date(2026, 3, 1), last_on=date(2026, 3, 31), zone=ZoneInfo("UTC"))
PERIOD = {"from": "2026-03-01", "to": "2026-03-31"}
NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ask(owner: Membership, *, answered_after: int | None, promised: int | None = 5, **fields: object) -> Inquiry:
    """Write a lead with an inquiry that was answered after so many minutes, or not yet."""
    lead: Lead = LeadFactory.create(owner=owner, captured_at=CAPTURED_AT, **fields)
    answered_at = None if answered_after is None else CAPTURED_AT + answered_after * MINUTE
    return add_inquiry(
        lead,
        arrived_at=CAPTURED_AT,
        due_at=None if promised is None else CAPTURED_AT + promised * MINUTE,
        first_attempt_at=answered_at,
        first_contact_at=answered_at,
    )


def test_it_measures_speed_and_promises_by_rep(in_scope: Organization, ria: Membership, raj: Membership) -> None:
    for minutes in (1, 3, 5, 9):
        ask(ria, answered_after=minutes)
    ask(raj, answered_after=None)
    ask(raj, answered_after=None, stage=Stage.RECYCLED)
    ask(raj, answered_after=None, promised=90 * 24 * 60)
    report = report_speed(period=MARCH, now=NOW)
    numbers = {row.label: row.numbers for row in report.rows}
    assert [row.label for row in report.rows] == ["Raj", "Ria"]
    assert (numbers["Ria"].kept, numbers["Ria"].late, numbers["Ria"].kept_share) == (3, 1, 0.75)
    assert (numbers["Ria"].attempt_median, round(numbers["Ria"].attempt_p90 or 0)) == (240, 468)
    assert (numbers["Raj"].overdue, numbers["Raj"].late_now, numbers["Raj"].waiting) == (2, 1, 1)
    assert (numbers["Raj"].kept_share, numbers["Raj"].attempt_median) == (0, None)
    assert (report.total.inquiries, report.total.kept_share) == (7, 0.5)


def test_who_was_spoken_to_before_sales_was_asked_waited_for_nothing(in_scope: Organization, ria: Membership) -> None:
    spoken = ask(ria, answered_after=1)
    spoken.handed_over_at = CAPTURED_AT + 60 * MINUTE
    spoken.save()
    ask(ria, answered_after=None)
    total = report_speed(period=MARCH, now=NOW).total
    assert (total.attempt_median, total.contact_p90, total.contacted) == (0, 0, 1)
    assert (spoken.took_seconds, ask(ria, answered_after=2).took_seconds) == (0, 120)


def test_what_nobody_promised_is_not_counted(in_scope: Organization, ria: Membership) -> None:
    ask(ria, answered_after=1, promised=None)
    ask(ria, answered_after=1, is_test=True)
    ask(ria, answered_after=1, verdict=Verdict.NOT_A_LEAD)
    first = ask(ria, answered_after=1)
    add_inquiry(first.lead, arrived_at=CAPTURED_AT, due_at=CAPTURED_AT, duplicate_of=first)
    assert report_speed(period=MARCH, now=NOW).total.inquiries == 1


def test_a_table_is_one_statement_and_its_total_another(in_scope: Organization, ria: Membership) -> None:
    ask(ria, answered_after=1)
    for dimension in DIMENSIONS:
        with CaptureQueriesContext(connection) as captured:
            report_speed(period=MARCH, now=NOW, dimension=dimension)
        assert len(captured) == 2


@examples(8)
@given(seed=st.integers(0, 10_000), zone=st.sampled_from(["America/New_York", "Australia/Lord_Howe"]))
def test_the_parts_sum_to_the_whole(
    in_scope: Organization, ria: Membership, raj: Membership, seed: int, zone: str
) -> None:
    chance = random.Random(seed)
    around = datetime(2026, 3, 8, 7, tzinfo=UTC)
    period = Period(first_on=date(2026, 3, 7), last_on=date(2026, 3, 9), zone=ZoneInfo(zone))
    with undone():
        for _ in range(30):
            make_random_lead(chance, owners=[ria, raj], around=around, days=3)
        for dimension in DIMENSIONS:
            report = report_speed(period=period, now=NOW, dimension=dimension)
            for name in ("inquiries", "attempted", "contacted", "late_now", *STATES):
                whole = getattr(report.total, name)
                assert sum(getattr(row.numbers, name) for row in report.rows) == whole, (dimension, name)
            for numbers in (report.total, *(row.numbers for row in report.rows)):
                assert sum(getattr(numbers, state) for state in STATES) == numbers.inquiries


@pytest.fixture
def filled(ria: Membership, raj: Membership) -> None:
    """Fifty random inquiries of two reps in March."""
    fill_march([ria, raj], seed=9, count=50)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_number_opens_the_inquiries_behind_it(mia: Membership, client_of: ClientOf, dimension: str) -> None:
    client = client_of(mia)
    shown = client.get(reverse("speed"), {**PERIOD, "by": dimension, "channel": "paid_search"}).context
    for line in [*shown["lines"], shown["total"]]:
        for number, url in [*line.counts, (line.row.numbers.late_now, line.late_now_url)]:
            assert client.get(url).context["page"].paginator.count == number, url


@pytest.mark.usefixtures("filled")
def test_a_rep_sees_the_own_row_a_marketer_none_a_manager_all(
    ria: Membership, raj: Membership, mia: Membership, max_: Membership, client_of: ClientOf
) -> None:
    mine = client_of(ria).get(reverse("speed"), {**PERIOD, "owner": str(raj.pk)}).context
    assert [line.row.label for line in mine["lines"]] == ["Ria"]
    everybodys = client_of(mia).get(reverse("speed"), PERIOD).context
    assert {line.row.label for line in everybodys["lines"]} == {"Ria", "Raj"}
    assert everybodys["report"].total == mine["report"].total
    theirs = client_of(max_).get(reverse("speed"), {**PERIOD, "by": "owner"}).context
    assert theirs["report"].dimension == "intent"
    behind = {**PERIOD, "by": "owner", "value": str(raj.pk)}
    shown = client_of(ria).get(reverse("speed_inquiries"), behind).context["page"]
    assert {inquiry.lead.owner_id for inquiry in shown} == {ria.pk}
    for viewer, is_told in ((ria, False), (max_, False), (mia, True)):
        told = client_of(viewer).get(reverse("speed_inquiries"), PERIOD).context["columns"]
        assert ("Owner" in [column.label for column in told]) == is_told


def test_an_empty_period_says_what_to_do(ria: Membership, eve: Membership, client_of: ClientOf) -> None:
    assert "No inquiry with a promise" in client_of(ria).get(reverse("speed")).content.decode()
    assert client_of(eve).get(reverse("speed_inquiries"), PERIOD).context["page"].paginator.count == 0


@pytest.mark.usefixtures("filled")
def test_the_pages_ask_no_more_for_more_rows(mia: Membership, client_of: ClientOf) -> None:
    client = client_of(mia)
    for name, most in (("speed", 14), ("speed_inquiries", 14)):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name), PERIOD)
        assert len(captured) <= most, [query["sql"][:150] for query in captured]
