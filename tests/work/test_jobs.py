"""Asking for work: in the transaction, once per cause, and again when the cause comes again."""

from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from leadhub.lib.ids import new_id
from leadhub.tenancy.scope import scope
from leadhub.work.claims import (
    PORTIONS,
    StaleToken,
    Turn,
    bring_forward,
    claim_jobs,
    claim_jobs_of,
    complete_job,
    put_off,
    release_job,
)
from leadhub.work.jobs import NoTransaction, cancel, enqueue
from leadhub.work.models import Job, Lane
from leadhub.work.registry import UnknownKind
from leadhub.work.runner import run_due
from tests.factories import make_organization
from tests.work.conftest import NOW, Diary, ask

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_outside_a_transaction_nothing_can_be_asked_for(diary: Diary) -> None:
    organization = make_organization("ours")
    with pytest.raises(NoTransaction):
        enqueue(
            kind="test.note", target_id=new_id(), dedupe_key="a", due_at=NOW, now=NOW, organization_id=organization.id
        )


def test_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(UnknownKind):
        ask(make_organization("ours"), "a", kind="test.nobody")


def test_same_cause_keeps_one_row_and_the_newest_instant(diary: Diary) -> None:
    organization = make_organization("ours")
    first = ask(organization, "a", due_at=NOW)
    target = new_id()
    with scope(organization.id):
        second = enqueue(kind="test.note", target_id=target, dedupe_key="a", due_at=LATER, now=NOW)
    job = Job.objects.get()
    assert (first, second) == (job.id, job.id)
    assert (job.generation, job.due_at, job.target_id) == (1, LATER, target)


def test_what_is_asked_for_while_it_runs_is_done_again_at_its_new_instant(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "wake")
    [claimed] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    ask(organization, "wake", due_at=LATER)
    with scope(organization.id):
        complete_job(job=claimed, now=NOW)
    assert run_due(now=LATER - timedelta(seconds=1)) == 0
    assert run_due(now=LATER) == 1
    assert not Job.objects.exists()


def test_what_is_asked_for_while_a_worker_is_late_is_done_again_at_its_new_instant(diary: Diary) -> None:
    organization = make_organization("ours")
    asked_at = NOW + PORTIONS[Lane.SPEED].lease
    later = asked_at + timedelta(hours=1)
    ask(organization, "wake")
    [claimed] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    with scope(organization.id):
        enqueue(kind="test.note", target_id=new_id(), dedupe_key="wake", due_at=later, now=asked_at)
        complete_job(job=claimed, now=asked_at)
    assert run_due(now=later - timedelta(seconds=1)) == 0
    assert run_due(now=later) == 1


def test_asking_again_while_it_runs_leaves_the_lease_alone(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    ask(organization, "a")
    assert claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW) == []
    assert Job.objects.get().attempts == 1  # what kills its workers is given up, however often it is asked for


def test_what_is_put_off_while_its_worker_dies_is_not_done_when_the_lease_ends(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    [lost] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    ask(organization, "a", due_at=LATER)
    assert claim_jobs(lane=Lane.SPEED, turn=Turn(), now=lost.lease_until) == []
    assert len(claim_jobs(lane=Lane.SPEED, turn=Turn(), now=LATER)) == 1


def test_what_was_given_up_begins_anew_when_it_is_asked_for(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    Job.objects.update(attempts=9, error_class="ValueError", dead_at=NOW)
    ask(organization, "a", due_at=LATER)
    job = Job.objects.get()
    assert (job.attempts, job.error_class, job.dead_at, job.due_at) == (0, "", None, LATER)


@pytest.mark.parametrize(("seconds", "rings"), [(0, 1), (1, 1), (2, 0)])
def test_only_what_is_due_at_once_is_rung_for(
    diary: Diary,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    seconds: int,
    rings: int,
) -> None:
    organization = make_organization("ours")
    with django_capture_on_commit_callbacks() as rung:
        ask(organization, "a", due_at=NOW + timedelta(seconds=seconds))
    assert len(rung) == rings


def test_what_is_due_again_is_rung_for_when_its_worker_ends(
    diary: Diary, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    organization = make_organization("ours")
    ask(organization, "again")
    ask(organization, "once")
    claimed = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    ask(organization, "again")
    for job in claimed:
        with django_capture_on_commit_callbacks() as rings, scope(organization.id):
            complete_job(job=job, now=NOW)
        assert len(rings) == (job.dedupe_key == "again")


def test_handler_may_ask_for_its_own_key_again(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    [claimed] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    with scope(organization.id):
        enqueue(kind="test.note", target_id=new_id(), dedupe_key="a", due_at=LATER, now=NOW)
        complete_job(job=claimed, now=NOW)
    job = Job.objects.get()
    assert (job.due_at, job.token, job.attempts) == (LATER, None, 0)


def test_cancelled_job_makes_its_worker_roll_back(diary: Diary) -> None:
    organization = make_organization("ours")
    ask(organization, "a")
    [claimed] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    with scope(organization.id):
        assert cancel(kind="test.note", dedupe_key="a")
        assert not cancel(kind="test.note", dedupe_key="a")
        with pytest.raises(StaleToken):
            complete_job(job=claimed, now=NOW)


def test_cancelling_leaves_another_organizations_job(diary: Diary) -> None:
    ours, theirs = make_organization("ours"), make_organization("theirs")
    ask(theirs, "a")
    with scope(ours.id):
        assert not cancel(kind="test.note", dedupe_key="a")
    assert Job.objects.count() == 1


def test_what_found_its_place_occupied_comes_forward_and_what_failed_waits(
    diary: Diary, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ours, theirs = make_organization("ours"), make_organization("theirs")
    ask(ours, "occupied", kind="test.bulk")
    ask(ours, "failed", kind="test.bulk", due_at=NOW + timedelta(seconds=1))
    ask(theirs, "elsewhere", kind="test.bulk", due_at=NOW + timedelta(seconds=2))
    for organization in (ours, ours, theirs):
        [job] = claim_jobs_of(organization_id=organization.pk, lane=Lane.BULK, now=LATER)
        if job.dedupe_key == "failed":
            release_job(job=job, due_at=LATER + timedelta(seconds=5), error_class="ValueError")
        else:
            put_off(job=job, now=LATER)
    with django_capture_on_commit_callbacks() as rings:
        bring_forward(organization_id=ours.pk, kind="test.bulk", now=LATER)
        bring_forward(organization_id=ours.pk, kind="test.bulk", now=LATER)
    waits = dict(Job.objects.values_list("dedupe_key", "due_at"))
    later = {"failed": LATER + timedelta(seconds=5), "elsewhere": LATER + timedelta(seconds=1)}
    assert (waits, len(rings)) == ({"occupied": NOW, **later}, 1)
