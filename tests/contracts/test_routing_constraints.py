"""Every named constraint of routing refuses what it is there to refuse."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.apps import apps

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization, TenantModel
from routing.models import (
    Assignment,
    BusinessHours,
    Holiday,
    Pool,
    PoolMember,
    RoutingRule,
    RoutingRuleSet,
    SlaPolicy,
)
from tests.contracts.rows import build_row
from tests.contracts.test_lead_constraints import repeat, violate

CHECKS: dict[str, tuple[type[TenantModel], dict[str, Any]]] = {
    "assignment_state": (Assignment, {"state": "lost", "is_sales": True}),
    "assignment_reason": (Assignment, {"reason": "mood"}),
    "assignment_rejected_with_reason": (Assignment, {"state": "rejected", "is_sales": True, "reject_reason": ""}),
    "assignment_offer_is_sales": (Assignment, {"state": "offered", "is_sales": False}),
    "business_hours_weekday": (BusinessHours, {"weekday": 7}),
    "business_hours_order": (BusinessHours, {"opens_at": time(17), "closes_at": time(9)}),
    "routing_rule_set_state": (RoutingRuleSet, {"state": "wishful"}),
    "routing_rule_target": (RoutingRule, {"target": "member", "member": None, "pool": None}),
    "sla_policy_intent": (SlaPolicy, {"intent": "tepid"}),
    "sla_policy_promise": (SlaPolicy, {"minutes": 5, "is_next_business_day": True}),
}


def pool() -> TenantModel:
    return build_row(Pool, is_fallback=False)


def rule_set() -> TenantModel:
    return build_row(RoutingRuleSet, state="retired")


DEEDS: dict[str, Callable[[], None]] = {
    "assignment_one_current": repeat(Assignment, lead=lambda: build_row(Lead), ended_at=None),
    "business_hours_once": repeat(BusinessHours, pool=pool, weekday=1, opens_at=time(9)),
    "holiday_once": repeat(Holiday, pool=pool, on=date(2026, 12, 25)),
    "pool_member_once": repeat(PoolMember, pool=pool, member=Membership.objects.get),
    "pool_name": repeat(Pool, name="Closers", is_fallback=False),
    "pool_one_fallback": repeat(Pool, is_fallback=True),
    "routing_rule_position": repeat(RoutingRule, rule_set=rule_set, position=0),
    "routing_rule_set_one_draft": repeat(RoutingRuleSet, state="draft"),
    "routing_rule_set_one_published": repeat(RoutingRuleSet, state="published"),
    "routing_rule_set_version": repeat(RoutingRuleSet, state="retired", version=9),
    "sla_policy_once": repeat(SlaPolicy, pool=pool, intent="hot"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_refuses(in_scope: Organization, ada: Membership, name: str) -> None:
    model, values = CHECKS[name]
    assert violate(lambda: build_row(model, **values)) == name


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_refused(in_scope: Organization, ada: Membership, name: str) -> None:
    assert violate(DEEDS[name]) == name


def test_every_constraint_has_its_case() -> None:
    models = apps.get_app_config("routing").get_models()
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    assert named == CHECKS.keys() | DEEDS.keys()
