"""Dead letters: jobs given up, why, and trying them again. The admin's page calls this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import ring_after_commit
from leadhub.work.models import Job, JobFailure


class NoDeadLetter(DomainError):
    """The job is not a dead letter of this organization, or was tried again meanwhile."""

    def __init__(self) -> None:
        super().__init__("This job is no dead letter any more: somebody tried it again.")


@dataclass(frozen=True, kw_only=True)
class TroubledJob:
    """A job that failed, and its last failure."""

    job: Job
    failure: JobFailure | None


@dataclass(frozen=True, kw_only=True)
class LaneLoad:
    """How much work of the organization waits in one lane; `oldest_due_at` tells the lag."""

    lane: str
    due: int
    oldest_due_at: datetime | None


def list_dead_letters() -> QuerySet[Job]:
    """Return the organization's dead letters."""
    return Job.objects.filter(organization_id=get_organization_id(), dead_at__isnull=False)


def list_retrying(*, limit: int = 50) -> list[TroubledJob]:
    """Return the organization's jobs that failed and are to be tried again, the next one first."""
    jobs = Job.objects.filter(organization_id=get_organization_id(), dead_at=None).exclude(error_class="")
    return add_failures(jobs.order_by("due_at")[:limit])


def add_failures(jobs: Iterable[Job]) -> list[TroubledJob]:
    """Add the last failure of each job, in one query."""
    jobs = list(jobs)
    failures = JobFailure.objects.filter(job_id__in=[job.id for job in jobs]).order_by("at", "id")
    latest = {failure.job_id: failure for failure in failures}
    return [TroubledJob(job=job, failure=latest.get(job.id)) for job in jobs]


def list_lane_loads(*, now: datetime) -> list[LaneLoad]:
    """Return what is due in each lane of the organization; a job at work is not waiting."""
    due = Job.objects.filter(organization_id=get_organization_id(), dead_at=None, due_at__lte=now)
    rows = due.values("lane").annotate(due=Count("id"), oldest_due_at=Min("due_at")).order_by("lane")
    return [LaneLoad(**row) for row in rows]


def retry_job(*, job_id: UUID, actor: Membership, now: datetime) -> Job:
    """Make a dead letter due again, with all its attempts before it. Raises `NoDeadLetter`."""
    job = list_dead_letters().filter(pk=job_id).first()
    if job is None or not _revive(Q(pk=job_id), now=now):
        raise NoDeadLetter
    record_change(
        actor=actor,
        action="job.retried",
        target_kind="job",
        target_id=job.id,
        summary=f"{job.kind} tried again",
        now=now,
    )
    ring_after_commit(job.lane)
    return job


def retry_all(*, actor: Membership, now: datetime) -> int:
    """Make every dead letter of the organization due again; return how many."""
    lanes = set(list_dead_letters().values_list("lane", flat=True))
    count = _revive(Q(), now=now)
    if count:
        record_change(
            actor=actor,
            action="job.retried",
            target_kind="job",
            target_id=None,
            summary=f"{count} dead letters tried again",
            now=now,
        )
    for lane in lanes:
        ring_after_commit(lane)
    return count


def _revive(which: Q, *, now: datetime) -> int:
    return (
        list_dead_letters()
        .filter(which)
        .update(dead_at=None, due_at=now, attempts=0, error_class="", generation=F("generation") + 1)
    )
