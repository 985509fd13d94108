"""Parked and snoozed leads wake at their date: the job is made with the event that named the date.

Or before it, when somebody asks for that.
"""

from collections.abc import Sequence
from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.disposition import wake_early, wake_lead
from leadhub.leads.models import Event, EventKind, Lead
from leadhub.work.jobs import JobRequest, enqueue_many
from leadhub.work.registry import ClaimedJob
from routing.departures import take_over_woken


def ask_for_wakes(events: Sequence[Event], now: datetime) -> None:
    """Make the wake-up jobs of dispositions and snoozes that have a date. A later date makes a job of its own."""
    parked = [event.lead for event in events if event.kind in {EventKind.DISPOSED, EventKind.SNOOZED} and event.lead]
    jobs = [
        JobRequest(
            kind="line.wake_lead",
            target_id=lead.pk,
            dedupe_key=f"{lead.pk}:{lead.wakes_at.isoformat()}",
            due_at=lead.wakes_at,
        )
        for lead in parked
        if lead.wakes_at
    ]
    enqueue_many(jobs=jobs, now=now)


def run_wake_lead(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "line.wake_lead"; a lead that has another date by now, or none, stays as it is."""
    lead = Lead.objects.select_related("person__company", "owner__user").filter(pk=job.target_id).first()
    if lead is not None:
        wake_lead(lead=lead, now=now)
        take_over_woken(lead=lead, now=now)


def wake_now(*, lead: Lead, actor: Membership, now: datetime) -> None:
    """Wake the lead before its date, for whoever owns it by then; called by pages and API. Raises as `wake_early`."""
    wake_early(lead=lead, actor=actor, now=now)
    take_over_woken(lead=lead, now=now)
