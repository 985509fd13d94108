"""Compile conditions to SQL over leads: the only evaluator there is, for one lead as for a million.

Three-valued logic: a comparison with an unknown value is NULL, `all` and `any` pass NULL on, a filter drops
it, and `none` means "not known to match": its parts become FALSE where they are NULL, before the NOT.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from leadhub.leads.conditions.behaviour import CountsTable
from leadhub.leads.conditions.comparisons import compare, compare_count
from leadhub.leads.conditions.kinds import FieldKind
from leadhub.leads.conditions.validation import Condition, Frequency, Group, Leaf, parse_condition
from leadhub.leads.models import Lead

EVERY_LEAD = Q(Value(True))  # noqa: FBT003 (an SQL literal)
NO_LEAD = Q(Value(False))  # noqa: FBT003 (an SQL literal)


def compile_conditions(
    conditions: Sequence[Condition], *, now: datetime, people: Sequence[UUID] | QuerySet[Any, Any] | None = None
) -> list[Q]:
    """Return a filter on `Lead.objects` for each condition; together they count behaviour once.

    Use them in one queryset. Where some leads are asked, `people` (their persons) keeps the count narrow.
    Raises `ConditionError`.
    """
    table = CountsTable(now=now, people=people)
    return [_compile(parse_condition(condition), table) for condition in conditions]


def compile_condition(condition: Condition, *, now: datetime, people: Sequence[UUID] | None = None) -> Q:
    """Return the condition as a filter on `Lead.objects`; raises `ConditionError`."""
    return compile_conditions([condition], now=now, people=people)[0]


def matching(
    queryset: QuerySet[Lead], condition: Condition, *, now: datetime, people: Sequence[UUID] | None = None
) -> QuerySet[Lead]:
    """Return the leads of the queryset that match; raises `ConditionError`."""
    return queryset.filter(compile_condition(condition, now=now, people=people))


def first_match(conditions: Sequence[Condition], *, now: datetime, people: Sequence[UUID] | None = None) -> Case:
    """Return an annotation for leads: the index of the first condition that matches, NULL for none."""
    compiled = compile_conditions(conditions, now=now, people=people)
    whens = [When(condition, then=Value(index)) for index, condition in enumerate(compiled)]
    return Case(*whens, default=Value(None), output_field=IntegerField())


def known_to_match(condition: Q) -> Coalesce:
    """Return the condition as TRUE or FALSE, FALSE where it is not known."""
    return Coalesce(ExpressionWrapper(condition, output_field=BooleanField()), Value(False))  # noqa: FBT003


def _compile(node: Group | Leaf, table: CountsTable) -> Q:
    if isinstance(node, Leaf):
        return _compile_leaf(node, table)
    parts = [_compile(part, table) for part in node.parts]
    match node.kind:
        case "all":
            return reduce(and_, parts) if parts else EVERY_LEAD
        case "any":
            return reduce(or_, parts) if parts else NO_LEAD
        case _:
            return ~Q(known_to_match(reduce(or_, parts))) if parts else EVERY_LEAD


def _compile_leaf(leaf: Leaf, table: CountsTable) -> Q:
    if leaf.field.kind != FieldKind.BEHAVIOUR:
        return compare(leaf, now=table.now)
    frequency: Any = leaf.value
    if not isinstance(frequency, Frequency):
        raise TypeError(f"{leaf.field.name} without a frequency")
    return compare_count(leaf, table.count_of(leaf.field, frequency), frequency.times)
