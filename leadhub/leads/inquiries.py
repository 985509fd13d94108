"""Marketing's half of the work: what was really asked. Called by the inquiries page and API."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Inquiry
from leadhub.leads.timeline import record_event


def set_service(*, inquiry: Inquiry, service: str, actor: Membership | None, now: datetime) -> Inquiry:
    """Say which service was asked for; the same again changes nothing."""
    former, inquiry.service = inquiry.service, service.strip()[:120]
    if former == inquiry.service:
        return inquiry
    inquiry.save(update_fields=["service"])
    record_event(
        person=inquiry.person,
        lead=inquiry.lead,
        inquiry=inquiry,
        kind=EventKind.INQUIRY_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"Service: {former or 'none'} → {inquiry.service or 'none'}",
        properties={"field": "service", "from": former, "to": inquiry.service},
    )
    return inquiry
