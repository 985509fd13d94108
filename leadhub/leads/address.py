"""Where a person is: the parts of an address, what an arrival that tells of one changes, the lines as they are written.

Pure. Called by person_fields, the bulk side and the lead's pages.
"""

from collections.abc import Mapping
from typing import Any

from leadhub.leads.models import Person
from leadhub.lib.countries import name_country

PARTS = ("street", "postal_code", "city", "region")
# What tells one place from another; a region is known by a number's area code as well, and a code may be all of it.
TELLING = ("street", "postal_code", "city")
# Where the code stands behind the town (Universal Postal Union, addressing systems); it does where nothing is known.
_CODE_LAST = frozenset(["", "AU", "CA", "GB", "IE", "IN", "NZ", "PR", "US", "ZA"])


def choose_parts(*, known: Mapping[str, Any], told: Mapping[str, Any], may_replace: bool = True) -> dict[str, str]:
    """Return the parts to write, by column, so that no two places are mixed.

    Where no place is known, all that is told; of the same place what is told of it; another one replaces the whole,
    with empty parts for what is not told, or stays out unless it `may_replace`. A region alone tells no place.
    """
    parts = {name: told[name] for name in PARTS if told.get(name)}
    if not _has_place(known):
        return parts
    if not _has_place(told):
        return {name: value for name, value in parts.items() if not known.get(name)}
    if is_another_place(known=known, told=told):
        return dict.fromkeys((name for name in PARTS if known.get(name)), "") | parts if may_replace else {}
    return {name: value for name, value in parts.items() if may_replace or not known.get(name)}


def is_another_place(*, known: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Say whether what is told, by column, is another place than the known one, for all that can be seen.

    One that shares no part with it may be anywhere: a town that is new beside a street of before.
    """
    if not (_has_place(known) and _has_place(told)):
        return False
    shared = [(known[name], told[name]) for name in TELLING if known.get(name) and told.get(name)]
    return not shared or any(one.casefold() != other.casefold() for one, other in shared)


def _has_place(parts: Mapping[str, Any]) -> bool:
    return any(parts.get(name) for name in TELLING)


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
