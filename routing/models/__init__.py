"""Pools, rules, assignments and promises."""

from routing.models.assignment import Assignment
from routing.models.pool import BusinessHours, Holiday, Pool, PoolMember, SlaPolicy
from routing.models.ruleset import RoutingRule, RoutingRuleSet

__all__ = [
    "Assignment",
    "BusinessHours",
    "Holiday",
    "Pool",
    "PoolMember",
    "RoutingRule",
    "RoutingRuleSet",
    "SlaPolicy",
]
