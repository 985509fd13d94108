"""How a file is to be imported: what each column is, the formats, and the choices beside. Called by pages and API."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from capture.imports.fields import CUSTOM, EXTERNAL_ID, FIELDS, FIXABLE, IGNORED, guess_fields
from capture.imports.formats import DATE_FORMATS, DECIMALS, detect_date_format, detect_decimal
from capture.imports.models import ImportMapping
from capture.imports.outcomes import STAGE_WORDS, read_stage
from leadhub.accounts.duty import list_active_members
from leadhub.leads.bulk import Duplicates
from leadhub.lib.errors import DomainError

ROUTE, MARKETING = "route", "marketing"
_RECOGNISED_BY = {"email", "phone", EXTERNAL_ID}


class BadPlan(DomainError):
    """The mapping cannot be carried out; the message says what to change, at which field."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`columns` names a field for each column of the file: one of the catalogue, `custom`, or nothing.

    `fixed` holds what is the same in every row; `assign` is `route`, `marketing`, or a member's id.
    """

    columns: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    date_format: str = "iso"
    decimal: str = "point"
    duplicates: Duplicates = Duplicates.SKIP
    assign: str = MARKETING

    def to_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was stored."""
        return cls(
            columns=tuple(stored["columns"]),
            fixed=dict(stored["fixed"]),
            date_format=stored["date_format"],
            decimal=stored["decimal"],
            duplicates=Duplicates(stored["duplicates"]),
            assign=stored["assign"],
        )

    @property
    def duplicates_words(self) -> str:
        """What happens to people who are known."""
        return {
            Duplicates.SKIP: "Left as they are",
            Duplicates.FILL: "What is empty is filled",
            Duplicates.OVERWRITE: "Overwritten",
        }[self.duplicates]

    @property
    def assign_to(self) -> UUID | None:
        """Return the member who is to own the leads, where one is named."""
        return None if self.assign in {ROUTE, MARKETING} else UUID(self.assign)


def propose_plan(*, header: list[str], sample: Sequence[Sequence[str]]) -> Plan:
    """Return the plan that this header had the last time, else a guess by its names and its first rows."""
    remembered = ImportMapping.objects.filter(header_sha256=hash_header(header)).first()
    if remembered is not None:
        return Plan.from_json(remembered.plan)
    columns = _keep_readable(guess_fields(header), sample)
    dates = [row[i] for row in sample for i, name in enumerate(columns) if name.endswith("_at") and i < len(row)]
    amounts = [row[i] for row in sample for i, name in enumerate(columns) if name.endswith("_value") and i < len(row)]
    return Plan(columns=columns, date_format=detect_date_format(dates), decimal=detect_decimal(amounts))


def _keep_readable(guessed: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the guess without a stage whose words are all unknown: a status may be that of anything."""
    told = [row[guessed.index("stage")] for row in sample if "stage" in guessed and guessed.index("stage") < len(row)]
    is_stage = not any(told) or any(read_stage(text) for text in told if text)
    return tuple(name if name != "stage" or is_stage else CUSTOM for name in guessed)


def require_plan(plan: Plan, *, header: Sequence[str]) -> Plan:
    """Return the plan where it can be carried out; raise `BadPlan`."""
    if len(plan.columns) != len(header):
        raise BadPlan("The mapping has another number of columns than the file.", field="columns")
    _require_columns(plan, header)
    if plan.date_format not in DATE_FORMATS or plan.decimal not in DECIMALS:
        raise BadPlan("Choose how dates and amounts are written.", field="date_format")
    unknown = set(plan.fixed) - set(FIXABLE)
    if unknown:
        raise BadPlan(f"No such value for all rows: {', '.join(sorted(unknown))}.", field="fixed")
    if plan.fixed.get("stage") and read_stage(plan.fixed["stage"]) is None:
        raise BadPlan(f"Choose a stage for all rows: {STAGE_WORDS}.", field="stage")
    _require_owner(plan)
    return plan


def remember_plan(plan: Plan, *, header: list[str], now: datetime) -> None:
    """Offer the plan again for the next file with this header."""
    ImportMapping.objects.bulk_create(
        [ImportMapping(header_sha256=hash_header(header), plan=plan.to_json(), saved_at=now)],
        update_conflicts=True,
        update_fields=["plan", "saved_at"],
        unique_fields=["organization", "header_sha256"],
    )


def hash_header(header: list[str]) -> str:
    """Return what a file's header is known by."""
    return hashlib.sha256(json.dumps([name.strip().lower() for name in header]).encode()).hexdigest()


def _require_columns(plan: Plan, header: Sequence[str]) -> None:
    named = [name for name in plan.columns if name not in {IGNORED, CUSTOM}]
    unknown = [name for name in named if name not in FIELDS]
    if unknown:
        raise BadPlan(f"There is no field {unknown[0]!r}.", field="columns")
    for name in named:
        if named.count(name) > 1:
            twice = [header[i] for i, one in enumerate(plan.columns) if one == name]
            raise BadPlan(
                f"{FIELDS[name].label} is chosen for {' and '.join(twice)}: choose one of them.", field="columns"
            )
    if not _RECOGNISED_BY & set(named):
        raise BadPlan(
            "Choose a column for the e-mail, the phone or the id in another system: a person is recognised by it.",
            field="columns",
        )


def _require_owner(plan: Plan) -> None:
    if plan.assign in {ROUTE, MARKETING}:
        return
    try:
        is_known = list_active_members().filter(pk=UUID(plan.assign)).exists()
    except ValueError:
        is_known = False
    if not is_known:
        raise BadPlan("Choose who is to own the leads.", field="assign")
