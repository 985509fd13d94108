"""Wake what was put off until a date. Called by the line's `clock` step; its job returns the lead to its owner."""

from datetime import datetime

from leadhub.leads.disposition import wake_lead
from leadhub.leads.models import EventKind, Lead
from leadhub.leads.walk import Walk
from leadhub.live.models import Alert
from leadhub.work.jobs import enqueue
from leadhub.work.registry import ClaimedJob
from routing.alerting import Notice, describe_lead, notify

WAKE = "leads.wake"


def schedule_waking(walk: Walk) -> None:
    """Make the job that wakes the lead, when the walked event put it off until a date."""
    if walk.lead is not None and walk.event.kind in {EventKind.DISPOSED, EventKind.SNOOZED}:
        _schedule(lead=walk.lead, now=walk.now)


def run_wake(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "leads.wake": back to its owner, who is told; one put off further waits for its new date."""
    lead = Lead.objects.select_related("person__company", "owner__user", "owner__organization").get(pk=job.target_id)
    wakes_at = lead.wakes_at
    lead = wake_lead(lead=lead, now=now)
    if lead.wakes_at is not None:
        if lead.wakes_at > now:
            _schedule(lead=lead, now=now)
        return
    if wakes_at is None:
        return
    notify(
        Notice(
            member=lead.owner,
            kind=Alert.Kind.WOKEN,
            text=f"Woke up: {describe_lead(lead)} is due for another try",
            cause=f"woken:{lead.pk}:{wakes_at.isoformat()}",
            lead=lead,
        ),
        now=now,
    )


def _schedule(*, lead: Lead, now: datetime) -> None:
    if lead.wakes_at is not None:
        enqueue(kind=WAKE, target_id=lead.pk, dedupe_key=str(lead.pk), due_at=lead.wakes_at, now=now)
