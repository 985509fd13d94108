"""A claim whose worker is gone is free within seconds; one that somebody works on is not, however long it takes."""

import threading
from datetime import datetime, timedelta

import pytest

from leadhub.leads.models import Person
from leadhub.tenancy.scope import scope
from leadhub.work.abandoned import free_abandoned
from leadhub.work.claims import PORTIONS, Turn, claim_jobs
from leadhub.work.models import Job, Lane
from leadhub.work.registry import ClaimedJob, register
from leadhub.work.runner import drain, run_job
from tests.factories import make_organization
from tests.threads import in_threads
from tests.work.conftest import NOW, Diary, ask
from tests.work.test_runner import make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SOON = NOW + timedelta(seconds=6)


class Killed(BaseException):
    """What no handler of errors sees, as by kill -9."""


def claim_and_die() -> ClaimedJob:
    [claimed] = claim_jobs(lane=Lane.BULK, turn=Turn(), now=NOW)
    return claimed


def test_what_a_dead_worker_claimed_is_done_by_the_next_drain(diary: Diary) -> None:
    ask(make_organization("ours"), "a", kind="test.bulk")
    claim_and_die()
    assert drain(lane=Lane.BULK, clock=lambda: NOW + timedelta(seconds=1), until=SOON) == 0  # it may begin yet
    assert drain(lane=Lane.BULK, clock=lambda: SOON, until=SOON) == 1
    assert (diary.ran, Job.objects.count()) == (["a"], 0)


def test_what_a_worker_does_is_not_freed_before_its_transaction_ends(diary: Diary) -> None:
    ask(make_organization("ours"), "a", kind="test.bulk")
    doing, looked = threading.Event(), threading.Event()

    def be_killed(*, job: ClaimedJob, now: object) -> None:
        doing.set()
        assert looked.wait(timeout=20)
        raise Killed

    def work() -> None:
        with pytest.raises(Killed):
            run_job(job=claim_and_die(), clock=lambda: NOW)

    register("test.bulk", Lane.BULK, be_killed)
    worker = threading.Thread(target=in_threads, args=(work, 1))
    worker.start()
    assert doing.wait(timeout=20)
    assert free_abandoned(lane=Lane.BULK, now=SOON) == 0
    assert claim_jobs(lane=Lane.BULK, turn=Turn(), now=SOON) == []
    looked.set()
    worker.join()
    assert free_abandoned(lane=Lane.BULK, now=SOON) == 1
    assert [job.attempts for job in claim_jobs(lane=Lane.BULK, turn=Turn(), now=SOON)] == [2]


def test_a_job_that_takes_longer_than_its_lease_is_done_once(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a", kind="test.bulk")
    ask(organization, "b", kind="test.bulk", due_at=NOW + timedelta(seconds=1))
    doing, looked = threading.Event(), threading.Event()
    over = NOW + PORTIONS[Lane.BULK].lease + timedelta(minutes=1)

    def take_long(*, job: ClaimedJob, now: datetime) -> None:
        make_person(job=job, now=now)
        doing.set()
        assert looked.wait(timeout=20)

    register("test.bulk", Lane.BULK, take_long)
    worker = threading.Thread(target=in_threads, args=(lambda: run_job(job=claim_and_die(), clock=lambda: NOW), 1))
    worker.start()
    assert doing.wait(timeout=20)
    assert free_abandoned(lane=Lane.BULK, now=over) == 0
    [other] = claim_jobs(lane=Lane.BULK, turn=Turn(), now=over)
    assert (other.dedupe_key, claim_jobs(lane=Lane.BULK, turn=Turn(), now=over)) == ("b", [])
    looked.set()
    worker.join()
    with scope(organization.id):
        assert Person.objects.count() == 1
    assert [job.dedupe_key for job in Job.objects.all()] == ["b"]


def test_a_worker_that_begins_after_its_claim_was_freed_does_nothing(diary: Diary) -> None:
    organization = make_organization("ours")

    def begin(*, job: ClaimedJob, now: datetime) -> None:
        diary.note(job=job, now=now)
        make_person(job=job, now=now)

    register("test.bulk", Lane.BULK, begin)
    ask(organization, "a", kind="test.bulk")
    slow = claim_and_die()
    assert free_abandoned(lane=Lane.BULK, now=SOON) == 1
    run_job(job=slow, clock=lambda: SOON)
    with scope(organization.id):
        assert not Person.objects.exists()
    assert (diary.ran, Job.objects.filter(error_class="", attempts=1).exists()) == ([], True)


def test_a_job_that_kills_its_workers_waits_for_the_lease_in_the_end(diary: Diary) -> None:
    ask(make_organization("ours"), "a", kind="test.bulk")
    now, freed = NOW, 0
    while claim_jobs(lane=Lane.BULK, turn=Turn(), now=now):
        now += timedelta(seconds=6)
        freed += free_abandoned(lane=Lane.BULK, now=now)
    assert freed == 3
    assert len(claim_jobs(lane=Lane.BULK, turn=Turn(), now=now + PORTIONS[Lane.BULK].lease)) == 1


def test_a_job_that_was_put_off_meanwhile_is_not_done_too_early(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a", kind="test.bulk")
    claim_and_die()
    ask(organization, "a", kind="test.bulk", due_at=NOW + timedelta(minutes=1))
    assert drain(lane=Lane.BULK, clock=lambda: SOON, until=SOON) == 0
    then = NOW + timedelta(minutes=1)
    assert drain(lane=Lane.BULK, clock=lambda: then, until=then) == 1
    assert (diary.ran, Job.objects.count()) == (["a"], 0)


def test_other_lanes_and_what_is_due_later_are_left_alone(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    ask(organization, "b", kind="test.bulk", due_at=NOW + timedelta(minutes=1))
    assert len(claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)) == 1
    assert [free_abandoned(lane=lane, now=SOON) for lane in Lane] == [0] * len(Lane)
