"""A new organization can route at once."""

import pytest

from leadhub.accounts.members import add_member
from leadhub.accounts.models import Role, User
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.defaults import create_default_pool
from routing.models import Pool, RoutingRuleSet

pytestmark = pytest.mark.django_db


def test_default_pool_has_the_admin_promises_and_live_rules() -> None:
    now = utc_now()
    organization = Organization.objects.create(name="Acme", slug="acme", time_zone="Europe/Berlin", created_at=now)
    user = User.objects.create_user("ada@example.com", name="Ada")
    with scope(organization.id):
        admin = add_member(user=user, role=Role.ADMIN, name="Ada", now=now)
        create_default_pool(admin=admin, now=now)
        pool = Pool.objects.get(is_fallback=True)
        assert pool.time_zone == "Europe/Berlin"
        assert [row.member_id for row in pool.pool_members.all()] == [admin.id]
        assert {row.intent: row.minutes for row in pool.sla_policies.all()} == {"hot": 5, "warm": 240, "content": None}
        assert RoutingRuleSet.objects.get(state="published").version == 1
