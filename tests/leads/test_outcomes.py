"""Logged outcomes answer inquiries, accept leads, set tasks, and can be undone as if they never were."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Outcome, Stage, StageChange, Task, TaskKind
from leadhub.leads.outcomes import InTheFuture, NotUndoable, log_outcome, undo_outcome
from leadhub.leads.responses import read_response, recount_responses
from leadhub.leads.tasks import complete_task, create_task
from leadhub.leads.timeline import record_event
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import arrive, make_lead, make_mql
from tests.personas import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def state() -> tuple[Any, ...]:
    """Return all that an outcome may change."""
    inquiries = Inquiry.objects.order_by("pk").values(
        "first_attempt_at", "first_contact_at", "response_seconds", "sla_seconds"
    )
    return list(inquiries), list(Lead.objects.values("stage", "sal_at")), list(Task.objects.values("done_at", "due_at"))


@pytest.mark.parametrize(
    ("outcome", "is_attempt", "is_contact"),
    [
        (Outcome.CONNECTED, True, True),
        (Outcome.CALL_BACK, True, True),
        (Outcome.MEETING, True, True),
        (Outcome.VOICEMAIL, True, False),
        (Outcome.NO_ANSWER, True, False),
        (Outcome.WRONG_NUMBER, True, False),
        (Outcome.MAIL, True, False),
        (Outcome.NOTE, False, False),
    ],
)
def test_what_counts_as_attempt_and_contact(
    in_scope: Organization, ada: Membership, outcome: Outcome, is_attempt: bool, is_contact: bool
) -> None:
    log_outcome(lead=make_lead(), outcome=outcome, actor=ada, now=NOW + 5 * MINUTE)
    inquiry = Inquiry.objects.get()
    assert (inquiry.first_attempt_at is not None) is is_attempt
    assert (inquiry.first_contact_at is not None) is is_contact
    assert inquiry.response_seconds == (300 if is_attempt else None)


def test_an_attempt_answers_every_waiting_inquiry_that_came_before(in_scope: Organization, ada: Membership) -> None:
    lead = arrive(service="a").lead
    arrive(service="b", at=NOW + 10 * MINUTE)
    arrive(service="c", at=NOW + 2 * HOUR)
    log_outcome(lead=lead, outcome=Outcome.NO_ANSWER, actor=ada, now=NOW + 3 * HOUR, occurred_at=NOW + HOUR)
    seconds = Inquiry.objects.order_by("service").values_list("response_seconds", flat=True)
    assert list(seconds) == [3600, 3000, None]


def test_only_the_first_attempt_counts(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    log_outcome(lead=lead, outcome=Outcome.NO_ANSWER, actor=ada, now=NOW + HOUR)
    log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW + 2 * HOUR)
    inquiry = Inquiry.objects.get()
    assert (inquiry.first_attempt_at, inquiry.first_contact_at) == (NOW + HOUR, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("kind", "is_ours", "properties", "is_attempt", "is_contact"),
    [
        (EventKind.CALL_INBOUND, False, {"answered": True}, True, True),
        (EventKind.CALL_INBOUND, False, {"answered": False}, False, False),
        (EventKind.MAIL_REPLIED, False, {}, False, True),
        (EventKind.MAIL_SENT, False, {}, False, False),
        (EventKind.MAIL_OPENED, False, {}, False, False),
        (EventKind.ACKNOWLEDGED, False, {}, False, False),
        (EventKind.MESSAGE_SENT, True, {}, True, False),
    ],
)
def test_automation_never_counts(
    in_scope: Organization,
    ada: Membership,
    kind: EventKind,
    is_ours: bool,
    properties: dict[str, Any],
    is_attempt: bool,
    is_contact: bool,
) -> None:
    lead = make_lead()
    record_event(
        person=lead.person,
        lead=lead,
        kind=kind,
        occurred_at=NOW + HOUR,
        now=NOW + HOUR,
        actor=ada if is_ours else None,
        properties=properties,
    )
    recount_responses(lead=lead)
    inquiry = Inquiry.objects.get()
    assert (inquiry.first_attempt_at is not None, inquiry.first_contact_at is not None) == (is_attempt, is_contact)
    assert recount_responses(lead=lead) == []


def test_the_owners_first_attempt_accepts_an_mql(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    log_outcome(lead=lead, outcome=Outcome.VOICEMAIL, actor=ada, now=NOW + HOUR)
    assert (lead.stage, lead.sal_at) == (Stage.SAL, NOW + HOUR)


def test_a_colleagues_attempt_or_a_note_accepts_nothing(
    in_scope: Organization, ada: Membership, ria: Membership
) -> None:
    lead = make_mql()
    log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ria, now=NOW)
    log_outcome(lead=lead, outcome=Outcome.NOTE, actor=ada, now=NOW, note="Called me")
    assert lead.stage == Stage.MQL


def test_an_attempt_on_a_new_lead_leaves_it_new(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW)
    assert lead.stage == Stage.NEW


def test_an_outcome_is_self_reported_and_sets_the_next_task(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    logged = log_outcome(
        lead=lead,
        outcome=Outcome.NO_ANSWER,
        actor=ada,
        now=NOW + HOUR,
        occurred_at=NOW + MINUTE,
        note="Engaged",
        next_task_due_at=NOW + 3 * HOUR,
    )
    assert logged.event.is_self_reported
    assert (logged.event.occurred_at, logged.event.logged_at) == (NOW + MINUTE, NOW + HOUR)
    assert logged.event.summary == "Engaged"
    assert logged.task == Task.objects.get()
    assert (logged.task.member, logged.task.kind, logged.task.due_at) == (ada, TaskKind.CALL, NOW + 3 * HOUR)


def test_the_due_task_is_done_by_the_act(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    due, later = (
        create_task(lead=lead, member=ada, kind=TaskKind.CALL, title="", due_at=at, now=NOW)
        for at in (NOW, NOW + 5 * HOUR)
    )
    log_outcome(lead=lead, outcome=Outcome.NOTE, actor=ada, now=NOW + MINUTE)
    assert not Task.objects.exclude(done_at=None).exists()
    log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW + HOUR)
    assert Task.objects.get(pk=due.pk).done_at == NOW + HOUR
    assert Task.objects.get(pk=later.pk).done_at is None


def test_what_has_not_happened_yet_is_refused(in_scope: Organization, ada: Membership) -> None:
    with pytest.raises(InTheFuture):
        log_outcome(
            lead=make_lead(), outcome=Outcome.CONNECTED, actor=ada, now=NOW, occurred_at=NOW + timedelta(seconds=1)
        )


def test_an_undone_outcome_never_counted(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    create_task(lead=lead, member=ada, kind=TaskKind.CALL, title="Call", due_at=NOW, now=NOW)
    before = state()
    logged = log_outcome(
        lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW + HOUR, next_task_due_at=NOW + 2 * HOUR
    )
    assert state() != before
    undo_outcome(event=logged.event, actor=ada, now=NOW + HOUR + MINUTE)
    assert state() == before
    assert Event.objects.get(pk=logged.event.pk).voided_at == NOW + HOUR + MINUTE
    assert Event.objects.filter(kind=EventKind.OUTCOME_UNDONE).count() == 1
    assert StageChange.objects.latest("id").to_stage == Stage.MQL


def test_undoing_one_of_two_attempts_leaves_the_other(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    first = log_outcome(lead=lead, outcome=Outcome.NO_ANSWER, actor=ada, now=NOW + HOUR)
    log_outcome(lead=lead, outcome=Outcome.NO_ANSWER, actor=ada, now=NOW + 2 * HOUR)
    undo_outcome(event=first.event, actor=ada, now=NOW + 3 * HOUR)
    assert Inquiry.objects.get().first_attempt_at == NOW + 2 * HOUR
    assert Lead.objects.get().stage == Stage.SAL


def test_an_outcome_is_undone_once_and_by_its_author(in_scope: Organization, ada: Membership, ria: Membership) -> None:
    lead = make_lead()
    event = log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW).event
    with pytest.raises(NotUndoable):
        undo_outcome(event=event, actor=ria, now=NOW)
    undo_outcome(event=event, actor=ada, now=NOW)
    with pytest.raises(NotUndoable):
        undo_outcome(event=event, actor=ada, now=NOW)
    with pytest.raises(NotUndoable):
        undo_outcome(event=Event.objects.get(kind=EventKind.FORM_SUBMITTED), actor=ada, now=NOW)


_INSTANT = st.integers(0, 2 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds))


@given(_INSTANT, st.lists(_INSTANT, max_size=8), st.lists(_INSTANT, max_size=8))
def test_no_answer_comes_before_its_question(
    arrived_at: datetime, attempts: list[datetime], contacts: list[datetime]
) -> None:
    times = read_response(arrived_at, attempts=sorted(attempts), contacts=sorted(contacts))
    assert times["first_attempt_at"] is None or times["first_attempt_at"] >= arrived_at
    assert times["first_contact_at"] is None or times["first_contact_at"] >= arrived_at
    assert times["response_seconds"] is None or times["response_seconds"] >= 0
    assert (times["response_seconds"] is None) == (times["first_attempt_at"] is None)


def test_tasks_are_made_once_per_cause_and_keep_their_first_end(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    tasks = [
        create_task(lead=lead, member=ada, kind=TaskKind.TODO, title=" ", due_at=NOW, now=NOW, dedupe_key="cause")
        for _ in range(2)
    ]
    assert tasks[0] == tasks[1] == Task.objects.get()
    assert tasks[0].title == "To do"
    complete_task(task=tasks[0], now=NOW)
    assert complete_task(task=tasks[0], now=NOW + HOUR).done_at == NOW
