"""Where a person is: the parts of an address, what an arrival that tells of one changes, the lines as they are written.

Pure. Called by person_fields, the bulk side and the lead's pages.
"""

from collections.abc import Mapping
from typing import Any

from leadhub.leads.models import Person
from leadhub.lib.countries import name_country

PARTS = ("street", "postal_code", "city", "region")
# What tells one place from another; a region is known by a number's area code as well, and a code may be all of it.
_TELLING = ("street", "postal_code", "city")
# Where the code stands behind the town (Universal Postal Union, addressing systems); it does where nothing is known.
_CODE_LAST = frozenset(["", "AU", "CA", "GB", "IE", "IN", "NZ", "PR", "US", "ZA"])


def read_move(*, known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts to write, by column: those told, and empty ones for the rest of another place."""
    parts = {name: told[name] for name in PARTS if name in told}
    former = [name for name in PARTS if known.get(name)] if is_another_place(known=known, told=told) else []
    return dict.fromkeys(former, "") | parts


def is_another_place(*, known: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Say whether a part that is told, by column, contradicts what is known."""
    return any(
        known.get(name) and told.get(name) and known[name].casefold() != told[name].casefold() for name in _TELLING
    )


def write_lines(person: Person) -> list[str]:
    """Return the address as it is written on a letter, without the name: street, town, country; what is known."""
    code, city, region = person.postal_code, person.city, person.region
    is_code_last = person.country in _CODE_LAST
    town = ", ".join(filter(None, (city if is_code_last else f"{code} {city}".strip(), region)))
    if is_code_last:
        town = f"{town} {code}".strip()
    return [line for line in (person.street, town, name_country(person.country)) if line]


def write_home(person: Person) -> str:
    """Return the address in one line; empty where neither street nor postal code is known, as of a number's region."""
    return ", ".join(write_lines(person)) if person.street or person.postal_code else ""
