"""The pool, promises and rules that a new organization starts with. Called where an organization is founded."""

from datetime import datetime, time

from leadhub.accounts.models import Membership
from leadhub.leads.models import Intent
from leadhub.leads.versions import VersionState
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from routing.models import BusinessHours, Pool, PoolMember, RoutingRuleSet, SlaPolicy

WORKDAYS = range(5)
OPENS_AT, CLOSES_AT = time(9), time(17)


def create_default_pool(*, admin: Membership, now: datetime) -> Pool:
    """Create the fallback pool with the admin in it, its promises, and rules that send everyone there.

    It works round the clock until somebody says otherwise, so that a first lead is never parked; the usual
    hours are stored beside it and apply once that is switched off. Needs the organization's scope.
    """
    organization = Organization.objects.get(pk=get_organization_id())
    pool = Pool.objects.create(
        name="Sales", is_fallback=True, works_always=True, time_zone=organization.time_zone, created_at=now
    )
    PoolMember.objects.create(pool=pool, member=admin)
    add_usual_terms(pool=pool)
    RoutingRuleSet.objects.create(
        version=1,
        state=VersionState.PUBLISHED,
        note="Every lead goes to the fallback pool.",
        created_at=now,
        created_by=admin,
        published_at=now,
        published_by=admin,
    )
    return pool


def add_usual_terms(*, pool: Pool) -> None:
    """Give a new pool the usual hours, Monday to Friday nine to five, and the usual promises."""
    BusinessHours.objects.bulk_create(
        BusinessHours(pool=pool, weekday=day, opens_at=OPENS_AT, closes_at=CLOSES_AT) for day in WORKDAYS
    )
    SlaPolicy.objects.bulk_create(
        [
            SlaPolicy(pool=pool, intent=Intent.HOT, minutes=5),
            SlaPolicy(pool=pool, intent=Intent.WARM, minutes=4 * 60),
            SlaPolicy(pool=pool, intent=Intent.CONTENT, is_next_business_day=True),
        ]
    )
