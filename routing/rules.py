"""Which live rule a lead hits: one statement for all of them. Called by `choice.py`."""

from dataclasses import dataclass, field
from datetime import datetime

from leadhub.leads.conditions import describe, first_match
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


def match_rules(*, lead: Lead, now: datetime) -> RuleMatch:
    """Return the first live rule that the stored lead matches, and what was tried until then."""
    rule_set = find_published(RoutingRuleSet)
    if rule_set is None:
        return RuleMatch(version=None)
    rules = list_rules(rule_set=rule_set)
    index = _first_index(rules, lead=lead, now=now) if rules else None
    tried = rules if index is None else rules[: index + 1]
    return RuleMatch(
        version=rule_set.version,
        tried=[
            TriedRule(name=rule.name, matched=position == index, why=describe(rule.condition))
            for position, rule in enumerate(tried)
        ],
        rule=None if index is None else rules[index],
    )


def _first_index(rules: list[RoutingRule], *, lead: Lead, now: datetime) -> int | None:
    annotation = first_match([rule.condition for rule in rules], now=now, people=[lead.person_id])
    hit: int | None = Lead.objects.filter(pk=lead.pk).values_list(annotation, flat=True).get()
    return hit
