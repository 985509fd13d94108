"""The routing rules in force and in the draft: which use a field, a pool, a member. Asked before those go."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from leadhub.leads.conditions.uses import Rule
from leadhub.leads.versions import VersionState
from routing.models import RoutingRule


def list_kept_rules() -> QuerySet[RoutingRule]:
    """Return the rules of the live set and of the draft."""
    kept = RoutingRule.objects.exclude(rule_set__state=VersionState.RETIRED)
    return kept.select_related("rule_set").order_by("rule_set__version", "position")


def name_rule(rule: RoutingRule) -> str:
    """Return the rule's name and whether it is in force."""
    return f"Routing rule “{rule.name}” ({rule.rule_set.get_state_display().lower()})"


def list_routing_rules() -> Iterator[Rule]:
    """Yield every rule with what it asks."""
    for rule in list_kept_rules():
        yield Rule(words=name_rule(rule), url=reverse("routing_rules"), condition=rule.condition)
