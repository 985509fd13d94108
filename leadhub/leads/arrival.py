"""A raised hand becomes rows: person, touch, lead opened or joined, inquiry, event. Called by the line's `identify`.

One call per submission, inside the organization's scope. The same submission again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadhub.accounts.duty import get_marketing_owner
from leadhub.accounts.models import Membership
from leadhub.leads.identity import Resolved, resolve_person
from leadhub.leads.inquiry_records import InquiryDetails, find_stored, make_inquiry
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Person, Touch
from leadhub.leads.opening import LeadTouches, join_lead, list_leads_locked, open_lead
from leadhub.leads.person_fields import PersonDetails
from leadhub.leads.timeline import show_events
from leadhub.leads.touches import TouchDetails, find_report_touch, make_touch
from leadhub.tenancy.inserts import insert_together

ARRIVALS = (EventKind.FORM_SUBMITTED, EventKind.INQUIRY_REPEATED)


@dataclass(frozen=True, kw_only=True)
class Received:
    """What an arrival became; what was stored before was recalled, and nothing of it is new."""

    person: Person
    lead: Lead
    inquiry: Inquiry
    event: Event
    is_new_person: bool
    is_new_lead: bool
    is_duplicate: bool
    is_recalled: bool = False


def receive_inquiry(
    *,
    details: PersonDetails,
    touch: TouchDetails,
    inquiry: InquiryDetails,
    now: datetime,
    owner: Membership | None = None,
    marketing_owner: Membership | None = None,
) -> Received:
    """Turn one arrival into rows and return them.

    A repeat within 24 hours joins the lead of what it repeats. Any other inquiry joins the person's open lead, or opens
    the next one. Until it is routed that is owned by `owner`, else by the marketing owner, whom a caller may have read.
    """
    marketing_owner = marketing_owner or get_marketing_owner()
    organization = marketing_owner.organization
    resolved = resolve_person(details=details, now=now, country=organization.country)
    stored, repeated = (None, None) if resolved.is_new else find_stored(person=resolved.person, details=inquiry)
    if stored:
        return _recall(stored)
    session = make_touch(person=resolved.person, details=touch, occurred_at=inquiry.arrived_at)
    place = _Place(resolved=resolved, session=session, owner=owner or marketing_owner, currency=organization.currency)
    return _write_arrival(place=place, repeated=repeated, inquiry=inquiry, now=now)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What it takes to find the person's lead, or to open the next one."""

    resolved: Resolved
    session: Touch | None
    owner: Membership
    currency: str


def _write_arrival(*, place: _Place, repeated: Inquiry | None, inquiry: InquiryDetails, now: datetime) -> Received:
    """Find or open the lead, and insert what is new of touch, lead, inquiry and event in one statement."""
    resolved, session = place.resolved, place.session
    lead, is_new_lead = _find_lead(place=place, repeated=repeated, inquiry=inquiry, now=now)
    row = make_inquiry(
        person=resolved.person,
        lead=lead,
        touch=session,
        details=inquiry,
        is_opening=is_new_lead,
        duplicate_of=repeated,
    )
    event = _describe_arrival(resolved=resolved, lead=lead, inquiry=row, now=now)
    insert_together([one for one in (session, lead, row, event) if one is not None and one._state.adding])
    show_events([event])
    return Received(
        person=resolved.person,
        lead=lead,
        inquiry=row,
        event=event,
        is_new_person=resolved.is_new,
        is_new_lead=is_new_lead,
        is_duplicate=repeated is not None,
    )


def _find_lead(*, place: _Place, repeated: Inquiry | None, inquiry: InquiryDetails, now: datetime) -> tuple[Lead, bool]:
    """Return the lead of what is repeated, the person's open one, or the next, unsaved; and whether it is new."""
    person = place.resolved.person
    if repeated:
        lock_lead(repeated.lead).person = person
        return repeated.lead, False
    former = [] if place.resolved.is_new else list_leads_locked(person)
    current = next((lead for lead in former if lead.is_open), None)
    if current:
        touches = LeadTouches(session=place.session, report=None)
        insert_together([place.session] if place.session else [])
        return join_lead(lead=current, details=inquiry, touches=touches, now=now), False
    return _open_next(place=place, former=former, inquiry=inquiry, now=now), True


def _open_next(*, place: _Place, former: list[Lead], inquiry: InquiryDetails, now: datetime) -> Lead:
    person, session = place.resolved.person, place.session
    report = find_report_touch(
        person=person, session=session, is_new_person=place.resolved.is_new, at=inquiry.arrived_at
    )
    return open_lead(
        person=person,
        former=former,
        details=inquiry,
        touches=LeadTouches(session=session, report=report),
        owner=place.owner,
        currency=place.currency,
        now=now,
    )


def _describe_arrival(*, resolved: Resolved, lead: Lead, inquiry: Inquiry, now: datetime) -> Event:
    """Return the event, unsaved; keys that stayed with somebody else are noted on it."""
    properties: dict[str, Any] = {"door": inquiry.door, "service": inquiry.service, "intent": inquiry.intent}
    if resolved.left_alone:
        properties["left_alone"] = [
            {"kind": key.kind, "person": str(person_id)} for key, person_id in resolved.left_alone
        ]
    return Event(
        person=resolved.person,
        lead=lead,
        inquiry=inquiry,
        kind=EventKind.INQUIRY_REPEATED if inquiry.duplicate_of_id else EventKind.FORM_SUBMITTED,
        occurred_at=inquiry.arrived_at,
        logged_at=now,
        summary=inquiry.service or inquiry.get_door_display(),
        properties=properties,
    )


def _recall(stored: Inquiry) -> Received:
    """Return what the submission became the first time."""
    return Received(
        person=stored.person,
        lead=stored.lead,
        inquiry=stored,
        event=Event.objects.filter(inquiry=stored, kind__in=ARRIVALS).latest("logged_at"),
        is_new_person=False,
        is_new_lead=stored.is_opening,
        is_duplicate=stored.duplicate_of_id is not None,
        is_recalled=True,
    )
