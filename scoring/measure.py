"""What the rules say about leads: their fit, and which engagement rules apply to them. One SELECT for any number."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, FloatField, Func, QuerySet, Value, When
from django.db.models.functions import Greatest

from leadhub.leads.conditions import Condition, compile_conditions
from leadhub.leads.conditions.compiler import known_to_match
from leadhub.leads.models import Lead
from scoring.rules import Rules


class BooleanArray(Func):
    """An array of conditions, `ARRAY[…]::boolean[]`."""

    template = "ARRAY[%(expressions)s]::boolean[]"
    output_field = ArrayField(BooleanField())


def measure(
    leads: QuerySet[Lead], *, rules: Rules, now: datetime, people: Sequence[UUID] | None = None
) -> QuerySet[Lead, Any]:
    """Return `id`, `measured_fit` (never below 0), `fit_matches` and `rule_applies` of each lead, as rows.

    The arrays follow the order of the model's fit and engagement rules.
    """
    conditions: list[Condition] = [rule.condition for rule in rules.fit]
    conditions += [rule.condition for rule in rules.engagement]
    compiled = compile_conditions(conditions, now=now, people=people)
    fit, engagement = compiled[: len(rules.fit)], compiled[len(rules.fit) :]
    points = [
        Case(When(known_to_match(match), then=Value(rule.points)), default=Value(0.0), output_field=FloatField())
        for rule, match in zip(rules.fit, fit, strict=True)
    ]
    total: Any = reduce(add, points, Value(0.0))
    return leads.annotate(
        measured_fit=Greatest(total, Value(0.0), output_field=FloatField()),
        fit_matches=BooleanArray(*(known_to_match(match) for match in fit)),
        rule_applies=BooleanArray(*(known_to_match(match) for match in engagement)),
    ).values("id", "measured_fit", "fit_matches", "rule_applies")
