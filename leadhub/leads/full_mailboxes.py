"""Mailboxes that were full when our mail came: sequences wait some days before they write there again.

Read from the timeline, so that there is nothing to lift. `capture.mail` notes it, nurture asks before each mail, and
the suppression list's page shows who waits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from leadhub.leads.models import Event, EventKind, Person
from leadhub.leads.normal import normalise_email

PAUSE = timedelta(days=3)
_ADDRESS = "full_address"
_MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class FullMailbox:
    """An address that was full, and until when no sequence writes there."""

    address: str
    person: Person
    until: datetime


def describe_full(address: str) -> dict[str, str]:
    """Return what the event of a mail that came back says of the mailbox that was full."""
    return {_ADDRESS: normalise_email(address) or address}


def find_full_until(person: Person, *, now: datetime) -> datetime | None:
    """Return when a sequence may write again to the person's address; None where it may now."""
    latest = _list_recent(now=now).filter(person=person, **{f"properties__{_ADDRESS}": person.email_norm}).first()
    return latest.occurred_at + PAUSE if latest else None


def list_full(*, now: datetime) -> list[FullMailbox]:
    """Return the mailboxes that were full of late, the latest first, each once."""
    events = _list_recent(now=now).filter(properties__has_key=_ADDRESS).select_related("person")[:_MOST_SHOWN]
    found: dict[str, FullMailbox] = {}
    for event in events:
        address = event.properties[_ADDRESS]
        found.setdefault(address, FullMailbox(address=address, person=event.person, until=event.occurred_at + PAUSE))
    return list(found.values())


def _list_recent(*, now: datetime) -> QuerySet[Event]:
    recent = Event.objects.filter(kind=EventKind.MAIL_BOUNCED, occurred_at__gt=now - PAUSE)
    return recent.order_by("-occurred_at")
