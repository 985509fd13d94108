"""Ask for something to happen later, in the transaction that makes it necessary. Every app calls this."""

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
_ENQUEUE_SQL = """
INSERT INTO job AS j (id, organization_id, lane, kind, target_id, dedupe_key, due_at, created_at)
VALUES (%(id)s, %(organization)s, %(lane)s, %(kind)s, %(target)s, %(dedupe_key)s, %(due_at)s, %(now)s)
ON CONFLICT (organization_id, kind, dedupe_key) DO UPDATE SET
    generation = j.generation + 1,
    target_id = excluded.target_id,
    due_at = CASE WHEN j.token IS NOT NULL AND j.lease_until > %(now)s
        THEN greatest(j.lease_until, excluded.due_at) ELSE excluded.due_at END,
    renewed_due_at = CASE WHEN j.token IS NOT NULL AND j.lease_until > %(now)s THEN excluded.due_at END,
    attempts = CASE WHEN j.token IS NULL THEN 0 ELSE j.attempts END,
    error_class = '',
    dead_at = NULL
RETURNING id
"""


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
    if not connection.in_atomic_block:
        raise NoTransaction(f"Ask for {kind} in the transaction that makes it necessary.")
    lane = get_registration(kind).lane
    values: dict[str, Any] = {
        "id": new_id(),
        "organization": organization_id or get_organization_id(),
        "lane": lane.value,
        "kind": kind,
        "target": target_id,
        "dedupe_key": dedupe_key,
        "due_at": due_at,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE_SQL, values)
        job_id: UUID = cursor.fetchone()[0]
    if due_at <= now + _RING_WITHIN:
        ring_after_commit(lane.value)
    return job_id


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
