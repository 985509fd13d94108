"""One-click unsubscribing (RFC 8058): at once, for good, without a log-in. The public view calls it."""

from dataclasses import dataclass
from datetime import datetime

from leadhub.leads.consent import suppress
from leadhub.leads.locking import lock_person
from leadhub.leads.models import EventKind, Person
from leadhub.leads.timeline import record_event
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from nurture.exits import end_all, list_active
from nurture.links import Link
from nurture.models import Message

REASON = "Unsubscribed"


@dataclass(frozen=True, kw_only=True)
class Leaver:
    """Who may unsubscribe by a link, and from whom."""

    address: str
    organization: str


def find_leaver(*, link: Link) -> Leaver | None:
    """Return whose mail the link was in; None where it is gone. Changes nothing."""
    with scope(link.organization_id):
        message = _find_message(link)
        return _describe(message, link) if message else None


def unsubscribe(*, link: Link, now: datetime) -> Leaver | None:
    """Never mail the address again, nor let a sequence write to the person under another one; end what they are in.

    Twice changes nothing. None where the link's message is gone.
    """
    with scope(link.organization_id):
        message = _find_message(link)
        if message is None:
            return None
        person: Person = message.lead.person
        lock_person(person)
        suppress(email=_find_address(message), reason=REASON, now=now, covers_person=True)
        Message.objects.filter(pk=message.pk, unsubscribed_at=None).update(unsubscribed_at=now)
        record_event(
            person=person,
            lead=message.lead,
            kind=EventKind.UNSUBSCRIBED,
            occurred_at=now,
            now=now,
            summary=REASON,
            dedupe_key=f"unsubscribed:{message.pk}",
        )
        end_all(enrollments=list(list_active(person=person)), reason=REASON, now=now)
        return _describe(message, link)


def _find_message(link: Link) -> Message | None:
    messages = Message.objects.filter(pk=link.message_id)
    return messages.select_related("lead__person", "delivery").first()


def _find_address(message: Message) -> str:
    """Return the address that the mail went to, though the person may have another by now."""
    return str(message.delivery.recipient) if message.delivery else str(message.lead.person.email)


def _describe(message: Message, link: Link) -> Leaver:
    name = Organization.objects.values_list("name", flat=True).get(pk=link.organization_id)
    return Leaver(address=_find_address(message), organization=name)
