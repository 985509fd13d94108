"""Pools take turns: smooth weighted round-robin, whom a pool has, and when it is worth asking again.

The algorithm is nginx's: each eligible member gains their weight, the highest takes the turn and pays the sum
of the weights. Over any run of turns among the same members each gets their share within one turn.
https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OPEN_STAGES
from routing.availability import is_away
from routing.calendars import load_calendar
from routing.hours import next_opening
from routing.models import Assignment, Pool, PoolMember

LOOK_AGAIN = timedelta(minutes=15)  # capacity frees at no known time


def smooth_pick(*, current: Mapping[UUID, int], weights: Mapping[UUID, int]) -> tuple[UUID, dict[UUID, int]]:
    """Return who takes the turn and everybody's new current weight. Both map the eligible; weights are positive."""
    risen = {key: current[key] + weight for key, weight in weights.items()}
    picked = max(risen, key=lambda key: (risen[key], -key.int))
    risen[picked] -= sum(weights.values())
    return picked, risen


def give_turn_back(*, pool: Pool, member: Membership, round_taken: Mapping[UUID, int]) -> None:
    """Undo a turn as though it had never been taken, whatever turns were taken since."""
    Pool.objects.select_for_update(no_key=True).get(pk=pool.pk)
    rows = PoolMember.objects.filter(pool=pool)
    for key, weight in round_taken.items():
        rows.filter(pk=key).update(current_weight=F("current_weight") - weight)
    taken = rows.filter(member=member, turns__gt=0)
    taken.update(current_weight=F("current_weight") + sum(round_taken.values()), turns=F("turns") - 1)


def has_others(*, pool: Pool, excluded: Collection[UUID]) -> bool:
    """Say whether anybody of the pool has not had the lead yet: for the others there is nothing to wait."""
    return PoolMember.objects.filter(pool=pool, member__is_active=True).exclude(member__in=excluded).exists()


def next_chance(*, pool: Pool, now: datetime) -> datetime:
    """Return when it is worth asking the pool again: it opens, somebody returns, or a while has passed."""
    calendar = load_calendar(pool=pool)
    returns = [
        row.member.away_until
        for row in list_pool_members(pools=[pool])
        if is_away(row.member, now) and row.member.away_until
    ]
    chances = [next_opening(calendar, moment) for moment in [now, *returns]]
    return min([moment for moment in chances if moment > now], default=now + LOOK_AGAIN)


def count_open_leads(*, members: Collection[UUID]) -> dict[UUID, int]:
    """Return how many open leads each member has from sales assignments; members without one are left out."""
    rows = Assignment.objects.filter(
        member__in=members, ended_at=None, is_sales=True, lead__stage__in=OPEN_STAGES
    ).values_list("member")
    return dict(rows.annotate(count=Count("id")))


def list_pool_members(*, pools: Collection[Pool]) -> list[PoolMember]:
    """Return the members of the pools with their log-ins, in the order of joining."""
    return list(PoolMember.objects.filter(pool__in=pools).select_related("member__user").order_by("id"))
