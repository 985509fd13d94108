"""Which rules ask about a field or name a value: asked before a form, a field, a pool or a member is removed.

A registry that apps fill in `ready()`, since low floors serve high ones unimported: each feature lists the rules that
it keeps, in force or drafted.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from leadhub.leads.conditions.validation import Condition, ConditionError, Leaf, list_leaves, parse_condition


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that some feature keeps: what it is called, where it is changed, what it asks."""

    words: str
    url: str
    condition: Condition


ListRules = Callable[[], Iterable[Rule]]
_listers: dict[str, ListRules] = {}


def register_rules(feature: str, list_rules: ListRules) -> None:
    """Let a feature's rules be searched; it is called in the organization's scope."""
    _listers[feature] = list_rules


def find_uses(*, fields: Collection[str] = (), value: str = "") -> list[Rule]:
    """Return the rules that ask about one of the fields, named in full, or compare with the value."""
    return [
        rule
        for list_rules in _listers.values()
        for rule in list_rules()
        if any(_names(leaf, fields=fields, value=value) for leaf in _read(rule.condition))
    ]


def _names(leaf: Leaf, *, fields: Collection[str], value: str) -> bool:
    name = f"{leaf.field.name}.{leaf.key}" if leaf.key else leaf.field.name
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return name in fields or bool(value and value in values)


def _read(condition: Condition) -> list[Leaf]:
    try:
        return list_leaves(parse_condition(condition))
    except ConditionError:  # its field is gone already
        return []
