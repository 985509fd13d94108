"""Leads for the scoring tests, by the way that real ones take: they arrive, and their events walk the line's steps."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leadhub.leads.arrival import Received, receive_inquiry
from leadhub.leads.inquiry_records import InquiryDetails
from leadhub.leads.models import Door, Event, EventKind, Intent, Lead
from leadhub.leads.person_fields import PersonDetails
from leadhub.leads.timeline import record_event
from leadhub.leads.touches import TouchDetails
from leadhub.leads.walk import Walk
from scoring.live_score import score
from scoring.models import LeadScore
from scoring.qualify import qualify


def arrive(
    *, email: str, now: datetime, intent: Intent = Intent.WARM, value: int | None = None, walks: bool = True, **who: Any
) -> Received:
    """Have somebody submit a form, and score and qualify their lead."""
    received = receive_inquiry(
        details=PersonDetails(email=email, **who),
        touch=TouchDetails(),
        inquiry=InquiryDetails(
            door=Door.FORM,
            arrived_at=now,
            intent=intent,
            quote_value=None if value is None else Decimal(value),
        ),
        now=now,
    )
    if walks:
        walk(received.event, lead=received.lead, now=now, is_new=not received.is_duplicate)
    return received


def act(lead: Lead, kind: EventKind, *, now: datetime, ago: timedelta = timedelta(), **properties: Any) -> Event:
    """Record that the lead's person did something, and walk it."""
    event = record_event(
        person=lead.person, lead=lead, kind=kind, occurred_at=now - ago, now=now, properties=properties, walks=False
    )
    walk(event, lead=lead, now=now)
    return event


def walk(event: Event, *, lead: Lead, now: datetime, is_new: bool = False) -> None:
    """Take scoring's steps of the line."""
    lead.refresh_from_db()
    steps = Walk(
        event=event,
        person=lead.person,
        lead=lead,
        inquiry=event.inquiry,
        is_new_inquiry=is_new,
        is_quiet=False,
        now=now,
    )
    score(steps)
    qualify(steps)
    lead.refresh_from_db()


def live(lead: Lead) -> LeadScore:
    """Return the lead's live score."""
    return LeadScore.objects.get(lead=lead)
