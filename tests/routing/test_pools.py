"""Turns: fair shares, nobody who is not there, and a turn given back as though never taken."""

from collections import Counter
from datetime import datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership, User
from leadhub.leads.models import Stage
from routing.availability import return_back, send_away
from routing.models import Assignment, BusinessHours, Pool, PoolMember
from routing.pools import LOOK_AGAIN, give_turn_back, has_others, next_chance, smooth_pick
from routing.rota import Turn, hold_rotas
from tests.routing.conftest import MakeLead, MakePool


def take_turn(pool: Pool, now: datetime, *excluded: Membership) -> Turn:
    (rota,) = hold_rotas(pool_ids=[pool.pk], now=now)
    turn = rota.take(excluded={member.pk for member in excluded})
    rota.save()
    return turn


def take(pool: Pool, now: datetime, *excluded: Membership) -> str:
    turn = take_turn(pool, now, *excluded)
    return turn.member.name if turn.member else ""


def why_not(pool: Pool, now: datetime) -> dict[str, str]:
    return {row.member: row.why for row in take_turn(pool, now).skipped}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 120))
def test_everybody_gets_their_share_within_one_turn(weights: list[int], turns: int) -> None:
    members = {UUID(int=index + 1): weight for index, weight in enumerate(weights)}
    current, counts = dict.fromkeys(members, 0), Counter[UUID]()
    for _ in range(turns):
        picked, current = smooth_pick(current=current, weights=members)
        counts[picked] += 1
    assert sum(current.values()) == 0
    for member, weight in members.items():
        assert abs(counts[member] - turns * weight / sum(weights)) <= 1


def test_equal_reps_take_turns(make_pool: MakePool, ria: Membership, raj: Membership, now: datetime) -> None:
    pool = make_pool(ria, raj)
    assert [take(pool, now) for _ in range(4)] == ["Ria", "Raj", "Ria", "Raj"]
    assert set(pool.pool_members.values_list("turns", flat=True)) == {2}


