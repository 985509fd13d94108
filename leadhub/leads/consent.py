"""What people asked us not to do, and what they agreed to. Read by the outbox before every mail."""

from collections.abc import Collection
from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Identity, Person, Suppression
from leadhub.leads.normal import normalise_email
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError


class NoAddress(DomainError):
    """The text is no e-mail address."""


def suppress(*, email: str, reason: str, now: datetime) -> Suppression:
    """Never mail the address again; the first reason stays. Raises `NoAddress`."""
    email_norm = normalise_email(email)
    if email_norm is None:
        raise NoAddress("This is not an e-mail address.", field="email")
    row = Suppression(email_norm=email_norm, reason=reason[:200], created_at=now)
    Suppression.objects.bulk_create([row], ignore_conflicts=True)
    return Suppression.objects.get(email_norm=email_norm)


def is_suppressed(email: str) -> bool:
    """Say whether the address, or a person who has it, asked not to be mailed."""
    email_norm = normalise_email(email) or email.strip().lower()
    return bool(list_suppressed([email_norm]))


def list_suppressed(addresses: Collection[str]) -> set[str]:
    """Return which of the normalised addresses are not to be mailed: listed, or of a person who asked for it."""
    listed = Suppression.objects.filter(email_norm__in=addresses).order_by()
    silent = Identity.objects.filter(kind=Identity.Kind.EMAIL, value__in=addresses, person__do_not_contact=True)
    return set(listed.values_list("email_norm", flat=True).union(silent.order_by().values_list("value", flat=True)))


def suppress_person(*, person: Person, reason: str, now: datetime, actor: Membership | None = None) -> Person:
    """Leave the person alone: every address of theirs, and whichever they add later. Twice changes nothing."""
    if person.do_not_contact:
        return person
    addresses = Identity.objects.filter(person=person, kind=Identity.Kind.EMAIL).values_list("value", flat=True)
    Suppression.objects.bulk_create(
        [Suppression(email_norm=address, reason=reason[:200], created_at=now) for address in addresses],
        ignore_conflicts=True,
    )
    person.do_not_contact = True
    person.save(update_fields=["do_not_contact"])
    record_event(
        person=person,
        lead=None,
        kind=EventKind.UNSUBSCRIBED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=reason,
        walks=False,
    )
    return person


def record_consent(*, person: Person, purpose: str, is_given: bool, source: str, now: datetime) -> Person:
    """Note what the person agreed to or withdrew for a purpose, when and where they said so."""
    person.consent = {**person.consent, purpose: {"given": is_given, "at": now.isoformat(), "source": source}}
    person.save(update_fields=["consent"])
    return person
