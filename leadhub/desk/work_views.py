"""Work on a lead: outcomes and their undo, tasks, snooze, qualification, disposition. Reps do it to their own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.desk.acting import Act, perform
from leadhub.desk.deeds import Deed
from leadhub.desk.forms import (
    DispositionForm,
    NoForm,
    OutcomeForm,
    QualificationForm,
    SnoozeForm,
    TaskChangeForm,
    TaskForm,
)
from leadhub.desk.next_steps import When, choose_due_after, choose_due_at
from leadhub.leads.disposition import dispose_lead, snooze_lead
from leadhub.leads.models import Event, Lead, Outcome, Task, TaskKind
from leadhub.leads.outcomes import log_outcome, undo_outcome
from leadhub.leads.qualification import qualify_lead
from leadhub.leads.tasks import change_task, complete_task, create_task, delete_task, reopen_task
from leadhub.line.waking import wake_now
from leadhub.web.formatting import format_moment


def _log(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    chosen = values.cleaned_data
    outcome = Outcome(chosen["outcome"])
    due_at = (
        choose_due_at(when=When(chosen["when"]), now=now)
        if chosen["when"]
        else choose_due_after(outcome=outcome, now=now)
    )
    logged = log_outcome(
        lead=lead,
        outcome=outcome,
        actor=actor,
        now=now,
        occurred_at=chosen["occurred_at"],
        note=chosen["note"],
        next_task_due_at=due_at,
    )
    follows = f" Next task: {format_moment(logged.task.due_at)}." if logged.task else ""
    undo_url = reverse("lead_outcome_undo", args=[lead.pk, logged.event.pk])
    return Deed(f"{outcome.label} logged.{follows}", undo_url, accepts=bool(logged.event.properties["accepted"]))


def _undo(*, lead: Lead, values: Any, actor: Membership, now: datetime, event: Event) -> Deed:  # noqa: ARG001
    undo_outcome(event=event, actor=actor, now=now)
    return Deed("Undone.")


def _plan(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:  # noqa: ARG001
    chosen = values.cleaned_data
    kind = TaskKind(chosen["kind"])
    task = create_task(
        lead=lead, member=lead.owner, kind=kind, title=chosen["title"] or kind.label, due_at=chosen["due_at"], now=now
    )
    return Deed(f"{task.title}: planned for {format_moment(task.due_at)}.")


def _snooze(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    until = values.wake_moment(now)
    snooze_lead(lead=lead, until=until, actor=actor, now=now)
    return Deed(f"Put off until {format_moment(until)}.")


def _wake(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:  # noqa: ARG001
    wake_now(lead=lead, actor=actor, now=now)
    return Deed("Back in the queue.")


def _complete(*, lead: Lead, values: Any, actor: Membership, now: datetime, task: Task) -> Deed:  # noqa: ARG001
    complete_task(task=task, now=now)
    return Deed(f"{task.title}: done.", reverse("lead_task_completion_undo", args=[lead.pk, task.pk]))


def _reopen(*, lead: Lead, values: Any, actor: Membership, now: datetime, task: Task) -> Deed:  # noqa: ARG001
    reopen_task(task=task)
    return Deed(f"{task.title}: open again.")


def _change_task(*, lead: Lead, values: Any, actor: Membership, now: datetime, task: Task) -> Deed:  # noqa: ARG001
    change_task(task=task, **values.cleaned_data)
    return Deed(f"{task.title}: planned for {format_moment(task.due_at)}.")


def _delete_task(*, lead: Lead, values: Any, actor: Membership, now: datetime, task: Task) -> Deed:  # noqa: ARG001
    delete_task(task=task)
    return Deed(f"{task.title}: no longer planned.")


def _qualify(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    qualify_lead(lead=lead, **values.cleaned_data, actor=actor, now=now)
    missing = [name for name, value in values.cleaned_data.items() if not value]
    return Deed(f"Saved. Still open: {', '.join(missing)}." if missing else "Qualified: all four are known.")


def _dispose(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    chosen = values.cleaned_data
    disposed = dispose_lead(
        lead=lead, code=chosen["code"], actor=actor, now=now, note=chosen["note"], wakes_at=values.wake_moment()
    )
    wakes = f" It wakes on {format_moment(disposed.wakes_at, 'date')}." if disposed.wakes_at else ""
    is_left = Task.objects.filter(lead=lead, done_at=None).exists()
    settled = " What was planned has left the queue: plan anew what is still to be done." if is_left else ""
    return Deed(f"Closed: {disposed.get_disposition_display()}.{wakes}{settled}")


LOG = Act("outcome", OutcomeForm, _log)
UNDO = Act("undo", NoForm, _undo)
PLAN = Act("task", TaskForm, _plan)
SNOOZE = Act("snooze", SnoozeForm, _snooze)
WAKE = Act("wake", NoForm, _wake)
COMPLETE = Act("complete", NoForm, _complete)
REOPEN = Act("reopen", NoForm, _reopen)
CHANGE_TASK = Act("task_change", TaskChangeForm, _change_task)
DELETE_TASK = Act("task_removal", NoForm, _delete_task)
QUALIFY = Act("qualification", QualificationForm, _qualify)
DISPOSE = Act("disposition", DispositionForm, _dispose)


@require_POST
@member_view(permission="leads.work")
def outcomes(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Log what came of a call, mail or meeting, or a note."""
    return perform(request, pk, LOG)


@require_POST
@member_view(permission="leads.work")
def outcome_undo(request: MemberRequest, pk: UUID, event: UUID) -> HttpResponse:
    """Take a logged outcome back."""
    return perform(request, pk, UNDO, event=get_object_or_404(Event, pk=event, lead_id=pk))


@require_POST
@member_view(permission="leads.work")
def tasks(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Plan the next action."""
    return perform(request, pk, PLAN)


@require_POST
@member_view(permission="leads.work")
def snooze(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put the lead off, by one click or to a day."""
    return perform(request, pk, SNOOZE)


@require_POST
@member_view(permission="leads.work")
def wake(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Bring a lead that was put off, or parked for its timing, back before its day."""
    return perform(request, pk, WAKE)


@require_POST
@member_view(permission="leads.work")
def task_completion(request: MemberRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Tick a task off."""
    return perform(request, pk, COMPLETE, task=_get_task(pk, task))


@require_POST
@member_view(permission="leads.work")
def task_completion_undo(request: MemberRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Say that a task was not done after all."""
    return perform(request, pk, REOPEN, task=_get_task(pk, task))


@require_POST
@member_view(permission="leads.work")
def task_change(request: MemberRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Call a task something else, or move it."""
    return perform(request, pk, CHANGE_TASK, task=_get_task(pk, task))


@require_POST
@member_view(permission="leads.work")
def task_removal(request: MemberRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Take a task back."""
    return perform(request, pk, DELETE_TASK, task=_get_task(pk, task))


def _get_task(pk: UUID, task: UUID) -> Task:
    return get_object_or_404(Task, pk=task, lead_id=pk)


@require_POST
@member_view(permission="leads.work")
def qualification(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Keep what is known of budget, authority, need and timeline."""
    return perform(request, pk, QUALIFY)


@require_POST
@member_view(permission="leads.work")
def disposition(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End or park the lead with a code."""
    return perform(request, pk, DISPOSE)
