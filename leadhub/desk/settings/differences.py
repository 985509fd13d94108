"""Read what an audit row changed, field by field, in words. Called by the audit log's page and its export."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadhub.leads.conditions import ConditionError, describe

_NAMES = ("label", "name", "key")  # what a rule or a field in a list is called, the first of these that it has


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field: its words before and after; empty where there was nothing."""

    field: str
    before: str
    after: str


def list_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return the fields that differ, in the order in which they are stored."""
    old, new = dict(_flatten(before)), dict(_flatten(after))
    return [
        Difference(field=path, before=old.get(path, ""), after=new.get(path, ""))
        for path in dict.fromkeys([*old, *new])
        if old.get(path) != new.get(path)
    ]


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, words) of every leaf; rules in a list go by their name, not by their place."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            below = f"{path} › {_label(key)}" if path else _label(key)
            yield from [(below, _read_condition(item))] if key == "condition" else _flatten(item, below)
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for item in value:
            name = next((key for key in _NAMES if key in item), "")
            rest = {key: part for key, part in item.items() if key not in {name, "key"}}
            yield from _flatten(rest, f"{path} › {item.get(name, '')}")
    else:
        yield path, _write(value)


def _label(key: str) -> str:
    return str(key).replace("_", " ")


def _read_condition(condition: Any) -> str:
    try:
        return describe(condition or {})
    except ConditionError:  # its field may be gone since
        return json.dumps(condition)


def _write(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
