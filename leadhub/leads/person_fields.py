"""What we know of a person: writes the row, its keys and its employer. Called by identity and by details."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadhub.leads.address import PARTS, choose_parts
from leadhub.leads.employer import find_employer
from leadhub.leads.keys import Key
from leadhub.leads.models import Identity, Person
from leadhub.leads.normal import (
    is_free_mail,
    normalise_email,
    normalise_phone,
    normalise_postal_code,
    split_name,
    write_in_a_line,
)
from leadhub.lib.countries import read_country
from leadhub.tenancy.inserts import insert_together

_LATEST = ("email", "email_norm", "is_free_mail", "phone", "phone_e164", "title", *PARTS)
_CLEANED_BY = {"street": write_in_a_line, "postal_code": normalise_postal_code}


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
    """What an arrival says of the person, as they wrote it; every part may be missing."""

    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    name: str = ""
    title: str = ""
    company: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    external_ids: tuple[tuple[str, str], ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)


def create_person(*, details: PersonDetails, keys: Sequence[Key], country: str, now: datetime) -> Person:
    """Insert the person with the keys that nobody else holds."""
    known = _read_fields(details=details, country=country)
    company = find_employer(email_norm=known.get("email_norm", ""), name=details.company, now=now)
    person = Person(created_at=now, company=company, custom=dict(details.custom), **known)
    insert_together([person, *_make_identities(person=person, keys=keys, now=now)])
    return person


def update_person(*, person: Person, details: PersonDetails, keys: Sequence[Key], country: str, now: datetime) -> None:
    """Add what is new: the latest mailbox, number, title and place, and whatever was not known yet."""
    changed = []
    told = _worth_telling(person, _read_fields(details=details, country=country))
    parts = choose_parts(known=vars(person), told=told)
    for name, value in ({name: value for name, value in told.items() if name not in PARTS} | parts).items():
        if value != getattr(person, name) and (name in _LATEST or not getattr(person, name)):
            setattr(person, name, value)
            changed.append(name)
    if person.company_id is None and "email_norm" in changed:
        person.company = find_employer(email_norm=person.email_norm, name=details.company, now=now)
        changed.append("company")
    if any(person.custom.get(name) != value for name, value in details.custom.items()):
        person.custom = {**person.custom, **details.custom}
        changed.append("custom")
    if changed:
        person.save(update_fields=changed)
    insert_together(_make_identities(person=person, keys=keys, now=now))


def read_correction(texts: Mapping[str, str], *, country: str) -> dict[str, Any]:
    """Return the columns of a person that these texts, by column, make; an empty one empties its own."""
    columns: dict[str, Any] = {name: _clean(name, text) for name, text in texts.items()}
    if "email" in columns:
        email_norm = normalise_email(columns["email"]) or ""
        columns |= {"email_norm": email_norm, "is_free_mail": bool(email_norm) and is_free_mail(email_norm)}
    if "phone" in columns:
        columns["phone_e164"] = normalise_phone(columns["phone"], country) or ""
    if "country" in columns:
        columns["country"] = read_country(texts["country"]) or ""
    return columns


def correct_person(*, person: Person, columns: Mapping[str, Any], keys: Sequence[Key], now: datetime) -> None:
    """Write the columns that differ, the keys that nobody holds yet, and the employer where none was known."""
    changed = {name: value for name, value in columns.items() if value != getattr(person, name)}
    if changed.get("email_norm") and person.company_id is None:
        changed["company"] = find_employer(email_norm=changed["email_norm"], name=person.company_name, now=now)
    for name, value in changed.items():
        setattr(person, name, value)
    if changed:
        person.save(update_fields=list(changed))
    known = set(Identity.objects.filter(person=person).values_list("kind", "value"))
    insert_together(
        _make_identities(person=person, keys=[key for key in keys if (key.kind.value, key.value) not in known], now=now)
    )


def _worth_telling(person: Person, fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out an address or number that cannot be read where we have one that can."""
    unreadable = {raw for raw, normal in (("email", "email_norm"), ("phone", "phone_e164")) if normal not in fields}
    return {name: value for name, value in fields.items() if name not in unreadable or not getattr(person, name)}


def _make_identities(*, person: Person, keys: Sequence[Key], now: datetime) -> list[Identity]:
    return [Identity(person=person, kind=key.kind, value=key.value, created_at=now) for key in keys]


def _read_fields(*, details: PersonDetails, country: str) -> dict[str, Any]:
    """Return the columns that the details fill, cut to their length; nothing for what they leave out."""
    first_name, last_name = details.first_name, details.last_name
    if not (first_name or last_name):
        first_name, last_name = split_name(details.name)
    email_norm = normalise_email(details.email) or ""
    columns = {
        "first_name": first_name,
        "last_name": last_name,
        "title": details.title,
        "company_name": details.company,
        "street": details.street,
        "postal_code": details.postal_code,
        "city": details.city,
        "region": details.region,
        "email": details.email,
        "email_norm": email_norm,
        "phone": details.phone,
        "phone_e164": normalise_phone(details.phone, country) or "",
    }
    filled: dict[str, Any] = {name: _clean(name, value) for name, value in columns.items() if value.strip()}
    if email_norm:
        filled["is_free_mail"] = is_free_mail(email_norm)
    return filled


def _clean(name: str, value: str) -> str:
    longest: int = getattr(Person._meta.get_field(name), "max_length")  # noqa: B009
    return _CLEANED_BY.get(name, _squeeze)(value)[:longest]


def _squeeze(text: str) -> str:
    return " ".join(text.split())
