"""A pool's turns taken again: who would have got its leads, and what nobody had room for."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.ids import new_id
from routing.assignment import offer_lead
from routing.models import Assignment, Pool, PoolMember, RoutingRule, RoutingRuleSet
from routing.promise_preview import Compared
from routing.turn_preview import Came, Seat, preview_turns, take_turns
from tests.personas import NOW
from tests.routing.conftest import MakeLead, MakePool

SEATS = st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 5)), min_size=1, max_size=6)
STAYS = st.lists(st.none() | st.integers(0, 20), max_size=60)


@given(SEATS, STAYS)
def test_every_lead_is_taken_once_or_left_over_and_nobody_has_too_many(
    seats: list[tuple[int, int | None]], stays: list[int | None]
) -> None:
    found = {new_id(): Seat(weight=weight, capacity=capacity) for weight, capacity in seats}
    minutes = [timedelta(minutes=index) for index in range(len(stays))]
    came = [
        Came(at=NOW + at, taker_id=None, owner_id=None, left_at=None if stay is None else NOW + at + stay * minutes[1])
        for at, stay in zip(minutes, stays, strict=True)
    ] if len(stays) > 1 else []  # fmt: skip
    left_over = take_turns(came, seats=found)
    assert left_over + sum(seat.taken for seat in found.values()) == len(came)
    assert all(seat.peak <= seat.capacity for seat in found.values() if seat.capacity is not None)
    if all(capacity is None for _, capacity in seats) and (total := sum(weight for weight, _ in seats)):
        assert left_over == 0
        assert all(abs(seat.taken - len(came) * seat.weight / total) <= 1 for seat in found.values())


def test_a_pool_s_own_turns_come_out_as_they_were(
    make_lead: MakeLead, make_pool: MakePool, sales: Pool, ria: Membership, raj: Membership, now: datetime
) -> None:
    PoolMember.objects.filter(member=ria).update(weight=2)
    leads = [offer_in_turn(make_lead(), at=now + timedelta(minutes=index)) for index in range(9)]
    offer_in_turn(make_lead(is_test=True), at=now)  # Ria's: not replayed, but held besides
    same = preview_turns(pool=sales, member=ria, weight=2, capacity=None, now=now + timedelta(hours=1))
    assert same.leads == len(leads)
    assert {count.member: count.leads for count in same.people} == {
        ria: Compared(live=6, draft=6),
        raj: Compared(live=3, draft=3),
    }
    level = preview_turns(pool=sales, member=ria, weight=1, capacity=5, now=now + timedelta(hours=1))
    assert {count.member: count.leads.draft for count in level.people} == {ria: 4, raj: 5}
    assert (level.changed.peak, level.changed.is_full, level.nobody) == (5, True, Compared())
    other = make_pool(ria, name="Closers")
    assert preview_turns(pool=other, member=ria, weight=1, capacity=None, now=now).leads == 0


def test_who_is_named_takes_no_turn_but_room(
    make_lead: MakeLead, sales: Pool, ria: Membership, raj: Membership, now: datetime
) -> None:
    rules = RoutingRuleSet.objects.get()
    rule = RoutingRule.objects.create(rule_set=rules, position=1, name="Ria's", target="member", member=ria)
    offer_in_turn(make_lead(), at=now)
    rule.delete()
    PoolMember.objects.update(capacity=1)
    offer_in_turn(make_lead(), at=now)  # Raj's, the last who has room
    offer_in_turn(make_lead(), at=now)  # the duty manager's
    effect = preview_turns(pool=sales, member=raj, weight=1, capacity=0, now=now)
    assert (effect.leads, effect.nobody) == (2, Compared(live=1, draft=2))
    assert Assignment.objects.filter(pool=sales).count() == 3


def offer_in_turn(lead: Lead, *, at: datetime) -> Lead:
    """Give a lead to whom the rules and turns choose at the instant."""
    offer_lead(lead=lead, inquiry=None, now=at)
    return lead
