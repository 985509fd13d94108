"""Routing a run of leads: one path with the single lead, equal shares, capacity, a receipt each, few statements."""

from collections import Counter
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead, Person, Stage
from leadhub.work.models import Job
from routing.many import route_leads
from routing.models import Assignment, Pool, PoolMember, RoutingRule, RoutingRuleSet
from tests.routing.conftest import MakeLead, MakePool


def make_leads(make_lead: MakeLead, count: int, **fields: object) -> list[Lead]:
    return [make_lead(**fields) for _ in range(count)]


def route(leads: list[Lead], now: datetime) -> None:
    route_leads(lead_ids=[lead.pk for lead in leads], now=now)


def test_equal_reps_end_within_one_of_each_other(
    make_lead: MakeLead, sales: Pool, mia: Membership, now: datetime
) -> None:
    PoolMember.objects.create(pool=sales, member=mia)
    route(make_leads(make_lead, 50), now)
    counts = Counter(Lead.objects.values_list("owner", flat=True))
    assert sum(counts.values()) == 50
    assert max(counts.values()) - min(counts.values()) <= 1
    assert dict(PoolMember.objects.filter(pool=sales).values_list("member", "turns")) == dict(counts)


def test_a_run_and_single_leads_take_one_another_s_turns(make_lead: MakeLead, sales: Pool, now: datetime) -> None:
    for size in (1, 3, 1, 2, 1):
        route(make_leads(make_lead, size), now)
    counts = Counter(Lead.objects.values_list("owner", flat=True))
    assert sorted(counts.values()) == [4, 4]


def test_capacity_is_kept_within_a_run_and_the_rest_waits_with_the_duty_manager(
    make_lead: MakeLead, sales: Pool, ria: Membership, raj: Membership, ada: Membership, now: datetime
) -> None:
    PoolMember.objects.filter(member=ria).update(capacity=2)
    PoolMember.objects.filter(member=raj).update(capacity=3)
    route(make_leads(make_lead, 7), now)
    counts = Counter(Lead.objects.values_list("owner", flat=True))
    assert (counts[ria.pk], counts[raj.pk], counts[ada.pk]) == (2, 3, 2)
    assert Job.objects.filter(kind="routing.retry").count() == 2
    receipt = Assignment.objects.filter(member=ada).values_list("receipt", flat=True)[0]
    assert "at capacity" in receipt["skipped"][0]["why"]


def test_each_lead_goes_by_its_own_rule(
    make_lead: MakeLead, make_pool: MakePool, sales: Pool, mia: Membership, now: datetime
) -> None:
    rule_set = RoutingRuleSet.objects.get(state="published")
    RoutingRule.objects.create(
        rule_set=rule_set,
        position=0,
        name="Big",
        condition={"all": [{"field": "lead.quote_value", "op": "gt", "value": 1000}]},
        target="pool",
        pool=make_pool(mia, name="Big deals"),
    )
    big = make_leads(make_lead, 2, quote_value=5000, quote_value_source="form")
    small = make_leads(make_lead, 2)
    route([*big, *small], now)
    assert set(Lead.objects.filter(pk__in=[lead.pk for lead in big]).values_list("owner", flat=True)) == {mia.pk}
    assert mia.pk not in Lead.objects.filter(pk__in=[lead.pk for lead in small]).values_list("owner", flat=True)
    receipts = dict(Assignment.objects.values_list("lead", "receipt"))
    assert [rule["matched"] for rule in receipts[big[0].pk]["rules"]] == [True]
    assert [rule["matched"] for rule in receipts[small[0].pk]["rules"]] == [False]


def test_the_person_s_former_owner_gets_them_back(
    make_lead: MakeLead, sales: Pool, raj: Membership, now: datetime
) -> None:
    person = Person.objects.create(first_name="Jo", created_at=now)
    former = make_lead(person=person)
    route([former], now)
    owner = Assignment.objects.get(lead=former).member_id
    Lead.objects.filter(pk=former.pk).update(stage=Stage.RECYCLED, disposition="cold")
    again = make_lead(person=person, number=2)
    route([*make_leads(make_lead, 1), again], now)
    assert Assignment.objects.get(lead=again).member_id == owner
    assert Assignment.objects.get(lead=again).reason == Assignment.Reason.FORMER_OWNER


def test_routing_again_changes_nothing(make_lead: MakeLead, sales: Pool, now: datetime) -> None:
    leads = make_leads(make_lead, 4)
    route(leads, now)
    route(leads, now)
    assert Assignment.objects.count() == 4
    assert Event.objects.filter(kind=EventKind.OWNER_CHANGED).count() == 4


@pytest.mark.parametrize("count", [2, 40])
def test_statements_do_not_grow_with_the_leads(make_lead: MakeLead, sales: Pool, now: datetime, count: int) -> None:
    leads = make_leads(make_lead, count)
    with CaptureQueriesContext(connection) as statements:
        route(leads, now)
    assert len(statements) <= 16
