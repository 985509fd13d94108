"""Two tenants share two connections: 2,000 interleaved requests and tasks, and nothing of one shows at the other.

Each thread keeps its connection, as a worker thread of the web or of Celery does, and changes the organization with
every operation. A setting or a scope left behind by one operation would show in the next.
"""

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from capture.models import Submission
from leadhub.desk.founding import found_organization
from leadhub.leads.models import Person
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import has_scope, scope
from leadhub.work import registry
from leadhub.work.claims import Turn, claim_jobs
from leadhub.work.jobs import enqueue
from leadhub.work.models import Lane
from leadhub.work.registry import ClaimedJob, register
from leadhub.work.runner import run_jobs
from tests.desk.leads import make_lead
from tests.personas import PASSWORD, ClientOf
from tests.threads import in_threads

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "owner"]), pytest.mark.timeout(900)]

THREADS, OPERATIONS_EACH = 2, 1000
NAMES = ("Quokka", "Wombat")


@dataclass
class Tenant:
    """An organization in whose rows the name stands everywhere."""

    name: str
    organization_id: UUID
    lead_id: UUID
    form_key: str
    browser: Client
    program: Client


@dataclass
class Record:
    """What the threads saw. `crossings` must stay empty."""

    crossings: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    marked: Counter[str] = field(default_factory=Counter)
    backends: set[int] = field(default_factory=set)


def found_tenant(name: str, client_of: ClientOf) -> Tenant:
    now = utc_now()
    founded = found_organization(
        name=name, admin_email=f"a@{name}.example", admin_password=PASSWORD, admin_name=name, now=now
    )
    with scope(founded.organization.id):
        lead = make_lead(owner=founded.admin, now=now, name=f"{name} Doe")
    program = Client(headers={"Authorization": f"Bearer {founded.api_key}"})
    return Tenant(name, founded.organization.id, lead.pk, founded.form_key, client_of(founded.admin), program)


@pytest.fixture
def tenants(client_of: ClientOf) -> list[Tenant]:
    """Two of them."""
    return [found_tenant(name, client_of) for name in NAMES]


@pytest.fixture
def record(tenants: list[Tenant]) -> Generator[Record, None, None]:
    """Register a task that writes and reads, and one that writes and fails."""
    record, names = Record(), {tenant.organization_id: tenant.name for tenant in tenants}

    def mark(*, job: ClaimedJob, now: datetime) -> None:
        name = names[job.organization_id]
        Person.objects.create(first_name=name, last_name="Marked", created_at=now)
        seen = set(Person.objects.values_list("first_name", flat=True).distinct())
        record.crossings += [f"{name}'s task sees {other}" for other in seen - {name}]
        record.done["task"] += 1

    def fail(*, job: ClaimedJob, now: datetime) -> None:
        Person.objects.create(first_name=f"{names[job.organization_id]}, lost", created_at=now)
        record.done["failed task"] += 1
        raise ValueError("on purpose")

    kept = dict(registry._registrations)
    register("test.mark", Lane.SPEED, mark)
    register("test.fail", Lane.SPEED, fail)
    yield record
    registry._registrations.clear()
    registry._registrations.update(kept)


Operation = Callable[[Tenant, Tenant, Record, int], Any]


