"""Claim due jobs for one worker, and give them back: done, due again, or dead. Called by the runner and senders.

A claim locks with SKIP LOCKED, moves `due_at` to the lease's end and leaves a fresh fencing token. Whoever
finishes must still hold that token; a worker whose lease ran out and whose job was claimed by another rolls back.
Where whoever does a job holds it (`abandoned.hold_claim`), it is theirs beyond the lease, until their transaction ends.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from leadhub.lib.ids import new_id
from leadhub.work.jobs import ring_after_commit
from leadhub.work.models import Job, Lane
from leadhub.work.registry import ClaimedJob, get_registration

BEFORE_ALL = UUID(int=0)
# The advisory lock on a job; the parameter or column is its id as text.
LOCK_KEY = "hashtextextended({}, 0)"
_OCCUPIED_FOR = timedelta(seconds=1)


class StaleToken(Exception):
    """The job's lease ran out and somebody else claimed it, or it was cancelled: roll back."""


class Occupied(Exception):
    """Another worker holds what the job needs: it is given back, so that this worker is free for others.

    A handler raises it before it has written anything; the job is due again in a moment and has lost no attempt.
    """


@dataclass(frozen=True, kw_only=True)
class Portion:
    """How much one claim takes, for how long, and how much of the lease must be left to begin a job.

    `begins_within`: how soon a worker begins what it claimed; a claim that nobody has begun by then is freed early
    (`abandoned`). Only for lanes where a claim is one job and every kind has a handler.
    """

    jobs: int
    per_organization: int
    lease: timedelta
    margin: timedelta
    begins_within: timedelta | None = None


PORTIONS = {
    Lane.SPEED: Portion(jobs=10, per_organization=5, lease=timedelta(seconds=20), margin=timedelta(seconds=5)),
    # a mail server may take its time; a lease that ends during the call leaves the mail in doubt
    Lane.MAIL: Portion(jobs=6, per_organization=3, lease=timedelta(seconds=60), margin=timedelta(seconds=40)),
    # few, since each may take as long as a call may: whose turn it is is asked anew before the next ones
    Lane.WEBHOOK: Portion(jobs=4, per_organization=2, lease=timedelta(seconds=60), margin=timedelta(seconds=20)),
    Lane.BULK: Portion(
        jobs=1,
        per_organization=1,
        lease=timedelta(minutes=3),
        margin=timedelta(minutes=2),
        begins_within=timedelta(seconds=5),
    ),
}


@dataclass
class Turn:
    """Whose turn it is among the organizations of a lane; one per worker process, kept between claims.

    `took_all`: the last claim asked every organization and took whatever was due, so that the next would be in vain.
    """

    after: UUID = field(default=BEFORE_ALL)
    took_all: bool = False


# A loose index scan finds the lane's organizations, starting after the last one served.
EVERY_ORGANIZATION = """
WITH RECURSIVE waiting AS (
    (SELECT organization_id FROM job
     WHERE lane = %(lane)s AND dead_at IS NULL AND organization_id > %(after)s
     ORDER BY organization_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.organization_id FROM job j
            WHERE j.lane = %(lane)s AND j.dead_at IS NULL AND j.organization_id > w.organization_id
            ORDER BY j.organization_id LIMIT 1)
    FROM waiting w WHERE w.organization_id IS NOT NULL
)"""
_ONE_ORGANIZATION = "WITH waiting AS (SELECT %(organization)s::uuid AS organization_id)"
# LATERAL takes a few due jobs of each. A job found with a token is one whose lease ran out: it is taken alone,
# so that a job that kills its worker cannot take its batch along. One that somebody is still at is passed over: a
# second worker would only do it in vain, or have the first do so, for ever where it takes longer than a lease.
_CLAIM = f""", found AS MATERIALIZED (
    SELECT f.id, f.token, f.due_at FROM waiting w CROSS JOIN LATERAL (
        SELECT j.id, j.token, j.due_at FROM job j
        WHERE j.lane = %(lane)s AND j.organization_id = w.organization_id AND j.dead_at IS NULL
          AND j.due_at <= %(now)s AND (j.token IS NULL OR pg_try_advisory_xact_lock({LOCK_KEY.format("j.id::text")}))
        ORDER BY j.due_at LIMIT %(each)s FOR UPDATE SKIP LOCKED) f
    WHERE w.organization_id IS NOT NULL
    LIMIT %(jobs)s
), chosen AS (
    (SELECT id, due_at FROM found WHERE token IS NOT NULL ORDER BY due_at LIMIT 1)
    UNION ALL
    SELECT id, due_at FROM found WHERE NOT EXISTS (SELECT FROM found WHERE token IS NOT NULL)
)
UPDATE job SET token = %(token)s, lease_until = %(lease_until)s, due_at = %(lease_until)s,
    attempts = attempts + 1, renewed_due_at = NULL
FROM chosen WHERE job.id = chosen.id
RETURNING job.id, job.organization_id, job.lane, job.kind, job.target_id, job.dedupe_key, job.token,
    job.generation, job.attempts, chosen.due_at, job.lease_until
"""  # noqa: S608 (constants of this module)


