"""Walk an event along the line. The jobs of the line call this; the API's synchronous create does as well."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from capture.intake import identify_submission
from leadhub.leads.locking import lock_person
from leadhub.leads.models import Door, Event, EventKind, Lead
from leadhub.leads.walk import Walk
from leadhub.line.steps import STEPS
from leadhub.work.jobs import JobRequest, enqueue, enqueue_many
from leadhub.work.registry import ClaimedJob
from leadhub.work.runner import record_failure

_log = logging.getLogger(__name__)
_RETRY_AFTER = timedelta(seconds=1)


def walk_submission(*, submission_id: UUID, now: datetime) -> Walk | None:
    """Turn a stored submission into a lead and walk the line; None when it was settled, rejected or held back."""
    walk = identify_submission(submission_id=submission_id, now=now)
    if walk is not None:
        walk_line(walk)
    return walk


def walk_event(*, event_id: UUID, now: datetime) -> Walk | None:
    """Walk an event of a known person along the line; None when they have no lead it could concern."""
    walk = load_walk(event_id=event_id, now=now)
    if walk is not None:
        walk_line(walk)
    return walk


def load_walk(*, event_id: UUID, now: datetime) -> Walk | None:
    """Return the walk of an event, its lead locked; without a lead of its own, that of the person's open one."""
    event = Event.objects.select_related("inquiry", "person").get(pk=event_id)
    lock_person(event.person)  # before the lead: a step may write what it learnt of the person
    leads = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("person", "owner")
    own = leads.filter(pk=event.lead_id) if event.lead_id else leads.open().filter(person=event.person_id)
    lead = own.first()
    return start_walk(event=event, lead=lead, now=now) if lead else None


def start_walk(*, event: Event, lead: Lead, now: datetime) -> Walk:
    """Return the walk of an event along the line, as part of a lead."""
    inquiry = event.inquiry
    return Walk(
        event=event,
        person=lead.person,
        lead=lead,
        inquiry=inquiry,
        is_new_inquiry=inquiry is not None and event.kind == EventKind.FORM_SUBMITTED,
        is_quiet=inquiry is not None and inquiry.door == Door.IMPORT,
        now=now,
    )


def walk_line(walk: Walk) -> None:
    """Take every step in order, all in one savepoint; where one fails, each again in a savepoint of its own."""
    try:
        with transaction.atomic():
            for step in STEPS.values():
                step(walk)
    except (OperationalError, InterfaceError):
        raise  # a deadlock or a lost connection: nothing of this transaction can stand
    except Exception:  # noqa: BLE001 (whatever it is, the lead walks on)
        read_anew(walk)
        _walk_in_steps(walk)


def _walk_in_steps(walk: Walk) -> None:
    """Take every step in order; one that fails is recorded and left to its own job, the others still run."""
    for name in STEPS:
        try:
            take_step(walk, name=name)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001
            _log.exception("Step %s of event %s failed", name, walk.event.id)
            read_anew(walk)
            _retry_later(walk, name=name, error=error)


def take_step(walk: Walk, *, name: str) -> None:
    """Take one step in a savepoint."""
    with transaction.atomic():
        STEPS[name](walk)


def read_anew(walk: Walk) -> None:
    """Read again what a step changed in memory: the savepoint took it back in the database."""
    walk.notes.clear()
    walk.person.refresh_from_db()
    if walk.inquiry is not None:
        walk.inquiry.refresh_from_db()
    if walk.lead is not None:
        walk.lead = Lead.objects.select_related("person", "owner").get(pk=walk.lead.pk)
        walk.person = walk.lead.person


def _retry_later(walk: Walk, *, name: str, error: Exception) -> None:
    """Leave the step to a job."""
    job_id = enqueue(
        kind="line.retry_step",
        target_id=walk.event.id,
        dedupe_key=f"{walk.event.id}:{name}",
        due_at=walk.now + _RETRY_AFTER,
        now=walk.now,
    )
    record_failure(job_id=job_id, kind=f"line.{name}", attempt=1, error=error, now=walk.now)


def ask_for_walks(events: Sequence[Event], now: datetime) -> None:
    """Make a job for each event that the timeline announces: it will walk the line."""
    jobs = [
        JobRequest(kind="line.walk_event", target_id=event.pk, dedupe_key=str(event.pk), due_at=now) for event in events
    ]
    enqueue_many(jobs=jobs, now=now)


def run_walk_submission(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "line.walk_submission"."""
    walk_submission(submission_id=job.target_id, now=now)


def run_walk_event(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "line.walk_event"."""
    walk_event(event_id=job.target_id, now=now)


def run_retry_step(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "line.retry_step": the step's name is the end of the dedupe key."""
    walk = load_walk(event_id=job.target_id, now=now)
    if walk is not None:
        take_step(walk, name=job.dedupe_key.rpartition(":")[2])