def test_weights_are_spread_smoothly(
    make_pool: MakePool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    pool = make_pool(ria, raj, mia, weights=(5, 1, 1))
    assert [take(pool, now) for _ in range(7)] == ["Ria", "Ria", "Raj", "Ria", "Mia", "Ria", "Ria"]


def test_absent_full_and_paused_members_are_passed_over(
    make_pool: MakePool, make_lead: MakeLead, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    pool = make_pool(ria, raj, mia, weights=(1, 1, 0))
    send_away(member=ria, away_from=now, away_until=now + timedelta(days=3), actor=mia, now=now)
    PoolMember.objects.filter(pool=pool, member=raj).update(capacity=1)
    Assignment.objects.create(
        lead=make_lead(), member=raj, state="accepted", reason="rule", is_sales=True, assigned_at=now
    )
    assert why_not(pool, now) == {
        "Ria": "away until 07 Mar 2026, 15:00 UTC",
        "Raj": "at capacity: 1 of 1 open leads",
        "Mia": "takes no turns: weight 0",
    }


def test_only_what_a_member_sells_now_takes_room(
    make_pool: MakePool, make_lead: MakeLead, ria: Membership, raj: Membership, now: datetime
) -> None:
    pool = make_pool(raj)
    PoolMember.objects.filter(pool=pool).update(capacity=1)
    for fields in ({"is_sales": False, "state": "held"}, {"ended_at": now}, {"member": ria}):
        values = {"member": raj, "state": "accepted", "reason": "rule", "is_sales": True, "assigned_at": now, **fields}
        Assignment.objects.create(lead=make_lead(), **values)
    assert [take(pool, now), why_not(pool, now)] == ["Raj", {}]


def test_who_may_not_log_in_gets_no_turn(make_pool: MakePool, ria: Membership, raj: Membership, now: datetime) -> None:
    pool = make_pool(ria, raj)
    User.objects.filter(pk=ria.user_id).update(is_active=False)
    Membership.objects.filter(pk=raj.pk).update(is_active=False)
    assert why_not(pool, now) == {"Ria": "no longer active", "Raj": "no longer active"}


def test_where_nobody_returns_the_pool_is_asked_again_in_a_while(
    make_pool: MakePool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    pool, _ = make_pool(ria, raj), make_pool(mia, name="Roofers")
    soon = now + timedelta(minutes=1)
    send_away(member=ria, away_from=now, away_until=None, actor=mia, now=now)
    send_away(member=raj, away_from=soon, away_until=soon + timedelta(minutes=1), actor=mia, now=now)
    send_away(member=mia, away_from=now, away_until=soon, actor=mia, now=now)
    assert next_chance(pool=pool, now=now) == now + LOOK_AGAIN


def test_others_are_those_of_the_pool_who_are_still_here(
    make_pool: MakePool, ria: Membership, raj: Membership, mia: Membership
) -> None:
    pool, _ = make_pool(ria, raj), make_pool(mia, name="Roofers")
    Membership.objects.filter(pk=raj.pk).update(is_active=False)
    assert [has_others(pool=pool, excluded=excluded) for excluded in ((), (ria.pk,))] == [True, False]


def test_closed_leads_free_capacity(make_pool: MakePool, make_lead: MakeLead, raj: Membership, now: datetime) -> None:
    pool = make_pool(raj)
    PoolMember.objects.filter(pool=pool).update(capacity=1)
    lead = make_lead(stage=Stage.RECYCLED, disposition="cold")
    Assignment.objects.create(lead=lead, member=raj, state="accepted", reason="rule", is_sales=True, assigned_at=now)
    assert take(pool, now) == "Raj"


def test_an_absence_ends_by_itself_or_by_hand(
    make_pool: MakePool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    pool = make_pool(ria)
    send_away(member=ria, away_from=now + timedelta(days=1), away_until=now + timedelta(days=2), actor=mia, now=now)
    assert [take(pool, now + timedelta(days=days)) for days in (0, 1, 2)] == ["Ria", "", "Ria"]
    send_away(member=ria, away_from=now, away_until=None, actor=mia, now=now)
    assert take(pool, now) == ""
    return_back(member=ria, actor=mia, now=now)
    pool.pool_members.get().refresh_from_db()
    assert take(pool, now) == "Ria"


def test_nobody_takes_a_turn_off_shift(make_pool: MakePool, ria: Membership, now: datetime) -> None:
    pool = make_pool(ria, works_always=False)
    night = now.replace(hour=22)
    assert why_not(pool, night) == {"Ria": "off shift: Reps opens Thu 05 Mar 09:00"}
    assert next_chance(pool=pool, now=night) == now.replace(day=5, hour=9)
    assert take(pool, now) == "Ria"


def test_worth_asking_again_when_somebody_returns_in_hours(
    make_pool: MakePool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    pool = make_pool(ria, raj, works_always=False)
    BusinessHours.objects.filter(pool=pool).update(opens_at=time(10))
    send_away(member=ria, away_from=now, away_until=now + timedelta(hours=8), actor=mia, now=now)
    send_away(member=raj, away_from=now, away_until=now + timedelta(days=9), actor=mia, now=now)
    assert next_chance(pool=pool, now=now) == now.replace(day=5, hour=10)


def test_a_turn_given_back_was_never_taken(
    make_pool: MakePool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    pool = make_pool(ria, raj, mia, weights=(3, 2, 1))
    ledger = pool.pool_members.order_by("id").values_list("current_weight", "turns")
    take(pool, now)
    before = list(ledger.all())
    turn = take_turn(pool, now)
    assert turn.member is not None
    assert list(ledger.all()) != before
    give_turn_back(pool=pool, member=turn.member, round_taken=turn.round)
    assert list(ledger.all()) == before
    assert take(pool, now) == turn.member.name


def test_a_turn_goes_back_to_its_own_pool_and_never_below_none(
    make_pool: MakePool, ria: Membership, raj: Membership, now: datetime
) -> None:
    pool, other = make_pool(ria, raj), make_pool(ria, raj, name="Roofers")
    take(other, now)
    turn = take_turn(pool, now)
    for _ in range(2):
        give_turn_back(pool=pool, member=ria, round_taken=turn.round)
    assert list(pool.pool_members.order_by("id").values_list("turns", flat=True)) == [0, 0]
    assert list(other.pool_members.order_by("id").values_list("current_weight", "turns")) == [(-1, 1), (1, 0)]
