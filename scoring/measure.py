"""What the rules say about leads: fit rules they match, engagement rules that apply. One SELECT for any number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, QuerySet

from leadhub.leads.conditions import Condition, compile_conditions
from leadhub.leads.conditions.compiler import known_to_match
from leadhub.leads.models import Lead
from scoring.rules import Rules


class BooleanArray(Func):
    """An array of conditions, `ARRAY[…]::boolean[]`."""

    template = "ARRAY[%(expressions)s]::boolean[]"
    output_field = ArrayField(BooleanField())


def measure(
    leads: QuerySet[Lead], *, rules: Rules, now: datetime, people: Sequence[UUID] | QuerySet[Any, Any] | None = None
) -> QuerySet[Lead, Any]:
    """Return `id`, `fit_matches` and `rule_applies` of each lead, as rows.

    The arrays follow the order of the model's fit and engagement rules; each condition is evaluated once.
    """
    conditions: list[Condition] = [rule.condition for rule in rules.fit]
    conditions += [rule.condition for rule in rules.engagement]
    compiled = compile_conditions(conditions, now=now, people=people)
    fit, engagement = compiled[: len(rules.fit)], compiled[len(rules.fit) :]
    return leads.annotate(
        fit_matches=BooleanArray(*(known_to_match(match) for match in fit)),
        rule_applies=BooleanArray(*(known_to_match(match) for match in engagement)),
    ).values("id", "fit_matches", "rule_applies")


def add_fit(rules: Rules, matches: Sequence[bool]) -> float:
    """Return the points of the fit rules that match, never below 0."""
    return max(sum(rule.points for rule, is_match in zip(rules.fit, matches, strict=True) if is_match), 0.0)
