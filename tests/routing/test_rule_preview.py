"""The replay: who would have got what under the draft, against the live rules and the room that people have."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.models import Company, Person
from leadhub.leads.versions import find_published
from leadhub.lib.ids import new_id
from routing.models import Pool, PoolMember, RoutingRuleSet
from routing.publishing import save_rule, start_draft
from routing.replayed_leads import Replay
from routing.rule_preview import preview_rules
from routing.shares import divide
from tests.routing.conftest import MakeLead

SEARCH = {"all": [{"field": "lead.channel", "op": "is", "value": "paid_search"}]}


@given(st.integers(0, 10_000), st.lists(st.integers(1, 100), min_size=1, max_size=9))
def test_shares_add_up_and_follow_the_weights(leads: int, weights: list[int]) -> None:
    named = {new_id(): weight for weight in weights}
    parts = divide(leads, named)
    assert sum(parts.values()) == leads
    for key, weight in named.items():
        assert abs(parts[key] - leads * weight / sum(weights)) < 1


def test_a_draft_is_replayed_against_the_live_rules_and_capacity(
    make_lead: MakeLead, sales: Pool, ada: Membership, ria: Membership, raj: Membership, now: datetime
) -> None:
    PoolMember.objects.filter(member=ria).update(capacity=1)
    for channel in ("paid_search", "paid_search", "direct", "direct"):
        make_lead(channel=channel)
    make_lead(is_test=True)
    draft = start_draft(actor=ada, now=now)
    save_rule(name="Search", condition=SEARCH, target="member", member=ria, actor=ada, now=now)
    preview = preview_rules(draft=draft, live=find_published(RoutingRuleSet), now=now)
    assert (preview.leads, preview.moved) == (4, 2)
    assert [count.leads for count in preview.rules] == [2, 2]
    people = {count.member: (count.live, count.draft, count.change, count.capacity) for count in preview.people}
    assert people == {ria: (2, 3, 1, 1), raj: (2, 1, -1, None)}
    replay = Replay(draft, find_published(RoutingRuleSet), now)
    assert [replay.list_leads(place=place).count() for place in (1, 0, None)] == [2, 2, 4]
    moved = list(replay.list_leads(is_moved=True))
    assert [lead.channel for lead in moved] == ["paid_search"] * 2
    way, live_way = replay.find_ways(moved[0])
    assert (way.who, live_way.who, live_way.rule) == ("Ria", "Sales", None)


def test_only_the_leads_of_owned_companies_move_to_their_owners(
    make_lead: MakeLead, sales: Pool, ada: Membership, ria: Membership, raj: Membership, now: datetime
) -> None:
    leads = [make_lead() for _ in range(4)]
    for lead, owner in zip(leads[:3], (ria, raj, None), strict=True):
        company = Company.objects.create(domain=f"{lead.pk}.example", owner=owner, created_at=now)
        Person.objects.filter(pk=lead.person_id).update(company=company)
    draft = start_draft(actor=ada, now=now)
    save_rule(name="", condition={"all": []}, target="company_owner", pool=sales, actor=ada, now=now)
    replay = Replay(draft, find_published(RoutingRuleSet), now)
    assert set(replay.list_leads(is_moved=True)) == set(leads[:2])
    assert preview_rules(draft=draft, live=replay.live, now=now).moved == 2


@pytest.mark.usefixtures("in_scope")
def test_without_anybody_in_the_pool_the_duty_manager_gets_them(
    make_lead: MakeLead, ada: Membership, now: datetime
) -> None:
    make_lead()
    PoolMember.objects.all().delete()
    preview = preview_rules(draft=start_draft(actor=ada, now=now), live=None, now=now)
    assert [(count.member, count.draft) for count in preview.people] == [(ada, 1)]
