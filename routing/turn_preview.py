"""Who would have got a pool's leads by another weight or capacity: its turns of the last 30 days, taken again.

One statement reads which leads came to the turns, when, who got each and until when; then the turns are taken in memory
as a rota takes them, so that capacity counts: a lead stays with whoever gets it as long as it stayed with who got it.
(`shares.py`, for whole sets of rules, shares out by weight alone.) Absences, hours and answers are not replayed. Called
by the pools pages and the API before they save.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from django.db import connection

from leadhub.accounts.models import Membership
from leadhub.leads.models import CLOSED_STAGES, Verdict
from leadhub.tenancy.scope import get_organization_id
from routing.models import Assignment, Pool
from routing.pools import count_open_leads, list_pool_members, smooth_pick
from routing.promise_preview import Compared
from routing.rule_preview import REPLAY

MOST = 10_000  # turns taken again, the latest: within a second at a million leads
# A turn is what stored a round; without one somebody was named, and the pool lent only its hours.
_CAME = """
SELECT turn.assigned_at, CASE WHEN turn.reason <> %(held)s THEN turn.member_id END,
    CASE WHEN turn.reason = %(held)s THEN came.closed_at ELSE least(came.closed_at, turn.ended_at) END,
    CASE WHEN came.closed_at IS NULL THEN came.owner_id END
FROM (
    SELECT id, owner_id, CASE WHEN stage = ANY(%(closed)s) THEN
        coalesce(greatest(customer_at, recycled_at, disqualified_at), updated_at) END AS closed_at
    FROM lead WHERE organization_id = %(organization)s AND captured_at >= %(since)s AND NOT is_test
        AND verdict <> %(not_a_lead)s
) AS came CROSS JOIN LATERAL (
    SELECT a.assigned_at, a.member_id, a.reason, a.ended_at FROM assignment a
    WHERE a.organization_id = %(organization)s AND a.lead_id = came.id AND a.pool_id = %(pool)s AND a.is_sales
        AND (a.reason = %(held)s OR a.receipt -> 'round' <> '{}')
    ORDER BY a.reason = %(held)s, a.assigned_at LIMIT 1
) AS turn
ORDER BY turn.assigned_at DESC, came.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, kw_only=True)
class Came:
    """A lead that came to the turns: who got it (None: nobody to this day), until when, and who owns it open."""

    at: datetime
    taker_id: UUID | None
    left_at: datetime | None
    owner_id: UUID | None


@dataclass(kw_only=True)
class Seat:
    """A member's place in the turns while they are taken again; `load` starts with what they hold besides."""

    weight: int
    capacity: int | None
    load: int = 0
    current: int = 0
    taken: int = 0
    peak: int = 0

    @property
    def has_room(self) -> bool:
        """Say whether the next lead may come here."""
        return self.weight > 0 and (self.capacity is None or self.load < self.capacity)

    def take(self) -> None:
        """Have one lead more."""
        self.taken += 1
        self.load += 1
        self.peak = max(self.peak, self.load)


@dataclass(frozen=True, kw_only=True)
class TurnCount:
    """One member's leads in fact and by the change; `peak` is the most they would have had open at once."""

    member: Membership
    leads: Compared
    peak: int
    capacity: int | None

    @property
    def is_full(self) -> bool:
        """Say whether they would have been passed over at some time."""
        return self.capacity is not None and self.peak >= self.capacity


@dataclass(frozen=True, kw_only=True)
class TurnEffect:
    """The replayed turns: each member's part and what nobody took; both sum to `leads`."""

    leads: int
    people: list[TurnCount]
    nobody: Compared
    changed: TurnCount

    @property
    def is_cut(self) -> bool:
        """Say whether there were more leads than are replayed."""
        return self.leads == MOST


def preview_turns(*, pool: Pool, member: Membership, weight: int, capacity: int | None, now: datetime) -> TurnEffect:
    """Take the pool's turns of the last 30 days again, with the member at this weight and capacity."""
    came = _list_came(pool=pool, now=now)
    rows = [row for row in list_pool_members(pools=[pool]) if row.member.is_active and row.member.user.is_active]
    seats = {row.member_id: Seat(weight=row.weight, capacity=row.capacity) for row in rows}
    seats[member.pk] = Seat(weight=weight, capacity=capacity)
    _seat_loads(seats, came)
    left_over = take_turns(came, seats=seats)
    live = Counter(one.taker_id for one in came)
    people = Membership.objects.filter(pk__in={*seats, *filter(None, live)}).select_related("user")
    counts = [_count(one, live=live[one.pk], seat=seats.get(one.pk)) for one in people]
    return TurnEffect(
        leads=len(came),
        people=sorted(counts, key=lambda count: (-count.leads.draft, -count.leads.live, count.member.name)),
        nobody=Compared(live=live[None], draft=left_over),
        changed=next(count for count in counts if count.member == member),
    )


def take_turns(came: Sequence[Came], *, seats: Mapping[UUID, Seat]) -> int:
    """Give the leads, in the order of coming, to the seats; return how many found nobody with room."""
    left_over = 0
    leaving: list[tuple[datetime, int, Seat]] = []
    for index, lead in enumerate(came):
        while leaving and leaving[0][0] <= lead.at:
            heappop(leaving)[2].load -= 1
        open_to = {key: seat for key, seat in seats.items() if seat.has_room}
        if not open_to:
            left_over += 1
            continue
        picked, risen = smooth_pick(
            current={key: seat.current for key, seat in open_to.items()},
            weights={key: seat.weight for key, seat in open_to.items()},
        )
        for key, seat in open_to.items():
            seat.current = risen[key]
        open_to[picked].take()
        if lead.left_at is not None:
            heappush(leaving, (lead.left_at, index, open_to[picked]))
    return left_over


def _list_came(*, pool: Pool, now: datetime) -> list[Came]:
    values: dict[str, Any] = {
        "organization": get_organization_id(),
        "pool": pool.pk,
        "since": now - REPLAY,
        "held": Assignment.Reason.DUTY_MANAGER,
        "closed": list(CLOSED_STAGES),
        "not_a_lead": Verdict.NOT_A_LEAD,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CAME, values)
        rows = reversed(cursor.fetchall())
    return [Came(at=at, taker_id=taker_id, left_at=left_at, owner_id=owner) for at, taker_id, left_at, owner in rows]


def _seat_loads(seats: Mapping[UUID, Seat], came: Sequence[Came]) -> None:
    """Start each seat with the member's open leads of today that did not come by these turns."""
    loads, replayed = count_open_leads(members=list(seats)), Counter(lead.owner_id for lead in came)
    for member_id, seat in seats.items():
        seat.load = seat.peak = max(0, loads.get(member_id, 0) - replayed[member_id])


def _count(member: Membership, *, live: int, seat: Seat | None) -> TurnCount:
    found = seat or Seat(weight=0, capacity=None)
    return TurnCount(
        member=member, leads=Compared(live=live, draft=found.taken), peak=found.peak, capacity=found.capacity
    )
