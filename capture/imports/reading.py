"""One row of a file in normal form, or what is wrong with it, at the cell. Pure; called by checking.

What the check makes of a row is stored and is what is imported: nothing is read twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from capture.imports.fields import CUSTOM, EXTERNAL_ID, FIELDS, IGNORED
from capture.imports.formats import DECIMALS, BadDate, read_amount, read_instant
from capture.imports.outcomes import STAGE_WORDS, describe_outcome, load_outcome, read_stage
from capture.imports.plan import Plan
from capture.imports.sources import SOURCE_FIELDS, read_source
from capture.money import BadAmount
from leadhub.leads.bulk import IncomingRow
from leadhub.leads.keys import Key, list_keys
from leadhub.leads.models import Identity, Intent
from leadhub.leads.normal import (
    company_domain,
    is_free_mail,
    normalise_email,
    normalise_phone,
    normalise_postal_code,
    restore_zeros,
    split_name,
    write_in_a_line,
)
from leadhub.lib.countries import read_country
from leadhub.lib.words import bare_words

_YES = {
    "yes",
    "y",
    "true",
    "1",
    "x",
    "ja",
    "wahr",
    "oui",
    "vrai",
    "si",
    "verdadero",
    "vero",
    "waar",
    "sim",
    "verdadeiro",
}
_PERSON = ("title", "company", "city", "region")
_COLUMN = {"company": "company_name"}
_TOMORROW = timedelta(days=1)
_NO_KEY = "Give an e-mail, a phone number or an id: without one the person cannot be recognised."


@dataclass(frozen=True, kw_only=True)
class CellError:
    """What is wrong with a cell and what to do."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What reading a row asks for beside its cells; made once a chunk. `members`: by lower-case e-mail or name."""

    plan: Plan
    header: Sequence[str]
    country: str
    zone: ZoneInfo
    now: datetime
    members: Mapping[str, UUID]


@dataclass
class _Cells:
    """A row's values by field, and what is found wrong with them."""

    number: int
    values: dict[str, str]
    names: Mapping[str, str]
    errors: list[CellError] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def refuse(self, name: str, message: str) -> None:
        """Note what is wrong with a field's cell."""
        column = self.names.get(name, FIELDS[name].label)
        self.errors.append(CellError(row=self.number, column=column, value=self.get(name)[:200], message=message))


def read_row(*, number: int, cells: Sequence[str], reader: Reader) -> tuple[dict[str, Any], list[CellError]]:
    """Return the row in normal form, JSON-ready, and its errors; with errors it is not to be imported."""
    row, custom = _sort_cells(number=number, cells=cells, reader=reader)
    instants = {name: _read_instant(row, name, reader) for name in ("inquired_at", "stage_at", "won_at")}
    fallback = instants["won_at"] or instants["stage_at"] or reader.now
    arrived_at = instants["inquired_at"] or fallback
    person, keys = _read_person(row, reader)
    quote, currency = _read_money(row, "quote_value", reader)
    amount, other_currency = _read_money(row, "sales_value", reader)
    stage = _read_stage(row)
    outcome = describe_outcome(
        stage=stage,
        stage_at=instants["stage_at"],
        won_at=instants["won_at"],
        amount=amount,
        reason=row.get("lost_reason"),
        arrived_at=arrived_at,
    )
    # One letter a field: this is stored for every row of a file.
    parsed = {
        "n": number,
        "k": [[str(key.kind), key.value] for key in keys],
        "p": person,
        "d": company_domain(person.get("email_norm", "")) or "",
        "t": read_source({name: row.get(name) for name in SOURCE_FIELDS}),
        "c": custom,
        "a": bool(instants["inquired_at"] or row.get("message")),
        "at": arrived_at.isoformat(),
        "s": row.get("service"),
        "i": _read_intent(row),
        "m": row.get("message"),
        "q": None if quote is None else str(quote),
        "u": _read_currency(row) or currency or other_currency,
        "o": outcome,
        "w": _read_owner(row, reader),
    }
    return parsed, row.errors


def load_row(stored: Mapping[str, Any]) -> IncomingRow:
    """Return what `read_row` stored."""
    return IncomingRow(
        number=stored["n"],
        keys=tuple(Key(Identity.Kind(kind), value) for kind, value in stored["k"]),
        person=stored["p"],
        domain=stored["d"],
        touch=stored["t"],
        custom=stored["c"],
        asks=stored["a"],
        arrived_at=datetime.fromisoformat(stored["at"]),
        service=stored["s"],
        intent=Intent(stored["i"]),
        message=stored["m"],
        quote_value=None if stored["q"] is None else Decimal(stored["q"]),
        currency=stored["u"],
        outcome=load_outcome(stored["o"]) if stored["o"] else None,
        owner_id=UUID(stored["w"]) if stored["w"] else None,
    )


