"""What the audit log's stored values are called: codes, amounts, spans and ids, as the pages show them.

A row keeps what a program reads, and the API gives it so. Called by `differences.py`, for the log's page and its file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from capture.form_forms import KINDS
from capture.imports.fields import CUSTOM, FIELDS
from capture.imports.formats import DATE_FORMATS, DECIMALS
from capture.imports.mapping_form import DUPLICATES
from capture.imports.plan import MARKETING, ROUTE
from capture.models import Submission
from leadhub.accounts.models import Role
from leadhub.leads.filters import list_owners
from leadhub.leads.models import (
    Channel,
    DispositionCode,
    Door,
    EventKind,
    Intent,
    Stage,
    TaskKind,
    Verdict,
)
from leadhub.lib.countries import name_country
from leadhub.tenancy.models import Organization
from leadhub.web.formatting import NOTHING, format_duration, format_money
from nurture.models import Sequence, Step
from nurture.sentences import WEEKDAYS

_WHOLE_MINUTE = re.compile(r"\d\d:\d\d:00$")
_EVENTS, _STAGES, _INTENTS = (dict(choices) for choices in (EventKind.choices, Stage.choices, Intent.choices))
_CODES: dict[str, Mapping[str, str]] = {
    "intent": _INTENTS,
    "hand_raise_intents": _INTENTS,
    "event_kind": _EVENTS,
    "entry_events": _EVENTS,
    "exit_events": _EVENTS,
    "stage": _STAGES,
    "entry_stages": _STAGES,
    "exit_stages": _STAGES,
    "entry_dispositions": dict(DispositionCode.choices),
    "disposition": dict(DispositionCode.choices),
    "role": dict(Role.choices),
    "channel": dict(Channel.choices),
    "door": dict(Door.choices),
    "verdict": dict(Verdict.choices),
    "status": dict(Submission.Status.choices),
    "task_kind": dict(TaskKind.choices),
    "wait_weekday": {str(number): day for number, day in enumerate(WEEKDAYS)},
    "form.kind": dict(KINDS),
    "sequence.kind": dict(Step.Kind.choices),
    "sequence.state": dict(Sequence.State.choices),
    "import.columns": {"": "left out", CUSTOM: "its own field"} | {name: each.label for name, each in FIELDS.items()},
    "import.date_format": DATE_FORMATS,
    "import.decimal": DECIMALS,
    "import.duplicates": {code.value: words for code, (words, _) in DUPLICATES.items()},
    "import.assign": {ROUTE: "by the routing rules", MARKETING: "the marketing owner"},
}
# The rules of sending are kept as text.
_TEXTS = {"True": "yes", "False": "no", "None": NOTHING}
# The id of a person that there is no more, and what a rule is called between versions.
_SAY_NOTHING = {"absorbed", "key"}
_UNITS: dict[str, Callable[[Decimal, str], str]] = {
    "count": lambda value, _: f"{value.normalize():f}",
    "money": format_money,
    "share": lambda value, _: f"{(value * 100).normalize():f}%",
    "seconds": lambda value, _: format_duration(float(value)),
    "days": lambda value, _: f"{value.normalize():f} d",
}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What words depend on: the organization's currency, and its members by their ids."""

    currency: str
    members: Mapping[str, str]


def read_wording(organization: Organization) -> Wording:
    """Read it for the organization in scope."""
    members = {str(member.pk): member.name for member in list_owners(None)}
    return Wording(currency=organization.currency, members=members)


def word_record(kind: str, record: Mapping[str, Any], *, wording: Wording) -> dict[str, Any]:
    """Return what a row keeps of one kind of thing: amounts written out, places as people count, no bare ids."""
    if kind == "target":
        return {_name_target(key): _word_target(key, value, wording) for key, value in record.items()}
    if kind == "spend" and record.get("amount"):
        return {**record, "amount": format_money(Decimal(record["amount"]), str(record.get("currency", "")))}
    if kind == "sequence" and isinstance(record.get("position"), int):
        return {**record, "position": record["position"] + 1}
    return {key: value for key, value in record.items() if key not in _SAY_NOTHING}


def word_value(kind: str, field: str, value: Any, *, wording: Wording) -> str:
    """Return one value in words: a choice by its label, a member by name, a list's parts each so."""
    if isinstance(value, list | tuple):
        return ", ".join(word_value(kind, field, item, wording=wording) for item in value) or NOTHING
    codes = _CODES.get(f"{kind}.{field}") or _CODES.get(field) or {}
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if known := codes.get(text) or wording.members.get(text):
        return known
    if value is None or value == "":
        return NOTHING
    if field == "country":
        return name_country(text)
    if kind == "nurture_settings":
        text = _TEXTS.get(text, text)
    return text[:5] if _WHOLE_MINUTE.match(text) else text


def _name_target(key: str) -> str:
    return "target" if key in _UNITS else "from" if key == "month" else key


def _word_target(unit: str, value: Any, wording: Wording) -> Any:
    return _UNITS[unit](Decimal(cast("str", value)), wording.currency) if value and unit in _UNITS else value
