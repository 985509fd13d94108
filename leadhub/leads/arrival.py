"""A raised hand becomes rows: person, touch, lead opened or joined, inquiry, event. Called by the line's `identify`.

One call per submission, inside the organization's scope. The same submission again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.identity import PersonDetails, Resolved, resolve_person
from leadhub.leads.inquiry_records import InquiryDetails, find_stored, write_inquiry
from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Person, Touch
from leadhub.leads.opening import LeadTouches, join_lead, list_leads_locked, open_lead
from leadhub.leads.timeline import record_event
from leadhub.leads.touches import TouchDetails, find_report_touch, record_touch
from leadhub.tenancy.scope import get_organization_id

__all__ = ["InquiryDetails", "PersonDetails", "Received", "TouchDetails", "receive_inquiry"]

ARRIVALS = (EventKind.FORM_SUBMITTED, EventKind.INQUIRY_REPEATED)


@dataclass(frozen=True, kw_only=True)
class Received:
    """What an arrival became."""

    person: Person
    lead: Lead
    inquiry: Inquiry
    event: Event
    is_new_lead: bool
    is_duplicate: bool


def receive_inquiry(
    *,
    details: PersonDetails,
    touch: TouchDetails,
    inquiry: InquiryDetails,
    now: datetime,
    owner: Membership | None = None,
) -> Received:
    """Turn one arrival into rows and return them.

    A repeat within 24 hours joins the lead of what it repeats. Any other inquiry joins the person's open lead, or
    opens the next one, owned by `owner` or the marketing owner until it is routed.
    """
    reception = _get_marketing_owner()
    resolved = resolve_person(details=details, now=now, country=reception.organization.country)
    stored, repeated = (None, None) if resolved.is_new else find_stored(person=resolved.person, details=inquiry)
    if stored:
        return _recall(stored)
    session = record_touch(person=resolved.person, details=touch, occurred_at=inquiry.arrived_at)
    if repeated:
        lead, is_new_lead = repeated.lead, False
        lead.person = resolved.person
    else:
        lead, is_new_lead = _place(
            resolved=resolved,
            session=session,
            inquiry=inquiry,
            owner=owner or reception,
            currency=reception.organization.currency,
            now=now,
        )
    row = write_inquiry(
        person=resolved.person,
        lead=lead,
        touch=session,
        details=inquiry,
        is_opening=is_new_lead,
        duplicate_of=repeated,
    )
    event = _record_arrival(resolved=resolved, lead=lead, inquiry=row, now=now)
    return Received(
        person=resolved.person,
        lead=lead,
        inquiry=row,
        event=event,
        is_new_lead=is_new_lead,
        is_duplicate=repeated is not None,
    )


def _get_marketing_owner() -> Membership:
    return Membership.objects.select_related("organization").get(
        organization_id=get_organization_id(), is_marketing_owner=True
    )


def _place(
    *,
    resolved: Resolved,
    session: Touch | None,
    inquiry: InquiryDetails,
    owner: Membership,
    currency: str,
    now: datetime,
) -> tuple[Lead, bool]:
    """Join the person's open lead or open the next one; return it and whether it is new."""
    former = [] if resolved.is_new else list_leads_locked(resolved.person)
    current = next((lead for lead in former if lead.is_open), None)
    if current:
        touches = LeadTouches(session=session, report=None)
        return join_lead(lead=current, details=inquiry, touches=touches, now=now), False
    report = find_report_touch(
        person=resolved.person, session=session, is_new_person=resolved.is_new, at=inquiry.arrived_at
    )
    opened = open_lead(
        person=resolved.person,
        former=former,
        details=inquiry,
        touches=LeadTouches(session=session, report=report),
        owner=owner,
        currency=currency,
        now=now,
    )
    return opened, True


def _record_arrival(*, resolved: Resolved, lead: Lead, inquiry: Inquiry, now: datetime) -> Event:
    """Write the event; keys that stayed with somebody else are noted on it."""
    properties: dict[str, Any] = {"door": inquiry.door, "service": inquiry.service, "intent": inquiry.intent}
    if resolved.left_alone:
        properties["left_alone"] = [
            {"kind": key.kind, "person": str(person_id)} for key, person_id in resolved.left_alone
        ]
    return record_event(
        person=resolved.person,
        lead=lead,
        inquiry=inquiry,
        kind=EventKind.INQUIRY_REPEATED if inquiry.duplicate_of_id else EventKind.FORM_SUBMITTED,
        occurred_at=inquiry.arrived_at,
        now=now,
        summary=inquiry.service or inquiry.get_door_display(),
        properties=properties,
        walks=False,
    )


def _recall(stored: Inquiry) -> Received:
    """Return what the submission became the first time."""
    return Received(
        person=stored.person,
        lead=stored.lead,
        inquiry=stored,
        event=Event.objects.filter(inquiry=stored, kind__in=ARRIVALS).latest("logged_at"),
        is_new_lead=stored.is_opening,
        is_duplicate=stored.duplicate_of_id is not None,
    )