def get_people(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    return own.program.get("/api/v1/people/?page_size=20")


def get_own_lead(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    return own.program.get(f"/api/v1/leads/{own.lead_id}/")


def get_foreign_lead(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    answer = own.program.get(f"/api/v1/leads/{other.lead_id}/")
    if answer.status_code != 404:
        record.crossings.append(f"{own.name} got {other.name}'s lead: {answer.status_code}")
    return answer


def refuse_a_move(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    """Fail within the scope: the transaction rolls back, and the setting with it."""
    body = json.dumps({"stage": "customer"})
    return own.program.post(f"/api/v1/leads/{own.lead_id}/stage/", body, content_type="application/json")


def get_members_page(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    return own.browser.get("/members/")


def get_foreign_page(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    return own.browser.get(f"/leads/{other.lead_id}/")


def post_form(own: Tenant, other: Tenant, record: Record, number: int) -> Any:
    """Knock at the door without a log-in; the line walks it as a task."""
    values = {"first_name": own.name, "email": f"{own.name}{number}@example.com"}
    return Client().post(f"/f/{own.form_key}", json.dumps(values), content_type="application/json")


def ask_for_task(own: Tenant, other: Tenant, record: Record, number: int) -> None:
    ask(own, "test.mark", number)
    record.marked[own.name] += 1


def ask_for_failure(own: Tenant, other: Tenant, record: Record, number: int) -> None:
    ask(own, "test.fail", number)


def ask(own: Tenant, kind: str, number: int) -> None:
    """Ask for the task in its organization, then do what is due in any, as a worker does."""
    with scope(own.organization_id):
        key = f"{threading.get_ident()}:{number}"
        enqueue(kind=kind, target_id=own.lead_id, dedupe_key=key, due_at=utc_now(), now=utc_now())
    do_tasks()


def do_tasks() -> bool:
    jobs = claim_jobs(lane=Lane.SPEED, turn=Turn(), now=utc_now())
    run_jobs(jobs=jobs, clock=utc_now)
    return bool(jobs)


# Odd lengths, so that each operation meets both tenants.
ROUND: list[Operation] = [
    *[get_people, ask_for_task, ask_for_task, get_own_lead, ask_for_task, get_foreign_lead, ask_for_task] * 5,
    *[get_members_page, refuse_a_move, get_foreign_page, ask_for_task],
]
POST_EVERY, FAILURE_EVERY = 49, 97


def choose(number: int) -> Operation:
    """Return the operation of a number: now and then a post or a failing task, else the round's."""
    if number % POST_EVERY == POST_EVERY // 2:
        return post_form
    if number % FAILURE_EVERY == FAILURE_EVERY // 2:
        return ask_for_failure
    return ROUND[number % len(ROUND)]


def work(tenants: list[Tenant], record: Record, operations: int) -> None:
    """Do the operations one after the other on this thread's connection, the tenants in turn."""
    turns = itertools.cycle([tenants, tenants[::-1]])
    for number, (own, other) in zip(range(operations), turns, strict=False):
        operation = choose(number)
        answer = operation(own, other, record, number)
        record.done[operation.__name__] += 1
        if answer is not None:
            look_for_crossing(answer, own, other, record, operation.__name__)
        look_at_connection(record, operation.__name__)


def look_for_crossing(answer: Any, own: Tenant, other: Tenant, record: Record, name: str) -> None:
    text = answer.content.decode()
    is_page_of_own = answer.status_code == 200
    if other.name.lower() in text.lower() or (is_page_of_own and own.name not in text):
        record.crossings.append(f"{name} of {own.name}: {answer.status_code} {text[:200]}")
    if answer.status_code >= 500:
        record.crossings.append(f"{name} of {own.name}: {answer.status_code}")


def look_at_connection(record: Record, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('leadhub.organization_id', true)")
        backend, setting = cursor.fetchone()
    record.backends.add(backend)
    if setting or has_scope() or connection.in_atomic_block:
        record.crossings.append(f"{name} left the setting {setting!r}")


def test_two_tenants_on_two_connections_never_cross(tenants: list[Tenant], record: Record) -> None:
    in_threads(partial(work, tenants, record, OPERATIONS_EACH), THREADS)
    while do_tasks():
        pass
    assert record.crossings == []
    assert len(record.backends) == THREADS  # each thread kept its connection
    assert sum(record.done.values()) >= THREADS * OPERATIONS_EACH
    assert min(record.done.values()) > 0
    for tenant in tenants:
        check_rows(tenant, record)


def check_rows(tenant: Tenant, record: Record) -> None:
    """See that all that was asked for is there, and nothing else."""
    with scope(tenant.organization_id):
        assert set(Person.objects.values_list("first_name", flat=True)) == {tenant.name}
        assert Person.objects.filter(last_name="Marked").count() == record.marked[tenant.name]
        posted = list(Submission.objects.values_list("values__first_name", "status"))
    assert {name for name, _ in posted} == {tenant.name}
    assert {status for _, status in posted} <= {"created", "merged"}  # the threads post for the same people
