"""Ask for something to happen later, in the transaction that makes it necessary. Every app calls this."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from leadhub.lib.ids import new_id
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.bell import ring
from leadhub.work.models import Job
from leadhub.work.registry import get_registration

_RING_WITHIN = timedelta(seconds=1)


class NoTransaction(RuntimeError):
    """A job was asked for outside the transaction that makes it necessary."""


# A job asked for again keeps its row. While a worker holds it, the lease stays and the new instant is kept
# beside it: what was asked for after the work began is done after it ends (tried without: a wake-up was lost).
# The same holds when the lease is over and the worker merely late: it may still come back and release the job.
_ENQUEUE_SQL = """
INSERT INTO job AS j (id, organization_id, lane, kind, target_id, dedupe_key, due_at, created_at)
SELECT id, %(organization)s, lane, kind, target, dedupe_key, due_at, %(now)s
FROM unnest(%(ids)s::uuid[], %(lanes)s::text[], %(kinds)s::text[], %(targets)s::uuid[], %(dedupe_keys)s::text[],
    %(due_ats)s::timestamptz[]) AS asked (id, lane, kind, target, dedupe_key, due_at)
ON CONFLICT (organization_id, kind, dedupe_key) DO UPDATE SET
    generation = j.generation + 1,
    target_id = excluded.target_id,
    due_at = greatest(j.lease_until, excluded.due_at),
    renewed_due_at = CASE WHEN j.token IS NOT NULL THEN excluded.due_at END,
    attempts = CASE WHEN j.token IS NULL THEN 0 ELSE j.attempts END,
    error_class = '',
    dead_at = NULL
RETURNING j.id
"""


@dataclass(frozen=True, kw_only=True)
class JobRequest:
    """One job to ask for: see `enqueue`."""

    kind: str
    target_id: UUID
    dedupe_key: str
    due_at: datetime


def enqueue(
    *,
    kind: str,
    target_id: UUID,
    dedupe_key: str,
    due_at: datetime,
    now: datetime,
    organization_id: UUID | None = None,
) -> UUID:
    """Insert the job, or make it due anew under a newer generation; return its id.

    The dedupe key names the cause (event, step, deadline) and holds no personal data. Rings for a worker
    after the commit when the job is due. Raises `NoTransaction`, `UnknownKind`.
    """
    asked = JobRequest(kind=kind, target_id=target_id, dedupe_key=dedupe_key, due_at=due_at)
    return enqueue_many(jobs=[asked], now=now, organization_id=organization_id)[0]


def enqueue_many(*, jobs: Sequence[JobRequest], now: datetime, organization_id: UUID | None = None) -> list[UUID]:
    """Enqueue many jobs in one statement, no two of the same kind and key; return their ids in no particular order."""
    if not connection.in_atomic_block:
        raise NoTransaction("Ask for jobs in the transaction that makes them necessary.")
    if not jobs:
        return []
    lanes = [get_registration(job.kind).lane for job in jobs]
    values: dict[str, Any] = {
        "organization": organization_id or get_organization_id(),
        "now": now,
        "ids": [new_id() for _ in jobs],
        "lanes": [lane.value for lane in lanes],
        "kinds": [job.kind for job in jobs],
        "targets": [job.target_id for job in jobs],
        "dedupe_keys": [job.dedupe_key for job in jobs],
        "due_ats": [job.due_at for job in jobs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE_SQL, values)
        job_ids = [job_id for (job_id,) in cursor.fetchall()]
    for lane in {lane for lane, job in zip(lanes, jobs, strict=True) if job.due_at <= now + _RING_WITHIN}:
        ring_after_commit(lane.value)
    return job_ids


def ring_after_commit(lane: str) -> None:
    """Ring for a worker of the lane once the transaction has committed; for doors that insert jobs in SQL."""
    transaction.on_commit(lambda: ring(lane))


def cancel(*, kind: str, dedupe_key: str, organization_id: UUID | None = None) -> bool:
    """Delete the job and say whether there was one; a worker that holds it rolls back."""
    jobs = Job.objects.filter(
        organization_id=organization_id or get_organization_id(), kind=kind, dedupe_key=dedupe_key
    )
    deleted, _ = jobs.delete()
    return bool(deleted)
