"""Claims whose worker is gone, freed long before their lease ends. Called by the runner, for lanes that ask for it.

Whoever does a job holds a shared advisory lock on its claim for as long as the transaction that does it: PostgreSQL
lets go of it when the worker's connection ends, and so does a transaction-pooling PgBouncer. A claim that is older
than a worker needs to begin, and that nobody holds, is abandoned; one that is held nobody else claims, though its
lease be over (`claims`). Freeing it takes its token away, so that a worker
that was only slow to begin finds out before it does anything.
"""

from datetime import datetime

from django.db import connection

from leadhub.lib.ids import new_id
from leadhub.work.claims import BEFORE_ALL, EVERY_ORGANIZATION, LOCK_KEY, PORTIONS, StaleToken
from leadhub.work.models import Job, Lane
from leadhub.work.registry import ClaimedJob

# A job that kills whoever does it is not tried nine times in a minute: from then on the lease must run out.
_MOST_ATTEMPTS = 3
# A claimed job is due at its lease's end, so the index that finds what is due finds it. Nothing here waits.
_FREE = f""", silent AS MATERIALIZED (
    SELECT f.id FROM waiting w CROSS JOIN LATERAL (
        SELECT j.id FROM job j
        WHERE j.lane = %(lane)s AND j.organization_id = w.organization_id AND j.dead_at IS NULL
          AND j.due_at > %(now)s AND j.due_at <= %(claimed_by)s
          AND j.token IS NOT NULL AND j.attempts <= %(most_attempts)s
        FOR UPDATE SKIP LOCKED) f
    WHERE w.organization_id IS NOT NULL
)
UPDATE job SET token = %(token)s, lease_until = %(now)s, due_at = coalesce(renewed_due_at, %(now)s) FROM silent
WHERE job.id = silent.id AND pg_try_advisory_xact_lock({LOCK_KEY.format("silent.id::text")})
"""  # noqa: S608 (constants of this module)


def hold_claim(*, job: ClaimedJob) -> None:
    """Mark the job as being done until the transaction ends. Raises `StaleToken` where it is no longer ours.

    The lock is taken before the token is read: whoever frees claims holds it exclusively, for a moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({LOCK_KEY.format('%s')})", [str(job.id)])
    if not Job.objects.filter(pk=job.id, token=job.token).exists():
        raise StaleToken(f"{job.kind} {job.id} was taken from a worker that was slow to begin, or cancelled.")


def free_abandoned(*, lane: Lane, now: datetime) -> int:
    """Make the lane's abandoned claims due, each to be taken alone; return how many there were.

    Due at once, or when whoever asked for the job again meanwhile wants it.
    """
    portion = PORTIONS[lane]
    if portion.begins_within is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            EVERY_ORGANIZATION + _FREE,
            {
                "lane": lane.value,
                "after": BEFORE_ALL,
                "now": now,
                "claimed_by": now + portion.lease - portion.begins_within,
                "most_attempts": _MOST_ATTEMPTS,
                "token": new_id(),
            },
        )
        freed: int = cursor.rowcount
        return freed
