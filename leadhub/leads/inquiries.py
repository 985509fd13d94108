"""Marketing's half of the work: what was really asked, and how warm it is. Called by the inquiries page and API."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Inquiry, Intent
from leadhub.leads.timeline import record_event


def set_service(*, inquiry: Inquiry, service: str, actor: Membership | None, now: datetime) -> Inquiry:
    """Say which service was asked for; the same again changes nothing."""
    return _change(inquiry=inquiry, field="service", value=service.strip()[:120], actor=actor, now=now)


def set_intent(*, inquiry: Inquiry, intent: Intent, actor: Membership | None, now: datetime) -> Inquiry:
    """Say how warm the raised hand is; the walk that follows may make a hot one an MQL."""
    return _change(inquiry=inquiry, field="intent", value=Intent(intent), actor=actor, now=now)


def _change(*, inquiry: Inquiry, field: str, value: str, actor: Membership | None, now: datetime) -> Inquiry:
    former = getattr(inquiry, field)
    if former == value:
        return inquiry
    setattr(inquiry, field, value)
    inquiry.save(update_fields=[field])
    record_event(
        person=inquiry.person,
        lead=inquiry.lead,
        inquiry=inquiry,
        kind=EventKind.INQUIRY_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"{field.capitalize()}: {former or 'none'} → {value or 'none'}",
        properties={"field": field, "from": former, "to": value},
    )
    return inquiry
