"""Where a person is: the parts of an address, what an arrival that tells of one changes, the lines as they are written.

Pure. Called by person_fields and the lead's pages.
"""

from collections.abc import Mapping

from leadhub.leads.models import Person
from leadhub.lib.countries import name_country

PARTS = ("street", "postal_code", "city", "region")
# What tells one place from another; a region is known by a number's area code as well, and a code may be all of it.
_TELLING = ("street", "postal_code", "city")
# Where the code stands behind the town (Universal Postal Union, addressing systems); it does where nothing is known.
_CODE_LAST = frozenset(["", "AU", "CA", "GB", "IE", "IN", "NZ", "PR", "US", "ZA"])


def read_move(*, person: Person, told: Mapping[str, str]) -> dict[str, str]:
    """Return the parts to write: those told, and empty ones for the rest of another place."""
    parts = {name: told[name] for name in PARTS if name in told}
    is_another = any(
        (known := getattr(person, name)) and name in parts and parts[name].casefold() != known.casefold()
        for name in _TELLING
    )
    return dict.fromkeys(PARTS, "") | parts if is_another else parts


def write_lines(person: Person) -> list[str]:
    """Return the address as it is written on a letter, without the name: street, town, country; what is known."""
    code, city, region = person.postal_code, person.city, person.region
    is_code_last = person.country in _CODE_LAST
    town = ", ".join(filter(None, (city if is_code_last else f"{code} {city}".strip(), region)))
    if is_code_last:
        town = f"{town} {code}".strip()
    return [line for line in (person.street, town, name_country(person.country)) if line]
