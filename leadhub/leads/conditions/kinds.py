"""What kinds of field there are, and which comparisons each allows. Read by validation, compiler and editor."""

from django.db import models


class FieldKind(models.TextChoices):
    """The type of a field, which decides its comparisons and the shape of their value."""

    TEXT = "text", "Text"
    CHOICE = "choice", "Choice"
    NUMBER = "number", "Number"
    TIME = "time", "Time"
    FLAG = "flag", "Yes or no"
    CUSTOM = "custom", "Custom field"
    BEHAVIOUR = "behaviour", "Behaviour"


class Shape(models.TextChoices):
    """What a comparison's value looks like."""

    NOTHING = "nothing", "No value"
    ONE = "one", "One value"
    SEVERAL = "several", "A list"
    RANGE = "range", "From, to"
    DAYS = "days", "A number of days"
    COUNT = "count", "How often in how many days"


_KNOWN = {"is_known": "is known", "is_unknown": "is unknown"}
_EQUAL = {"is": "is", "is_not": "is not", "in": "is one of", "not_in": "is none of"}
_TEXT = {**_EQUAL, "contains": "contains", "not_contains": "does not contain", "starts_with": "starts with"}
_ORDER = {
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "between": "is between",
}
_TIME = {
    "before": "is before",
    "since": "is on or after",
    "within_days": "is within the last",
    "older_than_days": "is longer ago than",
}

OPS: dict[FieldKind, dict[str, str]] = {
    FieldKind.TEXT: {**_TEXT, **_KNOWN},
    FieldKind.CHOICE: {**_EQUAL, **_KNOWN},
    FieldKind.NUMBER: {**_EQUAL, **_ORDER, **_KNOWN},
    FieldKind.TIME: {**_TIME, **_KNOWN},
    FieldKind.FLAG: {"is": "is"},
    FieldKind.CUSTOM: {**_TEXT, **_ORDER, **_KNOWN},
    FieldKind.BEHAVIOUR: {"at_least": "at least", "fewer_than": "fewer than"},
}

_SHAPES = {
    "in": Shape.SEVERAL,
    "not_in": Shape.SEVERAL,
    "between": Shape.RANGE,
    "within_days": Shape.DAYS,
    "older_than_days": Shape.DAYS,
    "is_known": Shape.NOTHING,
    "is_unknown": Shape.NOTHING,
    "at_least": Shape.COUNT,
    "fewer_than": Shape.COUNT,
}
EQUAL_OPS, NUMERIC_OPS = frozenset(_EQUAL), frozenset(_ORDER)


def shape_of(op: str) -> Shape:
    """Return what the value of a comparison looks like."""
    return _SHAPES.get(op, Shape.ONE)
