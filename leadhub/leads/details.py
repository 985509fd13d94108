"""Correct what we know of the person and the lead's own fields. Called by the lead page and the API.

A new address or number recognises the person from now on. The former one still does: they may well use it again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.keys import Key, list_keys, lock_keys
from leadhub.leads.locking import lock_lead, lock_person
from leadhub.leads.models import EventKind, Identity, Lead, Person
from leadhub.leads.person_fields import correct_person, read_correction
from leadhub.leads.timeline import record_event
from leadhub.lib.countries import explain_unknown, read_country
from leadhub.lib.errors import DomainError
from leadhub.tenancy.country import get_country

# What a caller names → the column that shows it, and what the timeline calls it.
DETAILS = {
    "first_name": ("first_name", "First name"),
    "last_name": ("last_name", "Last name"),
    "title": ("title", "Job title"),
    "company": ("company_name", "Company"),
    "email": ("email", "E-mail"),
    "phone": ("phone", "Phone"),
    "street": ("street", "Street"),
    "postal_code": ("postal_code", "Postal code"),
    "city": ("city", "City"),
    "region": ("region", "Region"),
    "country": ("country", "Country"),
}


class Unreadable(DomainError):
    """The text is no e-mail address, no phone number, or no country."""


class SomebodyElses(DomainError):
    """Another person is known by this address or number."""


def hold_addresses(changes: Mapping[str, Any]) -> list[Key]:
    """Hold the new address and number until the transaction ends, before person and lead; return them as keys.

    Raises `Unreadable`.
    """
    return _hold_addresses(changes, country=get_country())


def _hold_addresses(changes: Mapping[str, Any], *, country: str) -> list[Key]:
    email, phone = (str(changes.get(name, "")).strip() for name in ("email", "phone"))
    keys = list_keys(email=email, phone=phone, external_ids=(), country=country)
    kinds = {key.kind for key in keys}
    if email and Identity.Kind.EMAIL not in kinds:
        raise Unreadable("This is not an e-mail address.", field="email")
    if phone and Identity.Kind.PHONE not in kinds:
        raise Unreadable("This is not a phone number: write it with its country, as in +1 206 555 0100.", field="phone")
    lock_keys(keys)
    return keys


def change_details(*, lead: Lead, changes: Mapping[str, Any], actor: Membership | None, now: datetime) -> Lead:
    """Apply what `DETAILS` names to the person, telling the timeline, and merge `custom` into the lead's.

    Raises `Unreadable`, `SomebodyElses`.
    """
    country = get_country()
    _require_country(changes)
    keys = _hold_addresses(changes, country=country)
    lock_person(lead.person)
    lead.person.refresh_from_db()
    _require_free(keys, person=lead.person)
    told = _correct(lead.person, changes=changes, keys=keys, country=country, now=now)
    lock_lead(lead)
    if "custom" in changes:
        lead.custom = {**lead.custom, **changes["custom"]}
    lead.updated_at = now
    lead.save(update_fields=["custom", "updated_at"])
    if told:
        _tell_timeline(lead, told=told, actor=actor, now=now)
    return lead


def _require_country(changes: Mapping[str, Any]) -> None:
    text = str(changes.get("country", "")).strip()
    if text and read_country(text) is None:
        raise Unreadable(explain_unknown(text), field="country")


def _require_free(keys: Sequence[Key], *, person: Person) -> None:
    for key in keys:
        holders = Identity.objects.filter(kind=key.kind, value=key.value).exclude(person=person)
        if other := holders.select_related("person").first():
            raise SomebodyElses(
                f"{other.person.name} is known by it already: merge the two if they are one person.",
                field=key.kind.value,
            )


def _correct(
    person: Person, *, changes: Mapping[str, Any], keys: Sequence[Key], country: str, now: datetime
) -> dict[str, tuple[str, str]]:
    """Write what differs and return it by name, as it was and as it is."""
    wanted = {name: str(changes[name]) for name in DETAILS if name in changes}
    columns = read_correction({DETAILS[name][0]: text for name, text in wanted.items()}, country=country)
    before = {name: getattr(person, DETAILS[name][0]) for name in wanted}
    correct_person(person=person, columns=columns, keys=keys, now=now)
    after = {name: getattr(person, DETAILS[name][0]) for name in wanted}
    return {name: (before[name], after[name]) for name in wanted if before[name] != after[name]}


def _tell_timeline(lead: Lead, *, told: Mapping[str, tuple[str, str]], actor: Membership | None, now: datetime) -> None:
    words = (f"{DETAILS[name][1]} {before or 'none'} → {after or 'none'}" for name, (before, after) in told.items())
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.DETAILS_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=", ".join(words),
        properties={name: {"before": before, "after": after} for name, (before, after) in told.items()},
    )
