"""Parked and snoozed leads wake at their date: the job is made with the event that named the date."""

from datetime import datetime

from leadhub.leads.disposition import wake_lead
from leadhub.leads.models import Event, EventKind, Lead
from leadhub.work.jobs import enqueue
from leadhub.work.registry import ClaimedJob
from routing.departures import take_over_woken


def ask_for_wake(event: Event, now: datetime) -> None:
    """Make the wake-up job of a disposition or snooze that has a date. A later date makes a job of its own."""
    lead = event.lead
    if event.kind in {EventKind.DISPOSED, EventKind.SNOOZED} and lead is not None and lead.wakes_at:
        enqueue(
            kind="line.wake_lead",
            target_id=lead.pk,
            dedupe_key=f"{lead.pk}:{lead.wakes_at.isoformat()}",
            due_at=lead.wakes_at,
            now=now,
        )


def run_wake_lead(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "line.wake_lead"; a lead that has another date by now, or none, stays as it is."""
    lead = Lead.objects.select_related("person__company", "owner__user").filter(pk=job.target_id).first()
    if lead is not None:
        wake_lead(lead=lead, now=now)
        take_over_woken(lead=lead, now=now)