def claim_jobs(*, lane: Lane, turn: Turn, now: datetime) -> list[ClaimedJob]:
    """Claim a portion of the lane's due jobs, the organizations taking turns; empty when none is due."""
    jobs = _claim(EVERY_ORGANIZATION, lane=lane, now=now, after=turn.after)
    if not jobs and turn.after != BEFORE_ALL:
        turn.after = BEFORE_ALL
        jobs = _claim(EVERY_ORGANIZATION, lane=lane, now=now, after=BEFORE_ALL)
    turn.took_all = turn.after == BEFORE_ALL and not _may_be_more(jobs, portion=PORTIONS[lane])
    turn.after = BEFORE_ALL if turn.took_all else max(job.organization_id for job in jobs)
    return jobs


def _may_be_more(jobs: Sequence[ClaimedJob], *, portion: Portion) -> bool:
    """Say whether the claim met one of its limits, or a job that is taken alone."""
    fullest = max(Counter(job.organization_id for job in jobs).values(), default=0)
    is_full = len(jobs) >= portion.jobs or fullest >= portion.per_organization
    return is_full or any(job.attempts > 1 for job in jobs)


def claim_jobs_of(*, organization_id: UUID, lane: Lane, now: datetime) -> list[ClaimedJob]:
    """Claim due jobs of one organization only: for commands and tests that work through their own."""
    return _claim(_ONE_ORGANIZATION, lane=lane, now=now, organization=organization_id)


def _claim(source: str, *, lane: Lane, now: datetime, **values: UUID) -> list[ClaimedJob]:
    portion = PORTIONS[lane]
    limits = {"each": portion.per_organization, "jobs": portion.jobs}
    lease = {"token": new_id(), "lease_until": now + portion.lease}
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"lane": lane.value, "now": now, **limits, **lease, **values}
        cursor.execute(source + _CLAIM, parameters)
        names = [column.name for column in cursor.description]
        jobs = [ClaimedJob(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return sorted(jobs, key=lambda job: (job.due_at, job.id))


def complete_job(*, job: ClaimedJob, now: datetime) -> None:
    """Delete the job at the end of the transaction that did it, or make it due when it was asked for again.

    Whoever asked again rang while the job was held, and the worker who answered found nothing to claim: ring again.
    Raises `StaleToken` when the claim is no longer ours.
    """
    held = Job.objects.filter(pk=job.id, token=job.token)
    if held.filter(generation=job.generation)._raw_delete(held.db):
        return
    if not _release(job=job, due_at=now, attempts=0):
        raise StaleToken(f"{job.kind} {job.id} was claimed by another worker or cancelled.")
    ring_after_commit(job.lane)


def release_job(*, job: ClaimedJob, due_at: datetime, error_class: str = "") -> bool:
    """Give the job back, due at an instant; False when the claim is no longer ours."""
    return _release(job=job, due_at=due_at, error_class=error_class)


def return_unstarted(*, job: ClaimedJob) -> bool:
    """Give back a job that was claimed and not begun, as if it had not been claimed."""
    return _release(job=job, due_at=job.due_at, attempts=job.attempts - 1)


def put_off(*, job: ClaimedJob, now: datetime) -> bool:
    """Give back a job that raised `Occupied`, due again in a moment, as if it had not been claimed."""
    return _release(job=job, due_at=now + _OCCUPIED_FOR, attempts=job.attempts - 1)


def bring_forward(*, organization_id: UUID, kind: str, now: datetime) -> None:
    """Make the jobs of the kind that were put off as `Occupied` due again, ahead of later ones.

    The caller's commit frees what they wait for. Without this, a worker that does one short job after another would
    hold it again at each of their tries.
    """
    waiting = Job.objects.filter(organization_id=organization_id, kind=kind, token=None, dead_at=None, attempts=0)
    if waiting.filter(due_at__gt=now).update(due_at=F("created_at")):
        ring_after_commit(get_registration(kind).lane)


def bury_job(*, job: ClaimedJob, now: datetime, error_class: str) -> bool:
    """Make the job a dead letter, or due anew where it was asked for again; False when the claim is no longer ours."""
    held = Job.objects.filter(pk=job.id, token=job.token, generation=job.generation)
    if held.update(token=None, lease_until=None, dead_at=now, error_class=error_class):
        return True
    return _release(job=job, due_at=now, attempts=0)


def _release(*, job: ClaimedJob, due_at: datetime, **changes: int | str) -> bool:
    held = Job.objects.filter(pk=job.id, token=job.token)
    when = Coalesce("renewed_due_at", Value(due_at))
    return bool(held.update(token=None, lease_until=None, due_at=when, **changes))
