"""Which of a form's answers say where somebody is: by the field's kind, else by its name. Pure.

Called by intake, by what tells of a field's removal, and by the lead's page. The answers stay with the inquiry as they
came: a landlord asks for one house today and for another next year.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from capture.payloads import Values, read_text
from leadhub.leads.address import PARTS
from leadhub.lib.words import bare_words

# What forms and the lead forms of Google, Meta and LinkedIn call the parts.
_NAMES = {
    "street": "street, street address, address, address 1, address line 1, address line1",
    "postal_code": "postal code, postcode, post code, zip, zip code, zipcode, zip postal code, plz",
    "city": "city, town",
    "region": "region, state, province, county, state province",
}
_PART_BY_NAME = {name.strip(): part for part, names in _NAMES.items() for name in names.split(",")}


def read_address(values: Values, *, fields: Iterable[Mapping[str, Any]] = ()) -> dict[str, str]:
    """Return the parts that the values tell of; `fields` are the form's, whose kinds count before any name."""
    kinds: dict[str, str] = {field["name"]: field["kind"] for field in fields if field.get("kind") in PARTS}
    found: dict[str, str] = {}
    for name in [*kinds, *values]:
        part = kinds.get(name) or find_part(name)
        if part and (text := read_text(values, name)):
            found.setdefault(part, text)
    return found


def find_part(name: str) -> str | None:
    """Return the part of an address that a field of the name asks for, if any."""
    return _PART_BY_NAME.get(bare_words(name))
