"""A task is changed as it stands, not as somebody's page still has it."""

from datetime import timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Task, TaskKind
from leadhub.leads.tasks import TaskDone, TaskGone, change_task, complete_task, create_task, delete_task, reopen_task
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import make_lead
from tests.personas import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def task(in_scope: Organization, ada: Membership) -> Task:
    """A call that Ada promised."""
    return create_task(lead=make_lead(), member=ada, kind=TaskKind.CALL, title="", due_at=NOW, now=NOW)


def read(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_what_was_done_meanwhile_is_neither_moved_nor_taken_back_nor_done_anew(task: Task) -> None:
    stale = [read(task) for _ in range(3)]
    complete_task(task=task, now=NOW)
    with pytest.raises(TaskDone):
        change_task(task=stale[0], due_at=LATER)
    with pytest.raises(TaskDone):
        delete_task(task=stale[1])
    assert complete_task(task=stale[2], now=LATER).done_at == NOW
    assert (read(task).due_at, read(task).done_at) == (NOW, NOW)


def test_a_move_keeps_the_name_that_a_colleague_gave_meanwhile(task: Task) -> None:
    stale = read(task)
    change_task(task=task, title="Ask about gutters")
    change_task(task=stale, due_at=LATER)
    assert (read(task).title, read(task).due_at) == ("Ask about gutters", LATER)


def test_what_was_taken_back_meanwhile_is_told(task: Task) -> None:
    stale = read(task)
    delete_task(task=task)
    with pytest.raises(TaskGone):
        change_task(task=stale, due_at=LATER)
    with pytest.raises(TaskGone):
        delete_task(task=stale)
    with pytest.raises(TaskGone):
        complete_task(task=stale, now=NOW)
    with pytest.raises(TaskGone):
        reopen_task(task=stale)
