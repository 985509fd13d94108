"""Pools take turns: smooth weighted round-robin over who is there, under a lock on the pool's row.

The algorithm is nginx's: each eligible member gains their weight, the highest takes the turn and pays the sum
of the weights. Over any run of turns among the same members each gets their share within one turn.
https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OPEN_STAGES
from routing.availability import describe_absence, is_away
from routing.calendars import load_calendar
from routing.hours import is_open, next_opening
from routing.models import Assignment, Pool, PoolMember
from routing.receipts import SkippedMember

LOOK_AGAIN = timedelta(minutes=15)  # capacity frees at no known time


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The outcome of asking a pool. Without a member nobody was there; `round` lets the turn be given back."""

    pool: Pool
    member: Membership | None
    round: Mapping[UUID, int]
    skipped: list[SkippedMember]


def smooth_pick(*, current: Mapping[UUID, int], weights: Mapping[UUID, int]) -> tuple[UUID, dict[UUID, int]]:
    """Return who takes the turn and everybody's new current weight. Both map the eligible; weights are positive."""
    risen = {key: current[key] + weight for key, weight in weights.items()}
    picked = max(risen, key=lambda key: (risen[key], -key.int))
    risen[picked] -= sum(weights.values())
    return picked, risen


def take_turn(*, pool: Pool, excluded: Collection[UUID], now: datetime) -> Turn:
    """Lock the pool and give the next turn to a member who is there, has room and is not excluded."""
    Pool.objects.select_for_update(no_key=True).get(pk=pool.pk)
    rows = _list_rows(pool)
    skipped = _list_skipped(pool=pool, rows=rows, excluded=excluded, now=now)
    eligible = {row.pk: row for row in rows if row.pk not in skipped}
    reasons = [SkippedMember(member=row.member.name, why=skipped[row.pk]) for row in rows if row.pk in skipped]
    if not eligible:
        return Turn(pool=pool, member=None, round={}, skipped=reasons)
    weights = {key: row.weight for key, row in eligible.items()}
    picked, currents = smooth_pick(current={key: row.current_weight for key, row in eligible.items()}, weights=weights)
    for key, row in eligible.items():
        row.current_weight = currents[key]
    eligible[picked].turns += 1
    eligible[picked].last_turn_at = now
    PoolMember.objects.bulk_update(eligible.values(), ["current_weight", "turns", "last_turn_at"])
    return Turn(pool=pool, member=eligible[picked].member, round=weights, skipped=reasons)


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
    returns = [row.member.away_until for row in _list_rows(pool) if is_away(row.member, now) and row.member.away_until]
    chances = [next_opening(calendar, moment) for moment in [now, *returns]]
    return min([moment for moment in chances if moment > now], default=now + LOOK_AGAIN)


def count_open_leads(*, members: Collection[UUID]) -> dict[UUID, int]:
    """Return how many open leads each member has from sales assignments; members without one are left out."""
    rows = Assignment.objects.filter(
        member__in=members, ended_at=None, is_sales=True, lead__stage__in=OPEN_STAGES
    ).values_list("member")
    return dict(rows.annotate(count=Count("id")))


def _list_rows(pool: Pool) -> list[PoolMember]:
    return list(PoolMember.objects.filter(pool=pool).select_related("member__user").order_by("id"))


def _list_skipped(*, pool: Pool, rows: list[PoolMember], excluded: Collection[UUID], now: datetime) -> dict[UUID, str]:
    calendar = load_calendar(pool=pool)
    if not is_open(calendar, now):
        opening = next_opening(calendar, now).astimezone(calendar.zone)
        return {row.pk: f"off shift: {pool.name} opens {opening:%a %d %b %H:%M}" for row in rows}
    loads = count_open_leads(members=[row.member_id for row in rows])
    reasons = {
        row.pk: _why_not(row, load=loads.get(row.member_id, 0), is_excluded=row.member_id in excluded, now=now)
        for row in rows
    }
    return {key: why for key, why in reasons.items() if why}


def _why_not(row: PoolMember, *, load: int, is_excluded: bool, now: datetime) -> str:
    if not row.member.is_active or not row.member.user.is_active:
        return "no longer active"
    if is_excluded:
        return "has had this lead already"
    if row.weight == 0:
        return "takes no turns: weight 0"
    if is_away(row.member, now):
        return describe_absence(row.member)
    if row.capacity is not None and load >= row.capacity:
        return f"at capacity: {load} of {row.capacity} open leads"
    return ""
