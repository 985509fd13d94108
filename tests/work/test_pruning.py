"""What is old is forgotten: failures after a month, seen alerts after half a year, expired sessions."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from leadhub.accounts.models import Membership
from leadhub.lib.ids import new_id
from leadhub.live.alerts import KEPT_FOR, raise_alert
from leadhub.live.models import Alert
from leadhub.tenancy.models import Organization
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job, JobFailure
from leadhub.work.pruning import FAILURES_KEPT_FOR, PRUNE, ask_for_pruning
from leadhub.work.runner import record_failure, run_due

pytestmark = pytest.mark.django_db


def prune(now: datetime) -> None:
    ask_for_pruning(now=now)
    run_due(now=now)


def test_failures_are_forgotten_after_a_month_unless_their_job_waits(in_scope: Organization, now: datetime) -> None:
    waiting = enqueue(kind=PRUNE, target_id=in_scope.pk, dedupe_key="x", due_at=now + timedelta(days=99), now=now)
    for job_id in (waiting, new_id()):
        record_failure(job_id=job_id, kind="test", attempt=1, error=ValueError("no"), now=now)
    prune(now + FAILURES_KEPT_FOR)
    assert JobFailure.objects.count() == 2
    prune(now + FAILURES_KEPT_FOR + timedelta(seconds=1))
    assert list(JobFailure.objects.values_list("job_id", flat=True)) == [waiting]


def test_alerts_that_were_seen_are_forgotten_after_half_a_year(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    for key in ("seen", "unseen"):
        raise_alert(member=ada, kind=Alert.Kind.WOKEN, lead=None, text=key, dedupe_key=key, now=now)
    Alert.objects.filter(dedupe_key="seen").update(seen_at=now)
    prune(now + KEPT_FOR + timedelta(seconds=1))
    assert list(Alert.objects.values_list("dedupe_key", flat=True)) == ["unseen"]


def test_expired_sessions_are_forgotten_and_asking_twice_makes_one_job(in_scope: Organization, now: datetime) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    ask_for_pruning(now=now)
    ask_for_pruning(now=now)
    assert not Session.objects.exists()
    assert Job.objects.filter(kind=PRUNE, organization=in_scope).count() == 1
