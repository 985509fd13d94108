"""Several people and programs write rules at once: one draft, each rule in it, each at a place of its own."""

from datetime import datetime

import pytest

from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import scope
from routing.models import RoutingRule, RoutingRuleSet
from routing.publishing import save_rule
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_rules_that_are_added_at_once_are_all_in_one_draft(ada: Membership, now: datetime) -> None:
    def add() -> None:
        with scope(ada.organization_id):
            save_rule(name="Mine", condition={}, target="member", member=ada, actor=ada, now=now)

    in_threads(add, 4)
    with scope(ada.organization_id):
        draft = RoutingRuleSet.objects.get(state="draft")
        places = RoutingRule.objects.filter(rule_set=draft, name="Mine").values_list("position", flat=True)
        assert sorted(places) == [0, 1, 2, 3]
