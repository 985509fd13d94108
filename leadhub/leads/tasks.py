"""The next promised action for a lead. Called by outcomes, waking, mail that comes in, pages and API."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, Task, TaskKind
from leadhub.lib.errors import DomainError
from leadhub.tenancy.inserts import insert_new


class TaskDone(DomainError):
    """What was done stays as it was done."""

    def __init__(self) -> None:
        super().__init__("This task is done: open it again first.")


class TaskGone(DomainError):
    """Somebody took it back in between."""

    def __init__(self) -> None:
        super().__init__("This task was removed in the meantime.")


def create_task(
    *,
    lead: Lead,
    member: Membership,
    kind: TaskKind,
    title: str,
    due_at: datetime,
    now: datetime,
    dedupe_key: str = "",
) -> Task:
    """Promise an action; a `dedupe_key` names its cause and makes a second call return the same task."""
    task = Task(
        lead=lead,
        member=member,
        kind=kind,
        title=_cut(title) or TaskKind(kind).label,
        due_at=due_at,
        created_at=now,
        dedupe_key=dedupe_key,
    )
    return task if insert_new([task]) else Task.objects.get(dedupe_key=dedupe_key)


def retitle_task(*, task: Task, title: str) -> Task:
    """Say anew what an open task is about."""
    task.title = _cut(title) or task.title
    task.save(update_fields=["title"])
    return task


def change_task(
    *, task: Task, kind: TaskKind | None = None, title: str | None = None, due_at: datetime | None = None
) -> Task:
    """Promise something else, or for another time; what is left out stays. Raises `TaskDone`, `TaskGone`."""
    _hold_open(task)
    task.kind, task.due_at = kind or task.kind, due_at or task.due_at
    task.title = _cut(title or "") or task.title
    task.save(update_fields=["kind", "title", "due_at"])
    return task


def delete_task(*, task: Task) -> None:
    """Take a promise back as if it had not been made. Raises `TaskDone`, `TaskGone`."""
    _hold_open(task)
    Task.objects.filter(pk=task.pk).delete()


def complete_task(*, task: Task, now: datetime) -> Task:
    """Mark the task done; a done one keeps its first date. Raises `TaskGone`."""
    _hold(task)
    if task.done_at is None:
        task.done_at = now
        task.save(update_fields=["done_at"])
    return task


def reopen_task(*, task: Task) -> Task:
    """Say that the task was not done after all; an open one stays as it is. Raises `TaskGone`."""
    _hold(task)
    task.done_at = None
    task.save(update_fields=["done_at"])
    return task


def _hold(task: Task) -> None:
    """Lock the task and read it anew: the page that asks may be older than what a colleague did since."""
    rows = Task.objects.select_for_update(no_key=True)
    try:
        task.refresh_from_db(fields=["kind", "title", "due_at", "done_at"], from_queryset=rows)
    except Task.DoesNotExist:
        raise TaskGone from None


def _hold_open(task: Task) -> None:
    _hold(task)
    if task.done_at is not None:
        raise TaskDone


def _cut(title: str) -> str:
    return title.strip()[:300]
