"""What a member did to reach somebody, logged and undone again. Called by the queue, the lead page, nurture and API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership, Role
from leadhub.leads.lifecycle import accept_lead, take_back_acceptance
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Event, EventKind, Lead, Outcome, Stage, Task, TaskKind
from leadhub.leads.responses import IS_ATTEMPT, recount_responses
from leadhub.leads.tasks import create_task
from leadhub.leads.timeline import announce_events, record_event
from leadhub.lib.errors import DomainError

_EVENT_KINDS: Mapping[Outcome, EventKind] = {
    Outcome.CONNECTED: EventKind.CALL_OUTBOUND,
    Outcome.VOICEMAIL: EventKind.VOICEMAIL_LEFT,
    Outcome.NO_ANSWER: EventKind.CALL_OUTBOUND,
    Outcome.WRONG_NUMBER: EventKind.CALL_OUTBOUND,
    Outcome.CALL_BACK: EventKind.CALL_OUTBOUND,
    Outcome.MAIL: EventKind.MAIL_SENT,
    Outcome.MEETING: EventKind.MEETING_HELD,
    Outcome.NOTE: EventKind.NOTE,
}
_NEXT_TASKS: Mapping[Outcome, TaskKind] = {
    Outcome.MAIL: TaskKind.MAIL,
    Outcome.MEETING: TaskKind.MEETING,
    Outcome.NOTE: TaskKind.TODO,
}


class InTheFuture(DomainError):
    """Something was logged that has not happened yet."""

    def __init__(self) -> None:
        super().__init__("This is in the future: plan a task instead.", field="occurred_at")


class NotUndoable(DomainError):
    """The event is no logged outcome of this member, or is undone already."""

    def __init__(self) -> None:
        super().__init__("Only your own logged outcomes can be undone, once.")


@dataclass(frozen=True, kw_only=True)
class Logged:
    """The event written, and the next task where one was asked for."""

    event: Event
    task: Task | None


def log_outcome(
    *,
    lead: Lead,
    outcome: Outcome,
    actor: Membership,
    now: datetime,
    occurred_at: datetime | None = None,
    note: str = "",
    next_task_due_at: datetime | None = None,
    summary: str = "",
    proof: Mapping[str, Any] | None = None,
) -> Logged:
    """Write what came of a call, mail or meeting, answer the waiting inquiries and set the next task.

    The owner's first attempt on an MQL accepts it. The actor's open tasks that are due are done with it, unless it
    is a note. An act that has `proof`, as the delivery of a mail, is not self-reported and its actor cannot undo it.
    Raises `InTheFuture`.
    """
    _require_past(occurred_at, now=now)
    lock_lead(lead)
    outcome, note = Outcome(outcome), note.strip()
    is_act = outcome != Outcome.NOTE
    accepts = is_act and _accepts(lead=lead, actor=actor)
    completed = _complete_due_tasks(lead=lead, actor=actor, now=now) if is_act else []
    told = {"outcome": outcome, "note": note, "completed": completed, "accepted": accepts}
    event = record_event(
        person=lead.person,
        lead=lead,
        kind=_EVENT_KINDS[outcome],
        occurred_at=occurred_at or now,
        now=now,
        actor=actor,
        summary=summary or note or outcome.label,
        properties={**(proof or {}), **told},
        is_self_reported=proof is None,
        walks=False,
    )
    _settle(lead=lead, actor=actor, now=now, is_act=is_act, accepts=accepts)
    announce_events([event], now=now)
    return Logged(event=event, task=_plan_next(event=event, outcome=outcome, due_at=next_task_due_at, now=now))


def _require_past(moment: datetime | None, *, now: datetime) -> None:
    if moment is not None and moment > now:
        raise InTheFuture


def _settle(*, lead: Lead, actor: Membership, now: datetime, is_act: bool, accepts: bool) -> None:
    """Answer the inquiries that waited, and accept the lead, where the outcome does so."""
    if is_act:
        recount_responses(lead=lead)
    if accepts:
        accept_lead(lead=lead, actor=actor, now=now, reason="First attempt", walks=False)


def undo_outcome(*, event: Event, actor: Membership, now: datetime) -> Event:
    """Take a logged outcome back: it never counted, its task goes, the tasks it completed are open again.

    The row stays, voided, and an event tells of the undoing. Raises `NotUndoable`.
    """
    is_own = event.actor_id == actor.pk and event.is_self_reported and "outcome" in event.properties
    if not is_own or not take_back_act(event=event, actor=actor, now=now, summary=event.summary):
        raise NotUndoable
    return event


def take_back_act(*, event: Event, actor: Membership | None, now: datetime, summary: str) -> bool:
    """Void an act that did not happen after all, and tell of it; say False where there is nothing to take back."""
    lead = event.lead
    if lead is None:
        return False
    lock_lead(lead)
    if not Event.objects.filter(pk=event.pk, voided_at=None).update(voided_at=now):
        return False
    event.voided_at = now
    Task.objects.filter(dedupe_key=_task_key(event)).delete()
    Task.objects.filter(pk__in=event.properties["completed"]).update(done_at=None)
    recount_responses(lead=lead)
    doer = event.actor
    if event.properties["accepted"] and doer and not _has_other_attempt(lead=lead, actor=doer):
        take_back_acceptance(lead=lead, actor=doer, now=now)
    record_event(
        person=event.person,
        lead=lead,
        kind=EventKind.OUTCOME_UNDONE,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=summary,
        properties={"event": str(event.pk)},
        dedupe_key=f"undo:{event.pk}",
    )
    return True


def _accepts(*, lead: Lead, actor: Membership) -> bool:
    """Say whether an attempt by this member accepts the lead: its owner's, where the owner sells."""
    return lead.stage == Stage.MQL and lead.owner_id == actor.pk and actor.role != Role.MARKETER


def _has_other_attempt(*, lead: Lead, actor: Membership) -> bool:
    since = lead.mql_at
    attempts = Event.objects.filter(IS_ATTEMPT, lead=lead, voided_at=None, actor=actor)
    return since is not None and attempts.filter(logged_at__gte=since).exists()


def _complete_due_tasks(*, lead: Lead, actor: Membership, now: datetime) -> list[str]:
    """Mark the member's due tasks for the lead done; return which, for the undo."""
    due = Task.objects.filter(lead=lead, member=actor, done_at=None, due_at__lte=now)
    completed = [str(pk) for pk in due.values_list("pk", flat=True)]
    if completed:
        Task.objects.filter(pk__in=completed).update(done_at=now)
    return completed


def _plan_next(*, event: Event, outcome: Outcome, due_at: datetime | None, now: datetime) -> Task | None:
    lead: Any = event.lead
    if due_at is None or event.actor is None:
        return None
    kind = _NEXT_TASKS.get(outcome, TaskKind.CALL)
    title = {TaskKind.CALL: "Call again", TaskKind.MAIL: "Follow up by mail", TaskKind.MEETING: "Next meeting"}
    return create_task(
        lead=lead,
        member=event.actor,
        kind=kind,
        title=title.get(kind, "Follow up"),
        due_at=due_at,
        now=now,
        dedupe_key=_task_key(event),
    )


def _task_key(event: Event) -> str:
    return f"outcome:{event.pk}"
