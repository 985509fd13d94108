"""Forget what nobody needs any more: a daily job for each organization. Beat asks for it; apps add what they forget."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job, JobFailure
from leadhub.work.registry import ClaimedJob

PRUNE = "work.prune"
FAILURES_KEPT_FOR = timedelta(days=30)
# Forgets what is old at the instant, in the scope's organization; returns how much.
Pruner = Callable[[datetime], int]
_pruners: list[Pruner] = []


def prune_with(pruner: Pruner) -> None:
    """Have the daily job call the pruner as well; apps call this in `ready()`."""
    if pruner not in _pruners:
        _pruners.append(pruner)


def ask_for_pruning(*, now: datetime) -> None:
    """Make each organization's job, and forget the sessions that have expired. Twice a day changes nothing."""
    Session.objects.filter(expire_date__lt=now).delete()
    with transaction.atomic():
        for organization_id in Organization.objects.values_list("id", flat=True):
            enqueue(
                kind=PRUNE,
                target_id=organization_id,
                dedupe_key="daily",
                due_at=now,
                now=now,
                organization_id=organization_id,
            )


def run_prune(*, job: ClaimedJob, now: datetime) -> None:  # noqa: ARG001
    """Handle "work.prune"."""
    for pruner in _pruners:
        pruner(now)


def forget_old_failures(now: datetime) -> int:
    """Delete the failures of jobs that were done long ago; a dead letter keeps its own until it is settled."""
    waiting = Job.objects.filter(organization_id=get_organization_id()).values("id")
    old = JobFailure.objects.filter(at__lt=now - FAILURES_KEPT_FOR).exclude(job_id__in=waiting)
    return old.delete()[0]
