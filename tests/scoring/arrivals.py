"""Leads for the scoring tests, by the way that real ones take: they arrive, and their events walk the line's steps."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leadhub.leads.arrival import Received
from leadhub.leads.models import Event, EventKind, Intent, Lead
from leadhub.leads.timeline import record_event
from leadhub.leads.touches import TouchDetails
from leadhub.line.walk import start_walk
from scoring.live_score import score
from scoring.models import LeadScore
from scoring.qualify import qualify
from tests.leads.arrivals import arrive as receive


def arrive(
    *, email: str, now: datetime, intent: Intent = Intent.WARM, value: int | None = None, walks: bool = True, **who: Any
) -> Received:
    """Have somebody submit a form, and score and qualify their lead."""
    quote_value = None if value is None else Decimal(value)
    received = receive(email, at=now, touch=TouchDetails(), intent=intent, quote_value=quote_value, **who)
    if walks:
        walk(received.event, lead=received.lead, now=now)
    return received


def act(lead: Lead, kind: EventKind, *, now: datetime, ago: timedelta = timedelta(), **properties: Any) -> Event:
    """Record that the lead's person did something, and walk it."""
    event = record_event(
        person=lead.person, lead=lead, kind=kind, occurred_at=now - ago, now=now, properties=properties, walks=False
    )
    walk(event, lead=lead, now=now)
    return event


def walk(event: Event, *, lead: Lead, now: datetime) -> None:
    """Take scoring's steps of the line."""
    lead.refresh_from_db()
    steps = start_walk(event=event, lead=lead, now=now)
    score(steps)
    qualify(steps)
    lead.refresh_from_db()


def live(lead: Lead) -> LeadScore:
    """Return the lead's live score."""
    return LeadScore.objects.get(lead=lead)
