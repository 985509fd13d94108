"""Which live rule each lead hits: one statement for all of them. Called by `choice.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from leadhub.leads.conditions import Condition, describe, first_match
from leadhub.leads.conditions.prepared import LEAD_ID, NOW, PERSON_ID, prepare
from leadhub.leads.models import Lead
from leadhub.leads.versions import find_published
from routing.models import RoutingRule, RoutingRuleSet
from routing.receipts import TriedRule


@dataclass(frozen=True, kw_only=True)
class RuleMatch:
    """The rules tried, in order, and the one that matched."""

    version: int | None
    tried: list[TriedRule] = field(default_factory=list)
    rule: RoutingRule | None = None


def list_rules(*, rule_set: RoutingRuleSet) -> list[RoutingRule]:
    """Return the set's rules in order, with their targets."""
    rules = RoutingRule.objects.filter(rule_set=rule_set).select_related("member__user", "pool")
    return list(rules.order_by("position"))


def match_rules(*, leads: Sequence[Lead], now: datetime) -> dict[UUID, RuleMatch]:
    """Return for each stored lead the first live rule that it matches, and what was tried until then."""
    rule_set = find_published(RoutingRuleSet)
    if rule_set is None:
        return {lead.pk: RuleMatch(version=None) for lead in leads}
    rules = list_rules(rule_set=rule_set)
    indexes = _find_first(rules, leads=leads, now=now) if rules else {}
    outcomes = {index: _describe_match(rule_set, rules, index=index) for index in {None, *indexes.values()}}
    return {lead.pk: outcomes[indexes.get(lead.pk)] for lead in leads}


def _describe_match(rule_set: RoutingRuleSet, rules: list[RoutingRule], *, index: int | None) -> RuleMatch:
    tried = rules if index is None else rules[: index + 1]
    return RuleMatch(
        version=rule_set.version,
        tried=[
            TriedRule(name=rule.name, matched=position == index, why=describe(rule.condition))
            for position, rule in enumerate(tried)
        ],
        rule=None if index is None else rules[index],
    )


def _find_first(rules: list[RoutingRule], *, leads: Sequence[Lead], now: datetime) -> dict[UUID, int | None]:
    conditions = [rule.condition for rule in rules]
    if len(leads) == 1:
        statement = prepare(purpose="route", conditions=conditions, write=lambda: _state_first(conditions))
        return dict(statement.ask(lead=leads[0], now=now))
    annotation = first_match(conditions, now=now, people=[lead.person_id for lead in leads])
    asked = Lead.objects.filter(pk__in=[lead.pk for lead in leads]).order_by()
    return dict(asked.values_list("pk", annotation))


def _state_first(conditions: list[Condition]) -> tuple[str, Sequence[Any]]:
    annotation = first_match(conditions, now=NOW, people=[PERSON_ID])
    return Lead.objects.filter(pk=LEAD_ID).order_by().values_list("pk", annotation).query.sql_with_params()
