"""A condition as a sentence, for rule pages and receipts."""

from datetime import datetime
from decimal import Decimal

from leadhub.leads.conditions.kinds import OPS, FieldKind
from leadhub.leads.conditions.validation import Condition, Frequency, Group, Leaf, Value, parse_condition

_WORDS = {"all": " and ", "any": " or ", "none": " or "}
EVERY_LEAD = "Every lead"


def describe(condition: Condition) -> str:
    """Return the condition in words; raises `ConditionError`."""
    tree = parse_condition(condition)
    return _describe_group(tree) if tree.parts else _describe_empty(tree)


def _describe_empty(group: Group) -> str:
    return "No lead" if group.kind == "any" else EVERY_LEAD


def _describe_group(group: Group) -> str:
    parts = [_describe_part(part) for part in group.parts]
    words = _WORDS[group.kind].join(parts)
    if group.kind == "none":
        return f"none of ({words})"
    return words


def _describe_part(part: Group | Leaf) -> str:
    if isinstance(part, Leaf):
        return _describe_leaf(part)
    if not part.parts:
        return _describe_empty(part).lower()
    words = _describe_group(part)
    return f"({words})" if len(part.parts) > 1 and part.kind != "none" else words


def _describe_leaf(leaf: Leaf) -> str:
    words = OPS[leaf.field.kind][leaf.op]
    if leaf.field.kind == FieldKind.BEHAVIOUR:
        return _describe_behaviour(leaf, words)
    name = _name(leaf)
    if leaf.value is None:
        return f"{name} {words}"
    return f"{name} {words} {_describe_value(leaf)}"


def _name(leaf: Leaf) -> str:
    if leaf.key:
        return leaf.key.replace("_", " ").capitalize()
    prefixed = leaf.field.group in ("First touch", "Last touch", "Company")
    is_named = leaf.field.label.startswith("Company")
    return f"{leaf.field.group} {leaf.field.label.lower()}" if prefixed and not is_named else leaf.field.label


def _describe_behaviour(leaf: Leaf, words: str) -> str:
    if not isinstance(leaf.value, Frequency):
        raise TypeError(f"{leaf.field.name} without a frequency")
    value = leaf.value
    detail = f" ({leaf.field.detail_label} “{value.detail}”)" if value.detail else ""
    times = "once" if value.times == 1 else f"{value.times} times"
    return f"{leaf.field.label}{detail} {words} {times} in the last {_days(value.days)}"


def _describe_value(leaf: Leaf) -> str:
    if leaf.op == "between" and isinstance(leaf.value, tuple):
        return f"{_say(leaf, leaf.value[0])} and {_say(leaf, leaf.value[1])}"
    if isinstance(leaf.value, tuple):
        return ", ".join(_say(leaf, value) for value in leaf.value)
    if leaf.op in ("within_days", "older_than_days") and isinstance(leaf.value, int):
        return _days(leaf.value)
    return _say(leaf, leaf.value)


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _say(leaf: Leaf, value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if (value.hour, value.minute) == (0, 0) else f"{value:%Y-%m-%d %H:%M}"
    labels = dict(leaf.field.list_choices())
    return str(labels.get(str(value), value)) if labels else f"“{value}”"
