"""Running work: all or nothing, once, retried with back-off, buried in the end."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.leads.models import Person
from leadhub.tenancy.scope import scope
from leadhub.work.claims import PORTIONS, Occupied, Turn, claim_jobs
from leadhub.work.models import Job, JobFailure, Lane
from leadhub.work.registry import ClaimedJob, Handler, register
from leadhub.work.runner import BACKOFF_SECONDS, MAX_ATTEMPTS, drain, run_due, run_job, run_jobs
from tests.factories import make_organization
from tests.work.conftest import NOW, Diary, ask

pytestmark = pytest.mark.django_db


def make_person(*, job: ClaimedJob, now: datetime) -> None:
    Person.objects.create(first_name=job.dedupe_key, created_at=now)


def make_person_and_fail(*, job: ClaimedJob, now: datetime) -> None:
    make_person(job=job, now=now)
    raise ValueError("after the row")


def test_due_jobs_run_once_and_are_gone(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    ask(organization, "b", kind="test.bulk")
    ask(organization, "later", due_at=NOW + timedelta(seconds=1))
    assert run_due(now=NOW) == 2
    assert run_due(now=NOW) == 0
    assert sorted(diary.ran) == ["a", "b"]
    assert Job.objects.count() == 1


def test_run_due_in_a_scope_runs_that_organization_only(diary: Diary) -> None:
    ours, theirs = make_organization("ours"), make_organization("theirs")
    ask(ours, "ours")
    ask(theirs, "theirs")
    with scope(ours.id):
        assert run_due(now=NOW) == 1
    assert diary.ran == ["ours"]


def test_failed_job_leaves_nothing_but_its_failure(diary: Diary) -> None:
    organization = make_organization("ours")
    register("test.fail", Lane.SPEED, make_person_and_fail)
    ask(organization, "a", kind="test.fail")
    run_due(now=NOW)
    job = Job.objects.get()
    assert (job.attempts, job.error_class, job.due_at) == (1, "ValueError", NOW + timedelta(seconds=BACKOFF_SECONDS[0]))
    with scope(organization.id):
        assert not Person.objects.exists()
        failure = JobFailure.objects.get()
    assert (failure.job_id, failure.message, failure.attempt) == (job.id, "after the row", 1)


def test_failed_job_leaves_nothing_in_its_callers_transaction_either(diary: Diary) -> None:
    organization = make_organization("ours")
    register("test.fail", Lane.SPEED, make_person_and_fail)
    with scope(organization.id):
        ask(organization, "a", kind="test.fail")
        run_due(now=NOW)
        assert (Person.objects.count(), JobFailure.objects.count()) == (0, 1)


def test_job_that_finds_its_place_occupied_is_due_in_a_moment_and_has_not_failed(diary: Diary) -> None:
    def wait_for_nobody(*, job: ClaimedJob, now: datetime) -> None:
        make_person(job=job, now=now)
        raise Occupied

    organization = make_organization("ours")
    register("test.occupied", Lane.BULK, wait_for_nobody)
    ask(organization, "a", kind="test.occupied")
    run_due(now=NOW)
    job = Job.objects.get()
    assert (job.attempts, job.token, job.due_at) == (0, None, NOW + timedelta(seconds=1))
    with scope(organization.id):
        assert not Person.objects.exists()
        assert not JobFailure.objects.exists()


def test_job_that_keeps_failing_becomes_a_dead_letter(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a", kind="test.fail")
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        now += timedelta(hours=4)
        run_due(now=now)
    job = Job.objects.get()
    assert (job.dead_at, job.attempts, len(diary.ran)) == (now, MAX_ATTEMPTS, MAX_ATTEMPTS)
    assert run_due(now=now + timedelta(days=9)) == 0
    with scope(organization.id):
        assert JobFailure.objects.count() == MAX_ATTEMPTS


def test_job_asked_for_again_during_its_last_attempt_begins_anew(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a", kind="test.fail")
    Job.objects.update(attempts=MAX_ATTEMPTS - 1)
    [claimed] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    ask(organization, "a", kind="test.fail")
    run_job(job=claimed, clock=lambda: NOW)
    job = Job.objects.get()
    assert (job.dead_at, job.due_at, job.attempts) == (None, NOW, 0)


def test_what_is_due_longest_is_claimed_first(diary: Diary) -> None:
    organization = make_organization("ours")
    for number in range(PORTIONS[Lane.SPEED].per_organization):
        ask(organization, f"{number}")
    ask(organization, "longest", due_at=NOW - timedelta(seconds=1))
    assert claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)[0].dedupe_key == "longest"


def test_a_dead_letter_stays_where_the_organization_has_more_to_do(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "dead")
    Job.objects.update(dead_at=NOW)
    ask(organization, "due")
    assert [job.dedupe_key for job in claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)] == ["due"]


def test_what_was_asked_for_while_a_worker_died_backs_off_when_it_fails(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a", kind="test.fail")
    [lost] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    ask(organization, "a", kind="test.fail")
    run_due(now=lost.lease_until)
    assert Job.objects.get().due_at == lost.lease_until + timedelta(seconds=BACKOFF_SECONDS[1])


def test_failing_job_does_not_stop_the_others(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a", kind="test.fail")
    ask(organization, "b")
    run_due(now=NOW)
    assert diary.ran == ["a", "b"]


def test_worker_with_a_stale_token_rolls_back(diary: Diary) -> None:
    organization = make_organization("ours")
    register("test.note", Lane.SPEED, make_person)
    ask(organization, "a")
    [slow] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    after_lease = slow.lease_until + timedelta(seconds=1)
    assert run_due(now=after_lease) == 1
    run_job(job=slow, clock=lambda: NOW)
    with scope(organization.id):
        assert Person.objects.count() == 1
        assert not JobFailure.objects.exists()


@pytest.mark.parametrize("attempts", [1, MAX_ATTEMPTS])
@pytest.mark.parametrize("handler", [make_person, make_person_and_fail])
def test_a_slow_worker_leaves_the_job_to_whoever_claimed_it_since(
    diary: Diary, handler: Handler, attempts: int
) -> None:
    organization = make_organization("ours")
    register("test.note", Lane.SPEED, handler)
    ask(organization, "a")
    Job.objects.update(attempts=attempts - 1)
    [slow] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    [other] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=slow.lease_until)
    run_job(job=slow, clock=lambda: NOW)
    job = Job.objects.get()
    assert (job.token, job.due_at, job.dead_at) == (other.token, other.lease_until, None)
    with scope(organization.id):
        assert not Person.objects.exists()
        assert not JobFailure.objects.exists()


def test_after_a_crash_each_job_of_the_batch_is_claimed_alone(diary: Diary) -> None:
    organization = make_organization("ours")
    for key in ("a", "b", "c"):
        ask(organization, key)
    now = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)[0].lease_until
    ask(organization, "fresh")
    sizes = [len(claim_jobs(lane=Lane.SPEED, turn=Turn(), now=now)) for _ in range(4)]
    assert sizes == [1, 1, 1, 1]


def test_job_that_kills_its_workers_is_buried_and_the_others_are_done(diary: Diary) -> None:
    organization = make_organization("ours")
    for key in ("poison", "b", "c"):
        ask(organization, key)
    now = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)[0].lease_until
    while Job.objects.filter(attempts__lt=MAX_ATTEMPTS).exists():
        for claimed in claim_jobs(lane=Lane.SPEED, turn=Turn(), now=now):
            if claimed.dedupe_key != "poison":  # the poison's worker dies before it can say a word
                run_job(job=claimed, clock=lambda: NOW)
            now = max(now, claimed.lease_until)
    run_due(now=now)
    job = Job.objects.get()
    assert (job.dedupe_key, job.error_class, job.dead_at) == ("poison", "WorkerLost", now)
    assert sorted(diary.ran) == ["b", "c"]


def test_job_whose_lease_is_nearly_over_is_given_back_unbegun(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    claimed = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    assert run_jobs(jobs=claimed, clock=lambda: claimed[0].lease_until - timedelta(seconds=1)) == 0
    job = Job.objects.get()
    assert (job.token, job.attempts, job.due_at) == (None, 0, NOW)
    assert run_due(now=NOW) == 1


def test_unknown_kind_is_a_failure_that_is_kept(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    Job.objects.update(kind="test.forgotten")
    run_due(now=NOW)
    assert Job.objects.get().error_class == "UnknownKind"


def drain_speed() -> tuple[int, int]:
    """Return how many jobs a drain did, and by how many claims."""
    with CaptureQueriesContext(connection) as statements:
        done = drain(lane=Lane.SPEED, clock=lambda: NOW, until=NOW + timedelta(seconds=8))
    return done, sum("WITH RECURSIVE waiting" in statement["sql"] for statement in statements)


@pytest.mark.parametrize("counts", [(7,), (7, 7, 3), (3, 3, 3, 3)])
def test_a_drain_takes_all_there_is_of_every_organization(diary: Diary, counts: tuple[int, ...]) -> None:
    for place, count in enumerate(counts):
        organization = make_organization(f"o{place}")
        for number in range(count):
            ask(organization, f"{place} {number}")
    assert drain_speed()[0] == sum(counts)
    assert len(set(diary.ran)) == sum(counts)


def test_a_drain_goes_on_behind_what_was_claimed_alone(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "lost", due_at=NOW - timedelta(minutes=1))
    claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW - timedelta(minutes=1))
    ask(organization, "due")
    assert drain_speed()[0] == 2


def test_a_drain_comes_back_for_what_it_gave_back_unbegun(diary: Diary) -> None:
    organization, times = make_organization("ours"), [NOW]

    def take_long(*, job: ClaimedJob, now: datetime) -> None:
        diary.note(job=job, now=now)
        times.append(now + timedelta(seconds=16))  # of a lease of 20 s, of which 5 s must be left to begin

    register("test.note", Lane.SPEED, take_long)
    for key in ("a", "b"):
        ask(organization, key)
    assert drain(lane=Lane.SPEED, clock=lambda: times[-1], until=NOW + timedelta(minutes=1)) == 2
    assert diary.ran == ["a", "b"]


def test_a_drain_ends_in_time(diary: Diary) -> None:
    organization = make_organization("ours")
    for number in range(7):
        ask(organization, f"{number}")
    assert drain(lane=Lane.SPEED, clock=lambda: NOW, until=NOW) == PORTIONS[Lane.SPEED].per_organization
    assert drain_speed()[0] == 2


def test_a_claim_that_took_all_there_was_is_the_last(diary: Diary) -> None:
    ask(make_organization("ours"), "a")
    assert drain_speed() == (1, 1)
    ask(make_organization("theirs"), "b")
    assert drain_speed() == (1, 1)
