"""Many workers at once: no job twice, none lost, organizations in turn, a stale worker undone."""

import threading
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from leadhub.leads.models import Person
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.claims import PORTIONS, Turn, claim_jobs
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job, Lane
from leadhub.work.registry import ClaimedJob, register
from leadhub.work.runner import run_job, run_jobs
from tests.factories import make_organization
from tests.threads import in_threads
from tests.work.conftest import NOW, Diary, ask
from tests.work.test_runner import make_person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def make_due(organization: Organization, count: int) -> None:
    with scope(organization.id):
        for number in range(count):
            enqueue(
                kind="test.note",
                target_id=organization.id,
                dedupe_key=f"{organization.slug}:{number}",
                due_at=NOW,
                now=NOW,
            )


def test_workers_share_the_jobs_and_do_none_twice(diary: Diary) -> None:
    for slug in ("a", "b", "c"):
        make_due(make_organization(slug), 60)

    def work() -> None:
        turn = Turn()
        while jobs := claim_jobs(lane=Lane.SPEED, turn=turn, now=NOW):
            run_jobs(jobs=jobs, clock=lambda: NOW)

    in_threads(work, 4)
    assert len(diary.ran) == 180
    assert set(Counter(diary.ran).values()) == {1}
    assert not Job.objects.exists()


def test_two_claims_at_once_never_share_a_job(diary: Diary) -> None:
    make_due(make_organization("a"), 40)
    claimed: list[UUID] = []

    def work() -> None:
        for _ in range(3):
            claimed.extend(job.id for job in claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW))

    in_threads(work, 4)
    assert len(claimed) == len(set(claimed))


def test_a_claim_passes_by_what_somebody_holds(diary: Diary) -> None:
    organization = make_organization("a")
    held, free = ask(organization, "held"), ask(organization, "free")
    with transaction.atomic(using="owner"), transaction.atomic(), connection.cursor() as cursor:
        Job.objects.using("owner").select_for_update().get(pk=held)
        cursor.execute("SET LOCAL lock_timeout = '5s'")  # whoever waited for it would wait for ever
        assert [job.id for job in claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)] == [free]


def test_small_organization_is_served_beside_a_large_one(diary: Diary) -> None:
    large, small = make_organization("large"), make_organization("small")
    make_due(large, 200)
    make_due(small, 3)
    first_claim = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)
    assert Counter(job.organization_id for job in first_claim)[small.id] == 3


def test_organizations_take_turns_when_a_claim_cannot_hold_them_all(diary: Diary) -> None:
    organizations = [make_organization(f"o{number}") for number in range(6)]
    for organization in organizations:
        make_due(organization, 50)
    turn, served = Turn(), Counter[UUID]()
    for _ in range(3):  # a claim holds two organizations at a time
        served.update(job.organization_id for job in claim_jobs(lane=Lane.SPEED, turn=turn, now=NOW))
    assert served == {organization.id: PORTIONS[Lane.SPEED].per_organization for organization in organizations}


def test_lanes_do_not_see_each_other(diary: Diary) -> None:
    organization = make_organization("a")
    ask(organization, "bulk", kind="test.bulk")
    assert claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW) == []
    assert len(claim_jobs(lane=Lane.BULK, turn=Turn(), now=NOW)) == 1


def test_slow_worker_whose_job_was_claimed_by_another_leaves_no_trace(diary: Diary) -> None:
    organization = make_organization("a")
    entered, other_done = threading.Event(), threading.Event()

    def make_person_slowly(*, job: ClaimedJob, now: object) -> None:
        Person.objects.create(first_name="slow", created_at=NOW)
        entered.set()
        assert other_done.wait(timeout=20)

    register("test.note", Lane.SPEED, make_person_slowly)
    ask(organization, "a")
    [slow] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW)

    def other() -> None:
        assert entered.wait(timeout=20)
        register("test.note", Lane.SPEED, make_person)
        [again] = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW + timedelta(minutes=1))
        run_job(job=again, clock=lambda: NOW + timedelta(minutes=1))
        other_done.set()

    thread = threading.Thread(target=lambda: in_threads(other, 1))
    thread.start()
    run_job(job=slow, clock=lambda: NOW)
    thread.join()
    with scope(organization.id):
        assert [person.first_name for person in Person.objects.all()] == ["a"]
    assert not Job.objects.exists()


def test_asking_while_it_ends_is_never_lost(diary: Diary) -> None:
    """Ask for the same key from one thread while another completes it: nothing is left, nothing fails."""
    organization = make_organization("a")
    asked = threading.Event()

    def finish() -> None:
        while not asked.is_set() or Job.objects.exists():
            for job in claim_jobs(lane=Lane.SPEED, turn=Turn(), now=NOW):
                run_job(job=job, clock=lambda: NOW)

    def ask_often() -> None:
        for _ in range(30):
            ask(organization, "wake")
        asked.set()

    roles = iter([finish, ask_often])

    def take_role() -> None:
        next(roles)()

    in_threads(take_role, 2)
    assert diary.ran
    assert not Job.objects.exists()
