"""The answer at once: a mail to whoever raised a hand, naming who will answer by when. The line's `notify` step.

Its words are Liquid and belong to the form; the line hands them over. Exactly once per inquiry, by the
delivery's dedupe key. Never for duplicates, nor for what was imported or entered by hand. Words that fault on what
was entered still answer: with a gap, or plain.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from leadhub.delivery.liquid import RenderedMail
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.delivery.writing import Kind, Words, Written, note_fault, write_anyway
from leadhub.leads.models import Door, EventKind, Inquiry, Lead, Person
from leadhub.leads.timeline import record_event
from leadhub.leads.walk import Walk
from leadhub.tenancy.models import Organization
from nurture.moments import choose_zone
from nurture.quoting import quote
from nurture.wording import describe_person

PURPOSE = "acknowledgement"
_SILENT_DOORS = frozenset({Door.IMPORT, Door.MANUAL})
# A stranger may post a form with somebody else's address: more than these a day would be our spam.
MOST_A_DAY = 3
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A form's words, and the plain ones that answer where those cannot be written."""

    form_id: UUID
    words: Words
    plain: Words


def acknowledge(walk: Walk, *, letter: Letter) -> None:
    """Send the acknowledgement of a new inquiry, once, and note it on the inquiry and in the timeline."""
    inquiry, lead = walk.inquiry, walk.lead
    if inquiry is None or lead is None or not is_wanted(walk=walk, inquiry=inquiry):
        return
    written = write_acknowledgement(organization=walk.organization, letter=letter, lead=lead, inquiry=inquiry)
    if written.fault:
        note_fault(kind=Kind.FORM, template_id=letter.form_id, fault=written.fault, lead=lead, now=walk.now)
    delivery = deliver(
        channel="mail",
        purpose=PURPOSE,
        dedupe_key=f"{PURPOSE}:{inquiry.pk}",
        recipient=walk.person.email,
        content=_compose(written.mail, lead=lead, organization=walk.organization),
        now=walk.now,
        lead=lead,
    )
    if delivery.state != Delivery.State.SUPPRESSED:
        _note(inquiry=inquiry, lead=lead, person=walk.person, written=written, now=walk.now)


def is_wanted(*, walk: Walk, inquiry: Inquiry) -> bool:
    """Say whether an inquiry is to be acknowledged: new, loud, not yet, and by somebody with an address."""
    is_due = walk.is_new_inquiry and not walk.is_quiet and inquiry.acknowledged_at is None
    if not is_due or inquiry.door in _SILENT_DOORS or not walk.person.email_norm:
        return False
    return inquiry.is_opening or count_answered(person=walk.person, now=walk.now) < MOST_A_DAY


def count_answered(*, person: Person, now: datetime) -> int:
    """Return how many acknowledgements the person got within a day."""
    return Inquiry.objects.filter(person=person, acknowledged_at__gt=now - A_DAY).count()


def write_acknowledgement(*, organization: Organization, letter: Letter, lead: Lead, inquiry: Inquiry) -> Written:
    """Write the mail for one inquiry, whatever was entered."""
    values = describe_answer(organization=organization, person=lead.person, inquiry=inquiry, answerer=lead.owner.name)
    return write_anyway(words=letter.words, values=values, plain=letter.plain)


def describe_answer(*, organization: Organization, person: Person, inquiry: Inquiry, answerer: str) -> dict[str, Any]:
    """Return what a template may name: person, inquiry, organization, and who answers by when."""
    zone = choose_zone(person.time_zone, organization.time_zone)
    return {
        "person": describe_person(person),
        "inquiry": {
            "message": quote(inquiry.message),
            "service": quote(inquiry.service),
            "arrived": write_moment(inquiry.arrived_at, zone),
            "fields": quote(inquiry.fields),
        },
        "organization": {"name": organization.name},
        "answer": {"name": answerer, "by": write_moment(inquiry.due_at, zone) if inquiry.due_at else ""},
    }


def write_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment as a letter would: Wednesday 4 March, 15:05 UTC."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M} {local.tzname()}"


def _compose(mail: RenderedMail, *, lead: Lead, organization: Organization) -> dict[str, Any]:
    """Put the mail under the name that the person knows: they never heard of LeadHub."""
    content = {"subject": mail.subject, "text": mail.text, "reply_to": lead.owner.user.email}
    content["from_name"] = organization.name
    if mail.html:
        content["html"] = mail.html
    return content


def _note(*, inquiry: Inquiry, lead: Lead, person: Person, written: Written, now: datetime) -> None:
    inquiry.acknowledged_at = now
    inquiry.save(update_fields=["acknowledged_at"])
    record_event(
        person=person,
        lead=lead,
        inquiry=inquiry,
        kind=EventKind.ACKNOWLEDGED,
        occurred_at=now,
        now=now,
        summary=written.mail.subject,
        properties={"note": written.apology} if written.fault else None,
        dedupe_key=f"{PURPOSE}:{inquiry.pk}",
        walks=False,
    )
