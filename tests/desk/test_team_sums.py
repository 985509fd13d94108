"""The team page's numbers sum: each member's leads are those listed, all of them the tile, whoever owns them."""

import random
from datetime import UTC, datetime, timedelta
from itertools import product

from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.desk.queue import GROUPS, list_queue
from leadhub.desk.team import LABELS, list_leads, read_loads, total_loads
from leadhub.leads.models import Intent, Stage, TaskKind
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.desk.leads import add_inquiry, add_task, make_lead, offer
from tests.personas import ClientOf
from tests.reporting.random_leads import examples, undone

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
STAGES = [Stage.NEW, Stage.MQL, Stage.SAL, Stage.SQL]


def fill(chance: random.Random, owners: list[Membership]) -> None:
    """Write leads in every state that the team page or the queue tells apart."""
    for number in range(chance.randint(0, 24)):
        lead = make_lead(
            owner=chance.choice(owners),
            now=NOW,
            name=f"Pat Doe{number}",
            stage=chance.choice(STAGES),
            cooling_at=chance.choice([None, NOW]),
            wakes_at=chance.choice([None, None, NOW + timedelta(days=3)]),
        )
        for _ in range(chance.randint(0, 2)):
            arrived_at = NOW - timedelta(minutes=chance.randint(1, 600))
            add_inquiry(
                lead,
                arrived_at=arrived_at,
                due_at=chance.choice([None, arrived_at + timedelta(minutes=90)]),
                first_attempt_at=chance.choice([None, NOW]),
                intent=chance.choice(Intent.values),
            )
        if chance.random() < 0.6:
            state = chance.choice(["offered", "accepted", "held"])
            offer(lead, now=NOW, state=state, responded_at=NOW if state == "accepted" else None)
        if chance.random() < 0.4:
            due_at = NOW + timedelta(hours=chance.randint(-40, 40))
            add_task(lead, due_at=due_at, now=NOW, kind=chance.choice([TaskKind.CALL, TaskKind.WOKEN]))


def make_leaver(member: Membership) -> Membership:
    """Write a member who left."""
    member.is_active = False
    member.save()
    return member


@examples(12)
@given(seed=st.integers(0, 10_000))
def test_loads_sum_to_the_tiles_and_to_the_leads_listed(
    in_scope: Organization, mia: Membership, ria: Membership, raj: Membership, seed: int
) -> None:
    with undone():
        fill(random.Random(seed), [mia, ria, make_leaver(raj)])
        loads = read_loads(now=NOW)
        totals = total_loads(loads)
        for kind in LABELS:
            listed = list_leads(kind=kind, member_id=None, now=NOW).count()
            assert totals.get(kind, listed) == listed, kind
            if kind == "held":
                continue
            assert sum(getattr(load, kind) for load in loads) == listed, kind
            for load in loads:
                own = list_leads(kind=kind, member_id=load.member.pk, now=NOW)
                assert own.count() == getattr(load, kind), (kind, load.member)


@examples(12)
@given(seed=st.integers(0, 10_000))
def test_the_queue_s_counts_are_its_rows(in_scope: Organization, mia: Membership, ria: Membership, seed: int) -> None:
    with undone():
        fill(random.Random(seed), [mia, ria])
        for member in (mia, ria):
            now, later = (list_queue(member=member, now=NOW, is_planned=planned, limit=99) for planned in (False, True))
            assert now.counts == later.counts
            groups = [row.group for row in (*now.rows, *later.rows)]
            assert {group: groups.count(group) for group in set(GROUPS.values())} == now.counts
            assert now.total == len(now.rows)


@examples(12)
@given(seed=st.integers(0, 10_000))
def test_who_answers_for_marketing_finds_the_same_queue(
    in_scope: Organization, mia: Membership, ria: Membership, seed: int
) -> None:
    with undone():
        fill(random.Random(seed), [mia, ria])
        for member, planned in product((mia, ria), (False, True)):
            member.is_marketing_owner = False
            queue = list_queue(member=member, now=NOW, is_planned=planned, limit=99)
            member.is_marketing_owner = True
            assert list_queue(member=member, now=NOW, is_planned=planned, limit=99) == queue


def test_who_left_is_shown_as_long_as_they_own_leads(mia: Membership, raj: Membership, client_of: ClientOf) -> None:
    with scope(mia.organization_id):
        make_lead(owner=make_leaver(raj), now=NOW)
    page = client_of(mia).get(reverse("team"))
    assert ">Left<" in page.content.decode()
    assert [load.member for load in page.context["loads"] if load.open] == [raj]
    assert page.context["page"].paginator.count == 1
