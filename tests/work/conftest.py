"""Kinds of jobs for the tests of work: each notes its runs, or fails."""

from collections.abc import Generator
from datetime import datetime
from uuid import UUID

import pytest

from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work import registry
from leadhub.work.jobs import enqueue
from leadhub.work.models import Lane
from leadhub.work.registry import ClaimedJob, register

NOW = datetime.fromisoformat("2026-03-04T15:00:00+00:00")


class Diary:
    """What the test kinds did, in order."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def note(self, *, job: ClaimedJob, now: datetime) -> None:  # noqa: ARG002
        self.ran.append(job.dedupe_key)

    def fail(self, *, job: ClaimedJob, now: datetime) -> None:  # noqa: ARG002
        self.ran.append(job.dedupe_key)
        raise ValueError("a handler's defect with a \0 in it")


@pytest.fixture
def diary() -> Generator[Diary, None, None]:
    """Register "test.note" (each lane has one) and "test.fail"."""
    diary = Diary()
    kept = dict(registry._registrations)
    register("test.note", Lane.SPEED, diary.note)
    register("test.mail", Lane.MAIL, diary.note)
    register("test.bulk", Lane.BULK, diary.note)
    register("test.fail", Lane.SPEED, diary.fail)
    yield diary
    registry._registrations.clear()
    registry._registrations.update(kept)


def ask(organization: Organization, key: str, *, kind: str = "test.note", due_at: datetime = NOW) -> UUID:
    with scope(organization.id):
        return enqueue(kind=kind, target_id=new_id(), dedupe_key=key, due_at=due_at, now=NOW)
