"""One comparison as SQL: TRUE, FALSE or NULL where the value is not known. Called by the compiler."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    DecimalField,
    ExpressionWrapper,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, NullIf
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IContains,
    IExact,
    IsNull,
    IStartsWith,
    LessThan,
    LessThanOrEqual,
    Regex,
)

from leadhub.leads.conditions.behaviour import JsonText
from leadhub.leads.conditions.kinds import NUMERIC_OPS, FieldKind
from leadhub.leads.conditions.validation import Leaf

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "gt": GreaterThan,
    "gte": GreaterThanOrEqual,
    "lt": LessThan,
    "lte": LessThanOrEqual,
    "at_least": GreaterThanOrEqual,
    "fewer_than": LessThan,
}
_TEXT: dict[str, Callable[[Any, Any], Any]] = {"is": IExact, "contains": IContains, "starts_with": IStartsWith}
_NUMBER = r"^\s*-?[0-9]{1,15}(\.[0-9]{1,10})?\s*$"


def compare(leaf: Leaf, *, now: datetime) -> Q:
    """Return the comparison over Lead, for every kind of field but behaviour."""
    column = _column(leaf, now)
    if leaf.op in ("is_known", "is_unknown"):
        return Q(IsNull(column, leaf.op == "is_unknown"))
    if leaf.op in ("not_in", "is_not", "not_contains"):
        positive = {"not_in": "in", "is_not": "is", "not_contains": "contains"}[leaf.op]
        return ~Q(_wrap(_compare(leaf, positive, column, now)))
    return _compare(leaf, leaf.op, column, now)


def compare_count(leaf: Leaf, count: Combinable, times: int) -> Q:
    """Return the comparison of a count that is never NULL."""
    return Q(_ORDER[leaf.op](count, times))


def _wrap(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _compare(leaf: Leaf, op: str, column: Combinable, now: datetime) -> Q:
    value: Any = leaf.value
    if op == "in":
        return reduce(or_, (_compare_one(leaf, "is", column, item) for item in value))
    if op == "between":
        return Q(GreaterThanOrEqual(column, value[0])) & Q(LessThanOrEqual(column, value[1]))
    if leaf.field.kind == FieldKind.TIME:
        return _compare_time(op, column, value, now)
    return _compare_one(leaf, op, column, value)


def _compare_one(leaf: Leaf, op: str, column: Combinable, value: Any) -> Q:
    if op in _ORDER:
        return Q(_ORDER[op](column, value))
    if leaf.field.kind in (FieldKind.TEXT, FieldKind.CUSTOM):
        return Q(_TEXT[op](column, value))
    return Q(Exact(column, value))


def _compare_time(op: str, column: Combinable, value: Any, now: datetime) -> Q:
    match op:
        case "before":
            return Q(LessThan(column, value))
        case "since":
            return Q(GreaterThanOrEqual(column, value))
        case "within_days":
            return Q(GreaterThanOrEqual(column, now - timedelta(days=value))) & Q(LessThanOrEqual(column, now))
        case _:
            return Q(LessThan(column, now - timedelta(days=value)))


def _column(leaf: Leaf, now: datetime) -> Combinable:
    """Return the field's value with an empty text as NULL, which is what "not known" means."""
    source = leaf.field.expression(now)
    match leaf.field.kind:
        case FieldKind.CUSTOM:
            text = NullIf(JsonText(source, leaf.key), Value(""), output_field=TextField())
            return _as_number(text) if leaf.op in NUMERIC_OPS else text
        case FieldKind.TEXT | FieldKind.CHOICE:
            return NullIf(Cast(source, TextField()), Value(""), output_field=TextField())
        case FieldKind.NUMBER:
            return ExpressionWrapper(source, output_field=DecimalField(max_digits=30, decimal_places=10))
        case FieldKind.TIME:
            return ExpressionWrapper(source, output_field=DateTimeField())
        case _:
            return ExpressionWrapper(source, output_field=BooleanField())


def _as_number(text: Combinable) -> Combinable:
    number = DecimalField(max_digits=30, decimal_places=10)
    return Case(When(Regex(text, _NUMBER), then=Cast(text, number)), default=Value(None), output_field=number)
