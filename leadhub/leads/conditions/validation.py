"""Read a condition: from JSON to a typed tree, or to an error that names the place and says what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_datetime

from leadhub.leads.conditions.catalogue import Field, find_field
from leadhub.leads.conditions.kinds import EQUAL_OPS, NUMERIC_OPS, OPS, FieldKind, Shape, shape_of
from leadhub.lib.errors import DomainError

Condition = Mapping[str, Any]
GROUPS = ("all", "any", "none")
MAX_DEPTH = 6
MAX_PARTS = 200
MAX_TEXT = 500
MAX_DAYS = 3650
_LONGEST_NUMBER, _LEAST_POWER, _MOST_POWER = 40, -9, 15  # characters, and powers of ten
_KEY = re.compile(r"[^\x00-\x1f]{1,100}\Z")


class ConditionError(DomainError):
    """The condition cannot be read. `path` names the place, as in `all[1].value`."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message, field=path)
        self.path = path


@dataclass(frozen=True)
class Frequency:
    """The value of a behaviour: how often in how many days; `detail` narrows the events, empty for all."""

    times: int
    days: int
    detail: str


Value = str | bool | Decimal | datetime | int | Frequency | tuple[Any, ...] | None


@dataclass(frozen=True)
class Leaf:
    """One comparison."""

    field: Field
    key: str
    op: str
    value: Value
    path: str


@dataclass(frozen=True)
class Group:
    """`all`, `any` or `none` of its parts."""

    kind: str
    parts: tuple["Group | Leaf", ...]


def validate_condition(condition: Condition) -> None:
    """Raise `ConditionError` unless it can be read and names only values that the organization has today."""
    for leaf in list_leaves(parse_condition(condition)):
        if callable(leaf.field.choices) and leaf.value is not None and leaf.op in EQUAL_OPS:
            _require_choices(leaf)


def _require_choices(leaf: Leaf) -> None:
    known = {choice for choice, _label in leaf.field.list_choices()}
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    gone = [value for value in values if value not in known]
    if gone:
        raise ConditionError(f"{leaf.path}.value", f"{leaf.field.label} has no value {gone[0]!r}.")


def list_leaves(node: Group | Leaf) -> list[Leaf]:
    """Return every comparison of the tree, in order."""
    if isinstance(node, Leaf):
        return [node]
    return [leaf for part in node.parts for leaf in list_leaves(part)]


def parse_condition(condition: Condition) -> Group:
    """Return the condition as a typed tree; `{}` reads as "all of nothing", which every lead matches."""
    if condition == {}:
        return Group("all", ())
    group = _parse(condition, "", 0)
    if isinstance(group, Leaf):
        return Group("all", (group,))
    if _count(group) > MAX_PARTS:
        raise ConditionError("", f"A condition can have at most {MAX_PARTS} parts.")
    return group


def _count(node: Group | Leaf) -> int:
    return 1 if isinstance(node, Leaf) else 1 + sum(_count(part) for part in node.parts)


def _parse(node: Any, path: str, depth: int) -> Group | Leaf:
    if not isinstance(node, Mapping):
        raise ConditionError(path, "Expected a group (all, any, none) or a comparison.")
    if "field" in node:
        return _parse_leaf(node, path)
    kinds = [kind for kind in GROUPS if kind in node]
    if len(kinds) != 1 or len(node) != 1:
        raise ConditionError(path, "A group has exactly one of all, any and none.")
    if depth >= MAX_DEPTH:
        raise ConditionError(path, f"Groups nest at most {MAX_DEPTH} deep.")
    kind, parts = kinds[0], node[kinds[0]]
    if not isinstance(parts, list):
        raise ConditionError(_join(path, kind), "A group holds a list.")
    return Group(kind, tuple(_parse(part, f"{_join(path, kind)}[{i}]", depth + 1) for i, part in enumerate(parts)))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _parse_leaf(node: Condition, path: str) -> Leaf:
    unknown = set(node) - {"field", "op", "value"}
    if unknown:
        raise ConditionError(path, f"A comparison has field, op and value only, not {', '.join(sorted(unknown))}.")
    found = find_field(node["field"]) if isinstance(node["field"], str) else None
    if found is None or (found[1] and not _KEY.match(found[1])):
        raise ConditionError(_join(path, "field"), f"There is no field {node['field']!r}. Choose one of the list.")
    field, key = found
    op = node.get("op")
    if not isinstance(op, str) or op not in OPS[field.kind]:
        allowed = ", ".join(OPS[field.kind])
        raise ConditionError(_join(path, "op"), f"{field.label} cannot be compared by {op!r}. It allows {allowed}.")
    return Leaf(field, key, op, _parse_value(field, op, node.get("value"), _join(path, "value")), path)


