"""The queue's order and reasons, in one statement."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.desk.queue import Reason, list_queue
from leadhub.desk.reasons import explain_row
from leadhub.leads.models import Lead, Stage, TaskKind
from leadhub.tenancy.models import Organization
from tests.desk.leads import add_inquiry, add_score, add_task, make_lead, offer

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def build_leads(ria: Membership, now: datetime) -> None:
    """Write one lead for each line of the expected order, in another order."""

    def lead(name: str, **fields: Any) -> Lead:
        return make_lead(owner=ria, now=now, name=name, **fields)

    add_score(lead("Low Worth", quote_value=100), now=now)
    add_score(lead("High Worth", quote_value=9000), now=now)
    add_task(lead("Task Later", quote_value=10), due_at=now + 3 * HOUR, now=now)
    add_task(lead("Task Due"), due_at=now - HOUR, now=now)
    add_task(lead("Woken Up"), due_at=now - 2 * HOUR, now=now, kind=TaskKind.WOKEN)
    add_task(lead("Task Yesterday"), due_at=now - 30 * HOUR, now=now)
    add_inquiry(lead("Warm Soon"), arrived_at=now - 3 * HOUR, due_at=now + 30 * MINUTE, intent="warm")
    add_inquiry(lead("Warm Later"), arrived_at=now - HOUR, due_at=now + 3 * HOUR, intent="warm")
    add_inquiry(lead("Hot Four"), arrived_at=now - MINUTE, due_at=now + 4 * MINUTE)
    add_inquiry(lead("Hot Two"), arrived_at=now - 3 * MINUTE, due_at=now + 2 * MINUTE)
    add_inquiry(lead("Missed Now"), arrived_at=now - 9 * MINUTE, due_at=now - 4 * MINUTE)
    add_inquiry(lead("Missed Long"), arrived_at=now - 9 * HOUR, due_at=now - 5 * HOUR, intent="warm")


EXPECTED = [
    ("Missed Long", Reason.SLA_MISSED, "overdue"),
    ("Missed Now", Reason.SLA_MISSED, "overdue"),
    ("Task Yesterday", Reason.TASK_OVERDUE, "overdue"),
    ("Hot Two", Reason.HOT, "hot"),
    ("Hot Four", Reason.HOT, "hot"),
    ("Woken Up", Reason.WOKEN, "due"),
    ("Task Due", Reason.TASK_DUE, "due"),
    ("Warm Soon", Reason.PROMISE_NEAR, "due"),
    ("High Worth", Reason.WORTH, "next"),
    ("Low Worth", Reason.WORTH, "next"),
    ("Warm Later", Reason.ASKED, "next"),
]


def test_the_order_is_overdue_hot_due_and_then_score_times_value(
    in_scope: Organization, ria: Membership, now: datetime
) -> None:
    build_leads(ria, now)

    queue = list_queue(member=ria, now=now)

    assert [(row.name, row.reason, row.group) for row in queue.rows] == EXPECTED
    assert queue.counts == {"overdue": 3, "hot": 2, "due": 3, "next": 3, "planned": 1}
    assert queue.total == 11


def test_an_open_deal_counts_instead_of_the_quote_and_the_row_says_so(
    in_scope: Organization, ria: Membership, now: datetime
) -> None:
    build_leads(ria, now)
    deal = make_lead(owner=ria, now=now, name="Big Deal", quote_value=10, pipeline_value=90_000)
    add_score(deal, now=now)

    row = next(row for row in list_queue(member=ria, now=now).rows if row.group == "next")

    assert row.name == "Big Deal"
    assert explain_row(row, now=now) == "Score 70 × $90k"


def test_a_lead_with_a_task_in_the_future_is_planned(in_scope: Organization, ria: Membership, now: datetime) -> None:
    build_leads(ria, now)

    queue = list_queue(member=ria, now=now, is_planned=True)

    assert [(row.name, row.task_title) for row in queue.rows] == [("Task Later", "Call back")]


def test_the_list_is_one_statement(in_scope: Organization, ria: Membership, now: datetime) -> None:
    build_leads(ria, now)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        list_queue(member=ria, now=now)

    assert len(queries) == 1


def test_an_empty_queue_counts_nothing(in_scope: Organization, ria: Membership, now: datetime) -> None:
    queue = list_queue(member=ria, now=now)

    assert queue.rows == []
    assert queue.total == 0


@pytest.mark.parametrize("stage", [Stage.NEW])
def test_nurture_leads_are_not_work_until_offered(
    in_scope: Organization, ria: Membership, now: datetime, stage: Stage
) -> None:
    lead = make_lead(owner=ria, now=now, stage=stage)
    assert list_queue(member=ria, now=now).rows == []

    offer(lead, now=now)

    row = list_queue(member=ria, now=now).rows[0]
    assert (row.is_offered, row.entered_at) == (True, now)


def test_others_leads_and_closed_ones_are_not_in_it(
    in_scope: Organization, ria: Membership, raj: Membership, now: datetime
) -> None:
    make_lead(owner=raj, now=now)
    make_lead(owner=ria, now=now, name="Won Deal", stage=Stage.CUSTOMER, customer_at=now)

    assert list_queue(member=ria, now=now).rows == []


def test_an_answered_or_repeated_inquiry_makes_nothing_urgent(
    in_scope: Organization, ria: Membership, now: datetime
) -> None:
    lead = make_lead(owner=ria, now=now)
    first = add_inquiry(lead, arrived_at=now - HOUR, due_at=now - 50 * MINUTE, first_attempt_at=now - 55 * MINUTE)
    add_inquiry(lead, arrived_at=now - MINUTE, due_at=now + MINUTE, duplicate_of=first)

    assert list_queue(member=ria, now=now).rows[0].reason == Reason.WORTH


def test_a_row_knows_who_what_and_where_from(in_scope: Organization, ria: Membership, now: datetime) -> None:
    lead = make_lead(owner=ria, now=now, campaign="spring", source="google", quote_value=12000)
    add_score(lead, now=now, fit=50, engagement=20, grade="A3")
    add_inquiry(lead, arrived_at=now, due_at=now + MINUTE, message="How much for a roof?", service="Roofing")

    row = list_queue(member=ria, now=now).rows[0]

    assert (row.name, row.company, row.message, row.service) == (
        "Pat Doe",
        "Doe Ltd",
        "How much for a roof?",
        "Roofing",
    )
    assert (row.source, row.campaign, row.grade, row.score) == ("google", "spring", "A3", 70)
    assert (row.started_at, row.due_at) == (now, now + MINUTE)


def test_a_task_brings_back_a_lead_that_ended_before_it(in_scope: Organization, ria: Membership, now: datetime) -> None:
    ended = {"disposition": "competitor", "recycled_at": now - 9 * HOUR}
    lost, past = (make_lead(owner=ria, now=now, name=name, stage=Stage.RECYCLED, **ended) for name in ("Lo", "Pa"))
    won = make_lead(owner=ria, now=now, name="Won", stage=Stage.CUSTOMER, customer_at=now - 9 * HOUR, sales_value=1)
    make_lead(owner=ria, now=now, name="Gone", stage=Stage.RECYCLED, **ended)
    out = {"disposition": "no_fit", "disqualified_at": now - 9 * HOUR}
    unfit = make_lead(owner=ria, now=now, name="Out", stage=Stage.DISQUALIFIED, **out)
    add_inquiry(lost, arrived_at=now - 30 * HOUR, due_at=now - 29 * HOUR)
    add_task(past, due_at=now - HOUR, now=now - 10 * HOUR)  # promised before it ended: its end settled that
    for lead in (lost, won, unfit):
        add_task(lead, due_at=now - HOUR, now=now - 2 * HOUR, title="Happy with their choice?")
    queue = list_queue(member=ria, now=now)
    assert {row.lead_id for row in queue.rows} == {lost.pk, won.pk, unfit.pk}
    assert {(row.reason, row.task_title) for row in queue.rows} == {(Reason.TASK_DUE, "Happy with their choice?")}
    assert queue.counts["due"] == queue.total == 3
    assert list_queue(member=ria, now=now, lead_id=won.pk).rows[0].lead_id == won.pk


@pytest.mark.parametrize("ending", [{"disposition": "competitor"}, {"disposition": "timing", "is_parked": True}])
def test_what_an_end_settled_does_not_hide_the_task_that_came_since(
    in_scope: Organization, ria: Membership, now: datetime, ending: dict[str, Any]
) -> None:
    parked: dict[str, Any] = {"wakes_at": now + 2000 * HOUR} if ending.pop("is_parked", False) else {}
    lead = make_lead(owner=ria, now=now, stage=Stage.RECYCLED, recycled_at=now - 9 * HOUR, **ending, **parked)
    add_task(lead, due_at=now - 40 * HOUR, now=now - 50 * HOUR, title="Send the offer")
    add_task(lead, due_at=now - HOUR, now=now - 2 * HOUR, title="Happy with their choice?")

    (row,) = list_queue(member=ria, now=now).rows

    assert (row.reason, row.task_title) == (Reason.TASK_DUE, "Happy with their choice?")
