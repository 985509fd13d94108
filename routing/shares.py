"""Share replayed leads out to people, and hold them against the room that people have. Called by the preview.

A pool's leads are shared by weight: over many turns smooth weighted round-robin gives each exactly that.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from leadhub.accounts.duty import find_duty_manager, list_active_members
from leadhub.accounts.models import Membership
from routing.availability import is_away
from routing.models import PoolMember
from routing.pools import count_open_leads


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Who takes leads: a member, or the turns of a pool; neither: the duty manager."""

    member_id: UUID | None = None
    pool_id: UUID | None = None


Shares = Mapping[UUID, int]
Weigh = Callable[[Taker], Mapping[UUID, int]]


@dataclass(frozen=True, kw_only=True)
class PersonCount:
    """One person's part of the replayed leads, under the live rules and under the draft, and the room they have."""

    member: Membership
    live: int
    draft: int
    open: int
    capacity: int | None
    is_away: bool

    @property
    def change(self) -> int:
        """Return what the draft would change."""
        return self.draft - self.live

    @property
    def room(self) -> int | None:
        """Return how many more open leads they can have; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.open)

    @property
    def is_short(self) -> bool:
        """Say whether a week of the draft's leads is more than there is room for."""
        return self.room is not None and self.draft * 7 / 30 > self.room


def share_out(takers: Counter[Taker], *, weigh: Weigh) -> Shares:
    """Return member → leads: each taker's leads, by the weights that `weigh` (`list_weights`, asked once) knows."""
    shares: Counter[UUID] = Counter()
    for taker, leads in takers.items():
        shares.update(divide(leads, weigh(taker)))
    return {member: leads for member, leads in shares.items() if leads}


def divide(leads: int, weights: Mapping[UUID, int]) -> dict[UUID, int]:
    """Divide leads by weight into whole numbers that add up; what is left over goes to the largest remainders."""
    total = sum(weights.values())
    parts = {key: divmod(leads * weight, total) for key, weight in weights.items()}
    left = leads - sum(whole for whole, _ in parts.values())
    first = sorted(parts, key=lambda key: (-parts[key][1], key))[:left]
    return {key: whole + (key in first) for key, (whole, _) in parts.items()}


def compare_people(*, live: Iterable[Shares], draft: Iterable[Shares], now: datetime) -> list[PersonCount]:
    """Return everybody who gets leads under either set of rules, who gets most of the draft's first."""
    by_live, by_draft = _sum(live), _sum(draft)
    people = Membership.objects.filter(pk__in={*by_live, *by_draft}).select_related("user")
    loads = count_open_leads(members=[member.pk for member in people])
    capacities = dict(PoolMember.objects.values_list("member").annotate(most=Max("capacity")))
    counts = [
        PersonCount(
            member=member,
            live=by_live[member.pk],
            draft=by_draft[member.pk],
            open=loads.get(member.pk, 0),
            capacity=capacities.get(member.pk),
            is_away=is_away(member, now),
        )
        for member in people
    ]
    return sorted(counts, key=lambda count: (-count.draft, -count.live, count.member.name))


def list_weights(taker: Taker) -> dict[UUID, int]:
    """Return member → weight: of a pool its active members', else one person alone."""
    if taker.member_id:
        return {taker.member_id: 1}
    if taker.pool_id:
        rows = PoolMember.objects.filter(pool_id=taker.pool_id, weight__gt=0, member__in=list_active_members())
        if weights := dict(rows.values_list("member_id", "weight")):
            return weights
    return {find_duty_manager().pk: 1}


def _sum(parts: Iterable[Shares]) -> Counter[UUID]:
    total: Counter[UUID] = Counter()
    for shares in parts:
        total.update(shares)
    return total
