"""The columns' page: its fields as the template draws them, and the plan that was posted. Called by pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from capture.imports.fields import CUSTOM, FIELDS, IGNORED
from capture.imports.formats import DATE_FORMATS, DECIMALS
from capture.imports.models import Import
from capture.imports.plan import MARKETING, ROUTE, Plan
from leadhub.accounts.duty import list_active_members
from leadhub.leads.bulk import Duplicates
from leadhub.leads.models import Channel, Stage

_SHOWN_SAMPLES = 3
DUPLICATES = {
    Duplicates.SKIP: ("Leave them as they are", "Rows of people you know already change nothing."),
    Duplicates.FILL: ("Fill what is empty", "What you know stays; outcomes and new inquiries are added."),
    Duplicates.OVERWRITE: ("Overwrite", "The file is right wherever it differs; this can be undone."),
}
_FIXED_LABELS = {
    "external_system": ("The system that ids come from", "crm"),
    "stage": ("Stage", ""),
    "channel": ("Channel", ""),
    "utm_source": ("Source", "trade fair"),
    "utm_campaign": ("Campaign", "Spring 2026"),
    "service": ("Service", "Roofing"),
    "currency": ("Currency", "EUR"),
}
_CHOICES = {
    "stage": [(stage.value, stage.label) for stage in Stage if stage != Stage.NEW],
    "channel": [(channel.value, channel.label) for channel in Channel if channel != Channel.UNKNOWN],
}


@dataclass(frozen=True, kw_only=True)
class MappedColumn:
    """A column of the file: what it is called, what stands in it, and what it is taken for."""

    position: int
    title: str
    samples: list[str]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class FixedValue:
    """A field that may be the same in every row; `choices` where it is one of a list."""

    name: str
    label: str
    value: str
    hint: str
    choices: list[tuple[str, str]]


def describe_mapping(upload: Import, *, plan: Plan) -> dict[str, Any]:
    """Return what the page draws."""
    return {
        "plan": plan,
        "mapped": [_describe_column(upload, plan=plan, position=i) for i in range(len(upload.header))],
        "groups": [
            (group, [(field.name, field.label) for field in fields])
            for group, fields in groupby(FIELDS.values(), key=lambda field: field.group)
        ],
        "custom": CUSTOM,
        "fixed": [
            FixedValue(
                name=name, label=label, value=plan.fixed.get(name, ""), hint=hint, choices=_CHOICES.get(name, [])
            )
            for name, (label, hint) in _FIXED_LABELS.items()
        ],
        "date_formats": DATE_FORMATS.items(),
        "decimals": DECIMALS.items(),
        "duplicates": [(policy.value, *words) for policy, words in DUPLICATES.items()],
        "owners": [
            (MARKETING, "Marketing keeps them"),
            (ROUTE, "The routing rules choose"),
            *((str(member.pk), member.name) for member in list_active_members().order_by("name")),
        ],
    }


def read_posted_plan(posted: Mapping[str, Any], *, width: int) -> Plan:
    """Return the plan as it was posted; whether it can be carried out is asked later."""
    duplicates = posted.get("duplicates", "")
    return Plan(
        columns=tuple(str(posted.get(f"column-{position}", IGNORED)) for position in range(width)),
        fixed={name: value for name in _FIXED_LABELS if (value := str(posted.get(f"fixed-{name}", "")).strip()[:200])},
        date_format=str(posted.get("date_format", "")),
        decimal=str(posted.get("decimal", "")),
        duplicates=Duplicates(duplicates) if duplicates in set(Duplicates) else Duplicates.SKIP,
        assign=str(posted.get("assign", MARKETING)),
    )


def _describe_column(upload: Import, *, plan: Plan, position: int) -> MappedColumn:
    samples = [row[position] for row in upload.sample if position < len(row) and row[position]]
    return MappedColumn(
        position=position,
        title=upload.header[position] or f"Column {position + 1}",
        samples=[sample[:80] for sample in samples[:_SHOWN_SAMPLES]],
        chosen=plan.columns[position] if position < len(plan.columns) else IGNORED,
    )
