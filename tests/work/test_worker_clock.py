"""A worker whose clock runs wrong goes by the database's; one whose clock is right goes by its own."""

from datetime import UTC, datetime, timedelta

import pytest

from leadhub.tenancy.models import Organization
from leadhub.work.claims import PORTIONS
from leadhub.work.models import Lane
from leadhub.work.registry import ClaimedJob, register
from leadhub.work.runner import drain
from leadhub.work.worker_clock import _warn, agree_on_clock
from tests.factories import make_organization
from tests.work.conftest import Diary, ask

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(seconds=5)


def read_clock() -> datetime:
    return datetime.now(UTC)


def test_a_clock_that_agrees_is_gone_by() -> None:
    assert agree_on_clock(read_clock) is read_clock


@pytest.mark.parametrize(
    ("wrong_by", "told"),
    [
        (timedelta(hours=3), "180 min ahead of the database's"),
        (timedelta(hours=-3), "180 min behind the database's"),
        (timedelta(seconds=9), "less than one min ahead of the database's"),
    ],
)
def test_a_clock_that_runs_wrong_is_put_right(wrong_by: timedelta, told: str, caplog: pytest.LogCaptureFixture) -> None:
    _warn.cache_clear()
    clock = agree_on_clock(lambda: read_clock() + wrong_by)
    assert abs(clock() - read_clock()) < A_MOMENT
    assert f"clock is {told}" in caplog.text


def test_such_a_worker_claims_for_as_long_as_others_and_nothing_before_it_is_due(diary: Diary) -> None:
    organization: Organization = make_organization("acme")
    ask(organization, "due", due_at=read_clock())
    ask(organization, "later", due_at=read_clock() + timedelta(hours=1))
    leases: list[datetime] = []

    def look(*, job: ClaimedJob, now: datetime) -> None:
        leases.append(job.lease_until)
        diary.note(job=job, now=now)

    register("test.note", Lane.SPEED, look)
    clock = agree_on_clock(lambda: read_clock() + timedelta(hours=3))
    drain(lane=Lane.SPEED, clock=clock, until=clock() + timedelta(seconds=8))
    assert diary.ran == ["due"]
    assert leases[0] < read_clock() + PORTIONS[Lane.SPEED].lease + A_MOMENT