def _sort_cells(*, number: int, cells: Sequence[str], reader: Reader) -> tuple[_Cells, dict[str, str]]:
    """Give each cell to its field, cut to its length; what has no column gets the plan's value for all rows."""
    values = {name: value for name, value in reader.plan.fixed.items() if value}
    names: dict[str, str] = {}
    custom: dict[str, str] = {}
    for name, title, cell in zip(reader.plan.columns, reader.header, cells, strict=False):
        if name == IGNORED or not cell:
            continue
        if name == CUSTOM:
            custom[title.strip()[:80]] = cell[:1000]
        else:
            values[name] = cell[: FIELDS[name].longest + 1] if name == "email" else cell[: FIELDS[name].longest]
            names[name] = title
    return _Cells(number=number, values=values, names=names), custom


def _read_person(row: _Cells, reader: Reader) -> tuple[dict[str, Any], list[Key]]:
    """Return the person's columns that have a value, and the keys, the strongest first."""
    person: dict[str, Any] = {
        _COLUMN.get(name, name): " ".join(text.split()) for name in _PERSON if (text := row.get(name))
    }
    first, last = row.get("first_name"), row.get("last_name")
    if not (first or last) and row.get("name"):
        first, last = split_name(row.get("name"))
    person |= {name: text[:200] for name, text in (("first_name", first), ("last_name", last)) if text}
    person |= _read_email(row) | _read_phone(row, reader.country)
    person |= _read_country(row)
    person |= _read_street(row, person.get("country") or reader.country)
    if bare_words(row.get("do_not_contact")) in _YES:
        person["do_not_contact"] = True
    external = row.get(EXTERNAL_ID)
    system = row.get("external_system") or "import"
    keys = list_keys(
        email=row.get("email"),
        phone=row.get("phone"),
        external_ids=((system, external),) if external else (),
        country=reader.country,
    )
    if not keys and not row.errors:
        row.errors.append(CellError(row=row.number, column="", value="", message=_NO_KEY))
    return person, keys


def _read_email(row: _Cells) -> dict[str, Any]:
    email = row.get("email")
    if not email:
        return {}
    normal = normalise_email(email)
    if normal is None or len(email) > 320:
        row.refuse("email", "Enter an e-mail address, such as name@example.com, or leave the cell empty.")
        return {}
    return {"email": email, "email_norm": normal, "is_free_mail": is_free_mail(normal)}


def _read_phone(row: _Cells, country: str) -> dict[str, Any]:
    phone = row.get("phone").removeprefix("p:")  # as Facebook writes it
    if not phone:
        return {}
    number = normalise_phone(phone, country)
    if number is None:
        row.refuse("phone", "Enter a phone number with its area code, or leave the cell empty.")
        return {}
    return {"phone": phone, "phone_e164": number}


def _read_country(row: _Cells) -> dict[str, Any]:
    text = row.get("country")
    code = read_country(text)
    if text and code is None:
        row.refuse(
            "country", "Enter a country's name or its two letters, such as Germany or DE, or leave the cell empty."
        )
    return {"country": code} if code else {}


def _read_street(row: _Cells, country: str) -> dict[str, Any]:
    """Return street and postal code; the file may have taken the code for a number."""
    parts = {
        "street": write_in_a_line(row.get("street")),
        "postal_code": restore_zeros(normalise_postal_code(row.get("postal_code")), country),
    }
    return {name: text for name, text in parts.items() if text}


def _read_instant(row: _Cells, name: str, reader: Reader) -> datetime | None:
    text = row.get(name)
    if not text:
        return None
    try:
        found = read_instant(text, date_format=reader.plan.date_format, zone=reader.zone)
    except BadDate:
        row.refuse(name, "This is no date in the chosen format: change the cell, or choose another format.")
        return None
    if found > reader.now + _TOMORROW:
        row.refuse(name, "This date is still to come: a lead's past cannot be.")
    return found


def _read_money(row: _Cells, name: str, reader: Reader) -> tuple[Decimal | None, str]:
    text = row.get(name)
    if not text:
        return None, ""
    try:
        money = read_amount(text, decimal=reader.plan.decimal)
    except (BadAmount, ArithmeticError):
        example = DECIMALS[reader.plan.decimal]
        row.refuse(name, f"Enter an amount of zero or more, such as {example}, or choose another way to write them.")
        return None, ""
    return money.amount, money.currency


def _read_currency(row: _Cells) -> str:
    text = row.get("currency").upper()
    if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
        row.refuse("currency", "Enter a currency's three letters, such as EUR.")
    return text


def _read_stage(row: _Cells) -> str:
    text = row.get("stage")
    found = read_stage(text) if text else ""
    if found is None:
        row.refuse("stage", f"Use one of: {STAGE_WORDS}.")
    return found or ""


def _read_intent(row: _Cells) -> str:
    text = row.get("intent").lower()
    if text and text not in Intent.values:
        row.refuse("intent", "Use hot, warm or content.")
    return text or Intent.WARM.value


def _read_owner(row: _Cells, reader: Reader) -> str:
    text = row.get("owner").lower()
    if text and text not in reader.members:
        row.refuse("owner", "No active member has this e-mail or name: invite them first, or leave the cell empty.")
    return str(reader.members.get(text, ""))
