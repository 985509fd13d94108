"""The list of addresses never to be mailed, kept by hand: added to with a reason, lifted with one, both audited.

The suppression page calls it; `consent.py` writes what people ask for themselves, and says who is suppressed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.consent import list_addresses, take_back_refusals, write_suppressions
from leadhub.leads.models import EventKind, Identity, Person, Suppression
from leadhub.leads.normal import normalise_email
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError


class NoAddresses(DomainError):
    """The text holds none, or words that are none."""


class ReasonNeeded(DomainError):
    """A change of the list says why."""

    def __init__(self) -> None:
        super().__init__("Say why: it is kept in the audit log.", field="reason")


class AlreadyLifted(DomainError):
    """The address is not on the list any more."""

    def __init__(self) -> None:
        super().__init__("Somebody took this address off the list meanwhile.")


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of the addresses given."""

    new: int
    known: int


def list_suppressions(*, search: str = "") -> QuerySet[Suppression]:
    """Return the list, the latest first; `search` is a part of an address or a reason."""
    found = Suppression.objects.order_by("-created_at", "-pk")
    words = search.strip()
    if not words:
        return found
    return found.filter(email_norm__icontains=words) | found.filter(reason__icontains=words)


def find_silenced(suppressions: Sequence[Suppression]) -> dict[str, Person]:
    """Return address → the person who has it, for the addresses of one page."""
    addresses = [row.email_norm for row in suppressions]
    identities = Identity.objects.filter(kind=Identity.Kind.EMAIL, value__in=addresses).select_related("person")
    return {identity.value: identity.person for identity in identities}


def suppress_addresses(
    *, text: str, reason: str, actor: Membership, now: datetime, covers_person: bool = True
) -> Added:
    """Add every address of the text, apart by spaces, commas or lines; known ones keep their first reason.

    `covers_person` silences the sequences for whoever has one of them, under any address; not so for a bounce.

    Raises `NoAddresses` (then none is added) and `ReasonNeeded`.
    """
    if not reason.strip():
        raise ReasonNeeded
    addresses = _read_addresses(text)
    before = dict(Suppression.objects.filter(email_norm__in=addresses).values_list("email_norm", "covers_person"))
    write_suppressions(addresses=addresses, reason=reason.strip(), now=now, covers_person=covers_person)
    new = [each for each in addresses if each not in before]
    widened = [each for each, did_cover in before.items() if covers_person and not did_cover]
    if changed := sorted([*new, *widened]):
        record_change(
            actor=actor,
            action="suppression.added",
            target_kind="suppression",
            target_id=None,
            summary=_name_some(changed, "never to be mailed"),
            after={"addresses": changed[:200], "reason": reason.strip(), "covers_person": covers_person},
            now=now,
        )
    return Added(new=len(new), known=len(addresses) - len(new))


def lift_suppression(*, suppression_id: UUID, reason: str, actor: Membership, now: datetime) -> str:
    """Take an address off the list, and the mark off the person who has it; return the address.

    Raises `ReasonNeeded`, `AlreadyLifted`.
    """
    if not reason.strip():
        raise ReasonNeeded
    row = Suppression.objects.select_for_update().filter(pk=suppression_id).first()
    if row is None:
        raise AlreadyLifted
    Suppression.objects.filter(pk=row.pk).delete()
    _let_write(address=row.email_norm, reason=reason.strip(), actor=actor, now=now)
    record_change(
        actor=actor,
        action="suppression.lifted",
        target_kind="suppression",
        target_id=row.pk,
        summary=f"{row.email_norm} may be mailed again",
        before={"address": row.email_norm, "reason": row.reason, "since": row.created_at.isoformat()},
        after={"reason": reason.strip()},
        now=now,
    )
    return row.email_norm


def _let_write(*, address: str, reason: str, actor: Membership, now: datetime) -> None:
    """Take the marks off the person, which would still stop mail; their other addresses stay listed for themselves."""
    identity = Identity.objects.filter(kind=Identity.Kind.EMAIL, value=address).select_related("person").first()
    if identity is None:
        return
    person = identity.person
    Suppression.objects.filter(email_norm__in=list_addresses(person), covers_person=True).update(covers_person=False)
    person.do_not_contact = False
    take_back_refusals(person)
    person.save(update_fields=["do_not_contact", "consent"])
    record_event(
        person=person,
        lead=None,
        kind=EventKind.NOTE,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"May be mailed again: {reason}"[:300],
        walks=False,
    )


def _read_addresses(text: str) -> list[str]:
    words = text.replace(",", " ").replace(";", " ").split()
    read = {word: normalise_email(word.strip("<>")) for word in words}
    wrong = [word for word, address in read.items() if address is None]
    if wrong:
        raise NoAddresses(f"Not an e-mail address: {', '.join(wrong[:3])}.", field="addresses")
    if not words:
        raise NoAddresses("Enter one address or several.", field="addresses")
    return sorted({address for address in read.values() if address})


def _name_some(addresses: list[str], words: str) -> str:
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    return f"{addresses[0]}{more} {words}"[:300]
