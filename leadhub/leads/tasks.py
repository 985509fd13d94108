"""The next promised action for a lead. Called by outcomes, waking, mail that comes in, pages and API."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, Task, TaskKind
from leadhub.tenancy.inserts import insert_new


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


def complete_task(*, task: Task, now: datetime) -> Task:
    """Mark the task done; a done one keeps its first date."""
    if task.done_at is None:
        task.done_at = now
        task.save(update_fields=["done_at"])
    return task


def _cut(title: str) -> str:
    return title.strip()[:300]