def _parse_value(field: Field, op: str, value: Any, path: str) -> Value:
    match shape_of(op):
        case Shape.NOTHING:
            if value not in (None, ""):
                raise ConditionError(path, f"{field.label} with {op} takes no value.")
            return None
        case Shape.SEVERAL:
            if not isinstance(value, list) or not 0 < len(value) <= MAX_PARTS:
                raise ConditionError(path, f"Give {field.label} a list of one to {MAX_PARTS} values.")
            return tuple(_parse_one(field, op, item, f"{path}[{i}]") for i, item in enumerate(value))
        case Shape.RANGE:
            return _parse_range(field, value, path)
        case Shape.DAYS:
            return _parse_integer(value, path, "Give a number of days", 1, MAX_DAYS)
        case Shape.COUNT:
            return _parse_frequency(field, value, path)
        case _:
            return _parse_one(field, op, value, path)


def _parse_range(field: Field, value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) != 2:
        raise ConditionError(path, f"Give {field.label} two values, from and to.")
    low, high = (_parse_number(item, f"{path}[{i}]") for i, item in enumerate(value))
    if low > high:
        raise ConditionError(path, f"{field.label}: {low} is more than {high}. Swap them.")
    return low, high


def _parse_frequency(field: Field, value: Any, path: str) -> Frequency:
    if not isinstance(value, Mapping) or set(value) - {"times", "days", "detail"}:
        raise ConditionError(path, f"{field.label}: say times and days, as in {{'times': 2, 'days': 14}}.")
    detail = value.get("detail") or ""
    if detail and not field.detail_key:
        raise ConditionError(_join(path, "detail"), f"{field.label} cannot be narrowed further.")
    return Frequency(
        times=_parse_integer(value.get("times"), _join(path, "times"), "Give how often", 1, 10_000),
        days=_parse_integer(value.get("days"), _join(path, "days"), "Give a number of days", 1, MAX_DAYS),
        detail=_parse_text(detail, _join(path, "detail")) if detail else "",
    )


def _parse_one(field: Field, op: str, value: Any, path: str) -> Value:
    if field.kind == FieldKind.FLAG:
        if not isinstance(value, bool):
            raise ConditionError(path, f"{field.label} is true or false.")
        return value
    if field.kind == FieldKind.NUMBER or op in NUMERIC_OPS:
        return _parse_number(value, path)
    if field.kind == FieldKind.TIME:
        return _parse_time(value, path)
    text = _parse_text(value, path)
    if not callable(field.choices) and field.choices and text not in {choice for choice, _label in field.choices}:
        raise ConditionError(path, f"{field.label} has no value {text!r}.")
    return (field.read(text) or text) if op in EQUAL_OPS else text


def _parse_text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise ConditionError(path, "Give a text to compare with.")
    if len(value) > MAX_TEXT:
        raise ConditionError(path, f"A text has at most {MAX_TEXT} characters.")
    return value


def _parse_number(value: Any, path: str) -> Decimal:
    """Return the number; one that PostgreSQL could not hold, or could not compare within reason, is none."""
    is_number = isinstance(value, int | float | str | Decimal) and not isinstance(value, bool)
    text = str(value) if is_number else ""
    try:
        number = Decimal(text) if len(text) <= _LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or (number and not _LEAST_POWER <= number.adjusted() < _MOST_POWER):
        raise ConditionError(path, "Give a number.")
    return number or Decimal(0)


def _parse_integer(value: Any, path: str, message: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConditionError(path, f"{message}, {low} to {high}.")
    return value


def _parse_time(value: Any, path: str) -> datetime:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise ConditionError(path, "Give a date, as in 2026-01-31.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
