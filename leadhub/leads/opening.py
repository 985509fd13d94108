"""Opening a person's next lead, and adding an inquiry to the open one. Called by arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from leadhub.accounts.models import Membership
from leadhub.leads.inquiry_records import InquiryDetails
from leadhub.leads.lifecycle import REVOKED
from leadhub.leads.models import Channel, Door, Lead, Person, Touch, ValueSource, Verdict
from leadhub.leads.verdicts import set_verdict

SOURCE_COLUMNS = ("source", "medium", "campaign", "term", "landing_page")


@dataclass(frozen=True, kw_only=True)
class LeadTouches:
    """The session that an inquiry came in, and the touch that its lead is reported under."""

    session: Touch | None
    report: Touch | None


def list_leads_locked(person: Person) -> list[Lead]:
    """Return the person's leads, the newest first, held until the transaction ends."""
    leads = list(Lead.objects.filter(person=person).select_for_update(no_key=True).order_by("pk"))
    for lead in leads:
        lead.person = person
    return sorted(leads, key=attrgetter("number"), reverse=True)


def open_lead(
    *,
    person: Person,
    former: Sequence[Lead],
    details: InquiryDetails,
    touches: LeadTouches,
    owner: Membership,
    currency: str,
    now: datetime,
) -> Lead:
    """Return the person's next pass, unsaved, new, with its owner from the first instant."""
    report = touches.report
    return Lead(
        person=person,
        number=former[0].number + 1 if former else 1,
        owner=owner,
        captured_at=details.arrived_at,
        channel=report.channel if report else Channel.UNKNOWN,
        first_touch=report,
        last_touch=touches.session or report,
        quote_value=details.usable_value,
        quote_value_source=_value_source(details),
        currency=(details.currency[:3].upper() if len(details.currency) >= 3 else currency),
        updated_at=now,
        **{name: getattr(report, name) for name in SOURCE_COLUMNS if report},
    )


def join_lead(*, lead: Lead, details: InquiryDetails, touches: LeadTouches, now: datetime) -> Lead:
    """Add a counted inquiry to the open lead: it wakes it, brings its value and asks for a new verdict."""
    if touches.session:
        lead.last_touch = touches.session
    has_same_money = not details.currency or details.currency[:3].upper() == lead.currency
    if details.usable_value is not None and has_same_money:
        lead.quote_value, lead.quote_value_source = details.usable_value, _value_source(details)
    lead.wakes_at, lead.updated_at = None, now
    lead.save(update_fields=["last_touch", "quote_value", "quote_value_source", "wakes_at", "updated_at"])
    if lead.verdict in REVOKED:
        set_verdict(lead=lead, verdict=Verdict.PENDING, actor=None, reason="A new inquiry", now=now, walks=False)
    return lead


def _value_source(details: InquiryDetails) -> str:
    if details.usable_value is None:
        return ""
    return {Door.API: ValueSource.API, Door.MANUAL: ValueSource.MEMBER}.get(details.door, ValueSource.FORM)
