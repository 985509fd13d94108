"""Who gets a lead: marketing until it is ready, then sales by rule, turn or relationship; and always somebody."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.lifecycle import mark_mql
from leadhub.leads.models import Company, Door, Event, EventKind, Intent, Lead, MqlReason, Person, Stage
from leadhub.leads.walk import Walk
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from routing.assignment import offer_lead
from routing.availability import return_back, send_away
from routing.choice import choose_owners
from routing.models import Assignment, Pool, PoolMember, RoutingRule, RoutingRuleSet
from routing.pool_settings import change_pool
from tests.routing.conftest import Arrive, MakeLead, MakePool, step_on


def current(lead: Lead | None) -> Assignment:
    assignment: Assignment = Assignment.objects.select_related("member", "pool").get(lead=lead, ended_at=None)
    return assignment


def owner_of(walk: Walk) -> str:
    assert walk.lead is not None
    walk.lead.refresh_from_db()
    assert walk.lead.owner_id == current(walk.lead).member_id
    return str(walk.lead.owner)


def add_rule(name: str, condition: dict[str, Any], position: int = 0, **target: object) -> RoutingRule:
    rule_set = RoutingRuleSet.objects.get(state="published")
    rule: RoutingRule = RoutingRule.objects.create(
        rule_set=rule_set, position=position, name=name, condition=condition, **target
    )
    return rule


FOR_SIDING = {"all": [{"field": "inquiry.service", "op": "is", "value": "siding"}]}
FOR_ROOFS = {"all": [{"field": "inquiry.service", "op": "is", "value": "roofs"}]}
EVERYBODY: dict[str, Any] = {"all": []}


@pytest.mark.parametrize("intent", [Intent.WARM, Intent.CONTENT])
def test_marketing_has_what_is_not_ready(arrive: Arrive, sales: Pool, intent: Intent) -> None:
    walk = arrive(intent=intent)
    assert owner_of(walk) == "Ada"
    assignment = current(walk.lead)
    assert (assignment.state, assignment.reason, assignment.is_sales) == ("held", "marketing_owner", False)


def test_hot_inquiries_go_to_sales_at_once(arrive: Arrive, sales: Pool) -> None:
    owners = [owner_of(arrive(email=f"p{number}@x.example")) for number in range(4)]
    assert owners == ["Ria", "Raj", "Ria", "Raj"]


def test_a_lead_goes_to_sales_when_it_becomes_mql(arrive: Arrive, sales: Pool) -> None:
    walk = arrive(intent=Intent.CONTENT)
    assert walk.lead is not None
    mark_mql(lead=walk.lead, reason=MqlReason.SCORE, now=walk.now)
    step_on(walk)
    assert owner_of(walk) == "Ria"
    assert Assignment.objects.filter(lead=walk.lead).count() == 2


def test_a_rules_pool_gives_its_own_turns_and_the_fallback_s_where_it_is_put_away(
    make_lead: MakeLead,
    make_pool: MakePool,
    sales: Pool,
    ria: Membership,
    raj: Membership,
    mia: Membership,
    now: datetime,
) -> None:
    closers, lead = make_pool(mia, name="Closers"), make_lead()
    add_rule("All", EVERYBODY, target="pool", pool=closers)
    chosen = choose_owners(leads=[lead], excluded={}, now=now)[lead.pk]
    assert (chosen.member, chosen.pool, chosen.reason) == (mia, closers, "rule")
    Pool.objects.filter(pk=closers.pk).update(is_active=False)
    chosen = choose_owners(leads=[lead], excluded={lead.pk: [ria.pk]}, now=now)[lead.pk]
    assert (chosen.member, chosen.pool, chosen.reason) == (raj, sales, "fallback")
    assert [skipped.member for skipped in chosen.receipt.skipped] == ["Ria"]


def test_routing_twice_changes_nothing(arrive: Arrive, sales: Pool) -> None:
    walk = arrive()
    before = list(PoolMember.objects.order_by("id").values_list("current_weight", "turns"))
    step_on(walk)
    step_on(walk)
    assert Assignment.objects.filter(lead=walk.lead).count() == 1
    assert list(PoolMember.objects.order_by("id").values_list("current_weight", "turns")) == before
    assert Event.objects.filter(kind=EventKind.OWNER_CHANGED).count() == 1


def test_the_first_matching_rule_wins_and_the_receipt_says_so(
    arrive: Arrive, sales: Pool, make_pool: MakePool, mia: Membership, raj: Membership
) -> None:
    roofers = make_pool(raj, name="Roofers")
    add_rule("Roofs", FOR_ROOFS, target="pool", pool=roofers)
    add_rule("Siding to Mia", FOR_SIDING, position=1, target="member", member=mia)
    add_rule("The rest", EVERYBODY, position=2, target="pool", pool=roofers)
    walk = arrive()
    assert owner_of(walk) == "Mia"
    receipt = current(walk.lead).receipt
    assert [(rule["name"], rule["matched"]) for rule in receipt["rules"]] == [("Roofs", False), ("Siding to Mia", True)]
    assert "siding" in receipt["rules"][1]["why"]
    assert (receipt["rule_set_version"], receipt["picked"]) == (1, "Mia")
    assert owner_of(arrive(email="b@x.example", service="roofs")) == "Raj"


def test_an_absent_target_leaves_it_to_the_fallback_pool(
    arrive: Arrive, sales: Pool, mia: Membership, ada: Membership, now: datetime
) -> None:
    add_rule("All to Mia", EVERYBODY, target="member", member=mia)
    send_away(member=mia, away_from=now, away_until=None, actor=ada, now=now)
    walk = arrive()
    assert owner_of(walk) == "Ria"
    assert current(walk.lead).receipt["skipped"] == [{"member": "Mia", "why": "away until further notice"}]


def test_the_companys_owner_gets_their_companys_leads(arrive: Arrive, sales: Pool, raj: Membership) -> None:
    add_rule("Accounts", EVERYBODY, target="company_owner")
    first = arrive(email="jane@bigco.com")
    assert owner_of(first) == "Ria"
    company = Company.objects.get(domain="bigco.com")
    company.owner = raj
    company.save()
    assert owner_of(arrive(email="john@bigco.com")) == "Raj"
    assert owner_of(arrive(email="jim@bigco.com")) == "Raj"


def test_the_former_owner_comes_first(
    make_lead: MakeLead, sales: Pool, raj: Membership, mia: Membership, now: datetime
) -> None:
    add_rule("All to Mia", EVERYBODY, target="member", member=mia)
    person = Person.objects.create(first_name="Jane", created_at=now)
    former = make_lead(person=person, stage=Stage.RECYCLED, disposition="cold", owner=raj)
    Assignment.objects.create(lead=former, member=raj, state="accepted", reason="rule", is_sales=True, assigned_at=now)
    offered = offer_lead(lead=make_lead(person=person, number=2), inquiry=None, now=now)
    assert (offered.member, offered.reason, offered.receipt["rules"]) == (raj, "former_owner", [])
    send_away(member=raj, away_from=now, away_until=None, actor=mia, now=now)
    assert offer_lead(lead=make_lead(number=2, person=person_with(former, now)), inquiry=None, now=now).member == mia


def person_with(former: Lead, now: datetime) -> Person:
    """Another human whose earlier lead the same member had."""
    person: Person = Person.objects.create(first_name="Jim", created_at=now)
    Lead.objects.filter(pk=former.pk).update(person=person)
    return person


def test_nobody_available_means_the_duty_manager_and_another_try(
    arrive: Arrive, sales: Pool, ria: Membership, ada: Membership, now: datetime
) -> None:
    Pool.objects.update(works_always=False)
    night = now.replace(hour=22)
    walk = arrive(at=night)
    assignment = current(walk.lead)
    assert (owner_of(walk), assignment.state, assignment.reason) == ("Ada", "held", "duty_manager")
    assert walk.inquiry is not None
    assert walk.inquiry.due_at == now.replace(day=5, hour=9, minute=5)
    assert Job.objects.get(kind="routing.retry").due_at == now.replace(day=5, hour=9)
    run_due(now=now.replace(day=5, hour=9))
    assert owner_of(walk) == "Ria"
    assert not Job.objects.filter(kind="routing.retry").exists()


def test_a_return_frees_what_waited(
    arrive: Arrive, sales: Pool, ria: Membership, raj: Membership, ada: Membership, now: datetime
) -> None:
    for member in (ria, raj):
        send_away(member=member, away_from=now, away_until=None, actor=ada, now=now)
    walk = arrive()
    assert owner_of(walk) == "Ada"
    later = now + timedelta(minutes=1)
    return_back(member=raj, actor=ada, now=later)
    run_due(now=later)
    assert owner_of(walk) == "Raj"
    assert walk.inquiry is not None
    walk.inquiry.refresh_from_db()
    assert walk.inquiry.due_at == now + timedelta(minutes=5)


def test_the_caller_can_name_the_owner(arrive: Arrive, sales: Pool, mia: Membership) -> None:
    walk = arrive(owner=mia)
    assert owner_of(walk) == "Mia"
    assert current(walk.lead).reason == "manual"


def test_non_leads_and_tests_stay_with_marketing(arrive: Arrive, sales: Pool) -> None:
    walk = arrive(intent=Intent.CONTENT)
    assert walk.lead is not None
    walk.lead.is_test, walk.lead.stage, walk.lead.mql_at = True, Stage.MQL, walk.now
    step_on(walk)
    assert owner_of(walk) == "Ada"


def test_a_departed_owner_is_replaced_when_the_lead_stirs(
    arrive: Arrive, sales: Pool, ria: Membership, now: datetime
) -> None:
    walk = arrive()
    assert owner_of(walk) == "Ria"
    ria.is_active = False
    ria.save()
    again = arrive(service="roofs", at=now + timedelta(days=2))
    assert owner_of(again) == "Raj"


def test_imports_are_routed_quietly(arrive: Arrive, sales: Pool) -> None:
    walk = arrive(door=Door.IMPORT)
    assert owner_of(walk) == "Ria"
    assert walk.inquiry is not None
    assert walk.inquiry.due_at is None


def test_a_pool_that_opens_early_frees_what_waited(arrive: Arrive, sales: Pool, ada: Membership, now: datetime) -> None:
    Pool.objects.update(works_always=False)
    night = now.replace(hour=22)
    walk = arrive(at=night)
    change_pool(pool=sales, name="Sales", time_zone="UTC", works_always=True, is_active=True, actor=ada, now=night)
    run_due(now=night)
    assert owner_of(walk) == "Ria"
