"""A pool whose turns are being taken: locked, its members in memory, its fairness ledger written once.

Called by `choice.py`, for one lead as for thousands. A pool stays locked until the transaction ends, so that two
workers never give one turn twice.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import get_organization_id
from routing.availability import describe_absence, is_away
from routing.calendars import load_calendar
from routing.hours import is_open, next_opening
from routing.models import Pool, PoolMember
from routing.pools import count_open_leads, list_pool_members, smooth_pick
from routing.receipts import SkippedMember

_SAVE_LEDGER = """
UPDATE pool_member SET current_weight = taken.current_weight, turns = taken.turns, last_turn_at = taken.last_turn_at
FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::timestamptz[]) AS taken (id, current_weight, turns, last_turn_at)
WHERE pool_member.organization_id = %s AND pool_member.id = taken.id
"""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The outcome of asking a pool. Without a member nobody was there; `round` lets the turn be given back."""

    pool: Pool
    member: Membership | None
    round: Mapping[UUID, int]
    skipped: list[SkippedMember]


class Rota:
    """The turns of one locked pool at an instant; `save` writes what `take` took."""

    def __init__(self, *, pool: Pool, rows: list[PoolMember], now: datetime) -> None:
        self.pool = pool
        self._rows = rows
        self._now = now
        self._closed = _why_closed(pool, now=now)
        counted = {row.member_id for row in rows if row.capacity is not None}
        self._loads = count_open_leads(members=counted) if counted and not self._closed else {}
        self._touched: dict[UUID, PoolMember] = {}

    def take(self, *, excluded: Collection[UUID]) -> Turn:
        """Give the next turn to a member who is there, has room and is not excluded."""
        reasons = {row.pk: self._why_not(row, is_excluded=row.member_id in excluded) for row in self._rows}
        skipped = [SkippedMember(member=row.member.name, why=reasons[row.pk]) for row in self._rows if reasons[row.pk]]
        eligible = {row.pk: row for row in self._rows if not reasons[row.pk]}
        if not eligible:
            return Turn(pool=self.pool, member=None, round={}, skipped=skipped)
        weights = {key: row.weight for key, row in eligible.items()}
        picked, risen = smooth_pick(current={key: row.current_weight for key, row in eligible.items()}, weights=weights)
        for key, row in eligible.items():
            row.current_weight = risen[key]
        taker = eligible[picked]
        taker.turns += 1
        taker.last_turn_at = self._now
        self._loads[taker.member_id] = self._loads.get(taker.member_id, 0) + 1
        self._touched.update(eligible)
        return Turn(pool=self.pool, member=taker.member, round=weights, skipped=skipped)

    def save(self) -> None:
        """Write the ledger, in one statement."""
        rows = list(self._touched.values())
        if not rows:
            return
        columns = [[getattr(row, name) for row in rows] for name in ("pk", "current_weight", "turns", "last_turn_at")]
        with connection.cursor() as cursor:
            cursor.execute(_SAVE_LEDGER, [*columns, get_organization_id()])
        self._touched.clear()

    def _why_not(self, row: PoolMember, *, is_excluded: bool) -> str:
        """Return why the member gets no turn; empty where they may."""
        if self._closed:
            return self._closed
        if not row.member.is_active or not row.member.user.is_active:
            return "no longer active"
        if is_excluded:
            return "has had this lead already"
        if row.weight == 0:
            return "takes no turns: weight 0"
        if is_away(row.member, self._now):
            return describe_absence(row.member)
        load = self._loads.get(row.member_id, 0)
        is_full = row.capacity is not None and load >= row.capacity
        return f"at capacity: {load} of {row.capacity} open leads" if is_full else ""


def hold_rotas(*, pool_ids: Collection[UUID], with_fallback: bool = False, now: datetime) -> list[Rota]:
    """Lock the pools, in one order, and return their turns."""
    wanted = Q(pk__in=pool_ids) | Q(is_fallback=True) if with_fallback else Q(pk__in=pool_ids)
    pools = list(Pool.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
    rows = list_pool_members(pools=pools)
    return [Rota(pool=pool, rows=[row for row in rows if row.pool_id == pool.pk], now=now) for pool in pools]


def _why_closed(pool: Pool, *, now: datetime) -> str:
    calendar = load_calendar(pool=pool)
    if is_open(calendar, now):
        return ""
    return f"off shift: {pool.name} opens {next_opening(calendar, now).astimezone(calendar.zone):%a %d %b %H:%M}"
