"""Do what is due: claim, run each job in its organization's scope and a transaction of its own, record failures.

The Celery tasks call `drain`; tests, commands and the demo call `run_due`, in process, at an instant they choose.
"""

import logging
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from leadhub.tenancy.scope import get_organization_id, has_scope, scope
from leadhub.work.abandoned import free_abandoned, hold_claim
from leadhub.work.claims import (
    PORTIONS,
    Occupied,
    StaleToken,
    Turn,
    bury_job,
    claim_jobs,
    claim_jobs_of,
    complete_job,
    put_off,
    release_job,
    return_unstarted,
)
from leadhub.work.models import JobFailure, Lane
from leadhub.work.registry import ClaimedJob, Clock, get_registration

_log = logging.getLogger(__name__)
# Seconds until the next attempt, by attempts made; after the last one the job is a dead letter.
BACKOFF_SECONDS = (1, 5, 30, 120, 600, 1800, 3600, 3 * 3600)
MAX_ATTEMPTS = len(BACKOFF_SECONDS) + 1
_TRACEBACK_CHARACTERS = 8000
_turns = {lane: Turn() for lane in Lane}


class WorkerLost(Exception):
    """The job's workers died, attempt after attempt, before they could record why."""


def drain(*, lane: Lane, clock: Clock, until: datetime) -> int:
    """Claim and do the lane's due jobs until none is left or the instant has passed; return how many.

    A claim that took all there was is the last one: whoever asks for a job meanwhile rings for another drain.
    """
    done, turn = 0, _turns[lane]
    free_abandoned(lane=lane, now=clock())
    while jobs := claim_jobs(lane=lane, turn=turn, now=clock()):
        ran = run_jobs(jobs=jobs, clock=clock)
        done += ran
        if (turn.took_all and ran == len(jobs)) or clock() >= until:
            break
    return done


def run_due(*, now: datetime, organization_id: UUID | None = None, lanes: Iterable[Lane] = tuple(Lane)) -> int:
    """Do everything due at `now`, and what that makes due, in this process; return how many jobs ran.

    Works through one organization: the named one, else the scope's, else through all of them.
    """
    if organization_id is None and has_scope():
        organization_id = get_organization_id()
    done = 0
    while jobs := _claim_any(now=now, organization_id=organization_id, lanes=lanes):
        done += run_jobs(jobs=jobs, clock=lambda: now)
    return done


def _claim_any(*, now: datetime, organization_id: UUID | None, lanes: Iterable[Lane]) -> list[ClaimedJob]:
    for lane in lanes:
        if organization_id is None:
            jobs = claim_jobs(lane=lane, turn=Turn(), now=now)
        else:
            jobs = claim_jobs_of(organization_id=organization_id, lane=lane, now=now)
        if jobs:
            return jobs
    return []


def run_jobs(*, jobs: list[ClaimedJob], clock: Clock) -> int:
    """Do claimed jobs one after the other, give back those whose lease is nearly over; return how many ran."""
    done = 0
    for job in jobs:
        if clock() > job.lease_until - PORTIONS[Lane(job.lane)].margin:
            return_unstarted(job=job)
        else:
            run_job(job=job, clock=clock)
            done += 1
    return done


def run_job(*, job: ClaimedJob, clock: Clock) -> None:
    """Do one claimed job. Its failure is recorded and it is due again later, or is a dead letter.

    A database that went away is the caller's: nothing can be recorded, and the lease runs out.
    """
    try:
        if job.attempts > MAX_ATTEMPTS:
            raise WorkerLost(f"{MAX_ATTEMPTS} attempts ended without an answer.")  # noqa: TRY301
        _do(job=job, clock=clock)
    except StaleToken as error:
        _log.info("%s", error)
    except Occupied:
        put_off(job=job, now=clock())
    except Exception as error:
        if isinstance(error, OperationalError | InterfaceError) and not connection.is_usable():
            raise
        _log.exception("%s %s failed, attempt %s", job.kind, job.id, job.attempts)
        _record_failure(job=job, error=error, now=clock())


def _do(*, job: ClaimedJob, clock: Clock) -> None:
    registration = get_registration(job.kind)
    if registration.sender:
        registration.sender(job=job, clock=clock)
    elif registration.handler:
        with job_scope(job.organization_id):
            if PORTIONS[Lane(job.lane)].begins_within is not None:
                hold_claim(job=job)
            registration.handler(job=job, now=clock())
            complete_job(job=job, now=clock())


@contextmanager
def job_scope(organization_id: UUID) -> Iterator[None]:
    """Open the scope with its transaction; inside a caller's own scope, a savepoint of its own."""
    if has_scope():
        with transaction.atomic(), scope(organization_id):
            yield
    else:
        with scope(organization_id):
            yield


def _record_failure(*, job: ClaimedJob, error: Exception, now: datetime) -> None:
    """Write why into the tenant's table and make the job due again, or a dead letter; a stale claim is let go."""
    name = type(error).__name__
    with job_scope(job.organization_id):
        if job.attempts >= MAX_ATTEMPTS:
            is_ours = bury_job(job=job, now=now, error_class=name)
        else:
            due_at = now + timedelta(seconds=BACKOFF_SECONDS[job.attempts - 1])
            is_ours = release_job(job=job, due_at=due_at, error_class=name)
        if is_ours:
            record_failure(job_id=job.id, kind=job.kind, attempt=job.attempts, error=error, now=now)


def record_failure(*, job_id: UUID, kind: str, attempt: int, error: Exception, now: datetime) -> JobFailure:
    """Keep what went wrong where only its organization can read it."""
    return JobFailure.objects.create(
        job_id=job_id,
        kind=kind,
        attempt=attempt,
        error_class=type(error).__name__,
        message=_without_nul(str(error)),
        traceback=_without_nul("".join(traceback.format_exception(error)))[-_TRACEBACK_CHARACTERS:],
        at=now,
    )


def _without_nul(text: str) -> str:
    """PostgreSQL's text cannot hold NUL."""
    return text.replace("\0", "")
