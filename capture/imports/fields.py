"""What a column can be: the catalogue of fields, and the guess by a column's name. Called by plan and pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from capture.imports.column_names import COLUMN_NAMES
from leadhub.lib.words import bare_words

IGNORED, CUSTOM = "", "custom"
EXTERNAL_ID = "external_id"
# What a file calls the whole name, or its other half beside a column for one half: `Vorname; Name`, `Nome; Cognome`.
_HALVES = {"name", "nom", "nombre", "naam", "nome"}


@dataclass(frozen=True)
class Field:
    """One field: its words, the group it is listed under, and how much of a cell it takes."""

    name: str
    label: str
    group: str
    longest: int = 300


_PERSON, _SOURCE, _INQUIRY, _OUTCOME = "Person", "Where they came from", "Inquiry", "What became of it"
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("email", "E-mail", _PERSON, 320),
        Field("phone", "Phone", _PERSON, 64),
        Field("name", "Full name", _PERSON, 400),
        Field("first_name", "First name", _PERSON, 200),
        Field("last_name", "Last name", _PERSON, 200),
        Field("title", "Job title", _PERSON, 200),
        Field("company", "Company", _PERSON),
        Field(EXTERNAL_ID, "Id in another system", _PERSON, 200),
        Field("street", "Street", _PERSON),
        Field("postal_code", "ZIP or postal code", _PERSON, 20),
        Field("city", "City", _PERSON, 120),
        Field("region", "Region or state", _PERSON, 120),
        Field("country", "Country", _PERSON, 120),
        Field("do_not_contact", "Do not contact (yes or no)", _PERSON, 20),
        Field("owner", "Owner (a member's e-mail or name)", _PERSON, 320),
        Field("channel", "Channel", _SOURCE, 200),
        Field("utm_source", "Source", _SOURCE, 200),
        Field("utm_medium", "Medium", _SOURCE, 200),
        Field("utm_campaign", "Campaign", _SOURCE, 300),
        Field("utm_term", "Keyword", _SOURCE, 300),
        Field("utm_content", "Ad or content", _SOURCE, 300),
        Field("gclid", "Google click id", _SOURCE, 500),
        Field("landing_page", "Landing page", _SOURCE, 2000),
        Field("referrer", "Referrer", _SOURCE, 2000),
        Field("inquired_at", "Date of the inquiry", _INQUIRY),
        Field("service", "Service", _INQUIRY, 120),
        Field("intent", "Intent (hot, warm, content)", _INQUIRY, 16),
        Field("message", "Message", _INQUIRY, 20_000),
        Field("quote_value", "Quote value", _INQUIRY, 60),
        Field("currency", "Currency", _INQUIRY, 3),
        Field("stage", "Stage or outcome", _OUTCOME, 60),
        Field("stage_at", "Date of the stage", _OUTCOME),
        Field("won_at", "Date won", _OUTCOME),
        Field("sales_value", "Sales value", _OUTCOME, 60),
        Field("lost_reason", "Reason it was lost", _OUTCOME, 300),
    )
}
# What may be the same for every row of a file that has no column for it.
FIXABLE = ("external_system", "channel", "utm_source", "utm_medium", "utm_campaign", "service", "stage", "currency")


def guess_fields(header: Sequence[str]) -> list[str]:
    """Return a field for each column by its name, each field once; an unknown name becomes a custom field."""
    best: dict[str, tuple[int, int]] = {}
    for position, head in enumerate(header):
        if found := _BY_HEAD.get(_squeeze(head)):
            field, rank = found
            best[field] = min(best.get(field, (rank, position)), (rank, position))
    guessed = [CUSTOM if head.strip() else IGNORED for head in header]
    for field, (_, position) in best.items():
        guessed[position] = field
    return _halve_name(guessed, header)


def _halve_name(guessed: list[str], header: Sequence[str]) -> list[str]:
    """Read a bare "name" beside a column for one half of it as the other half."""
    halves = {"first_name", "last_name"} - set(guessed)
    if "name" in guessed and len(halves) == 1:
        position = guessed.index("name")
        if _squeeze(header[position]) in _HALVES:
            guessed[position] = halves.pop()
    return guessed


def _squeeze(head: str) -> str:
    return bare_words(head).replace(" ", "")


_BY_HEAD = {
    _squeeze(head): (field.name, rank)
    for field in FIELDS.values()
    for rank, head in enumerate([field.name, field.label, *COLUMN_NAMES.get(field.name, "").split(",")])
    if head
}
