"""A deal is a change of state: it moves its lead, and the lead's values are the sums of its deals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.models import (
    DispositionCode,
    Event,
    EventKind,
    Lead,
    Opportunity,
    OpportunityLead,
    OpportunityStage,
    Stage,
)
from leadhub.leads.opportunities import (
    DealClosed,
    LossReasonMissing,
    NameMissing,
    change_opportunity,
    lose_opportunity,
    open_opportunity,
    win_opportunity,
)
from leadhub.leads.qualification import qualify_lead
from leadhub.leads.stages import StageNotAllowed
from leadhub.leads.values import ImpossibleAmount
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import make_lead, make_mql
from tests.personas import NOW


def values() -> tuple[str, Decimal, Decimal]:
    """Return stage, pipeline and sales value of the only lead."""
    lead = Lead.objects.get()
    return lead.stage, lead.pipeline_value, lead.sales_value


def test_opening_a_deal_moves_the_lead(in_scope: Organization, ada: Membership) -> None:
    deal = open_opportunity(
        lead=make_mql(currency="EUR"),
        name=" Roof ",
        amount=Decimal("1200.555"),
        actor=ada,
        now=NOW,
        expected_close_on=date(2026, 5, 1),
    )
    assert values() == (Stage.OPPORTUNITY, Decimal("1200.56"), Decimal(0))
    assert (deal.name, deal.currency, deal.owner, deal.stage) == ("Roof", "EUR", ada, OpportunityStage.DISCOVERY)
    assert Event.objects.filter(kind=EventKind.OPPORTUNITY_OPENED).count() == 1


def test_winning_makes_a_customer_once(in_scope: Organization, ada: Membership) -> None:
    deal = open_opportunity(lead=make_mql(), name="Roof", amount=Decimal(100), actor=ada, now=NOW)
    for _ in range(2):
        win_opportunity(opportunity=deal, actor=ada, now=NOW, amount=Decimal(120))
    assert values() == (Stage.CUSTOMER, Decimal(0), Decimal(120))
    deal.refresh_from_db()
    assert (deal.closed_at, deal.probability) == (NOW, 100)
    assert Event.objects.filter(kind=EventKind.OPPORTUNITY_WON).count() == 1


def test_losing_the_last_deal_steps_back_to_the_evidence(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    qualify_lead(lead=lead, budget="1", authority="2", need="3", timeline="4", actor=ada, now=NOW)
    first, second = (
        open_opportunity(lead=lead, name=name, amount=Decimal(10), actor=ada, now=NOW) for name in ("A", "B")
    )
    lose_opportunity(opportunity=first, reason="Price", actor=ada, now=NOW)
    assert values() == (Stage.OPPORTUNITY, Decimal(10), Decimal(0))
    for _ in range(2):
        lose_opportunity(opportunity=second, reason="Price", actor=ada, now=NOW)
    assert values() == (Stage.SQL, Decimal(0), Decimal(0))
    assert Event.objects.filter(kind=EventKind.OPPORTUNITY_LOST).count() == 2


def test_a_customer_with_a_lost_deal_stays_a_customer(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    won, lost = (open_opportunity(lead=lead, name=name, amount=Decimal(10), actor=ada, now=NOW) for name in ("A", "B"))
    win_opportunity(opportunity=won, actor=ada, now=NOW)
    assert values() == (Stage.CUSTOMER, Decimal(10), Decimal(10))
    lose_opportunity(opportunity=lost, reason="Price", actor=ada, now=NOW)
    assert values() == (Stage.CUSTOMER, Decimal(0), Decimal(10))


def test_a_change_of_stage_brings_its_probability(in_scope: Organization, ada: Membership) -> None:
    deal = open_opportunity(lead=make_mql(), name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    for _ in range(2):
        change_opportunity(
            opportunity=deal, actor=ada, now=NOW, stage=OpportunityStage.PROPOSAL, amount=Decimal(30), name="Roof II"
        )
    deal.refresh_from_db()
    assert (deal.probability, deal.amount, deal.name) == (50, Decimal(30), "Roof II")
    assert values() == (Stage.OPPORTUNITY, Decimal(30), Decimal(0))
    assert Event.objects.filter(kind=EventKind.OPPORTUNITY_CHANGED).count() == 1


def test_a_probability_that_is_told_stands(in_scope: Organization, ada: Membership) -> None:
    deal = open_opportunity(lead=make_mql(), name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    change_opportunity(opportunity=deal, actor=ada, now=NOW, stage=OpportunityStage.PROPOSAL, probability=35)
    assert Opportunity.objects.get().probability == 35


def test_whoever_looks_at_an_older_page_changes_nothing(in_scope: Organization, ada: Membership) -> None:
    deal = open_opportunity(lead=make_mql(), name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    older, oldest = Opportunity.objects.get(), Opportunity.objects.get()
    win_opportunity(opportunity=deal, actor=ada, now=NOW)
    win_opportunity(opportunity=older, actor=ada, now=NOW, amount=Decimal(99))
    with pytest.raises(DealClosed):
        change_opportunity(opportunity=oldest, actor=ada, now=NOW, amount=Decimal(99))
    assert values() == (Stage.CUSTOMER, Decimal(0), Decimal(10))


def test_another_lead_s_open_deal_keeps_nobody_at_opportunity(in_scope: Organization, ada: Membership) -> None:
    leads = make_mql(), make_mql("ben@client.example")
    mine, _ = (open_opportunity(lead=lead, name="Roof", amount=Decimal(5), actor=ada, now=NOW) for lead in leads)
    lose_opportunity(opportunity=mine, reason="Price", actor=ada, now=NOW)
    states = Lead.objects.values_list("stage", "pipeline_value")
    assert set(states) == {(Stage.SAL, Decimal(0)), (Stage.OPPORTUNITY, Decimal(5))}


def test_a_deal_s_value_counts_for_its_primary_lead_only(in_scope: Organization, ada: Membership) -> None:
    deal = open_opportunity(lead=make_mql(), name="Roof", amount=Decimal(5), actor=ada, now=NOW)
    OpportunityLead.objects.create(opportunity=deal, lead=make_mql("ben@client.example"), is_primary=False)
    win_opportunity(opportunity=deal, actor=ada, now=NOW)
    assert set(Lead.objects.values_list("stage", "sales_value")) == {("customer", Decimal(5)), ("customer", Decimal(0))}


def test_what_is_refused(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    with pytest.raises(NameMissing):
        open_opportunity(lead=lead, name=" ", amount=Decimal(1), actor=ada, now=NOW)
    with pytest.raises(ImpossibleAmount):
        open_opportunity(lead=lead, name="Roof", amount=Decimal(-1), actor=ada, now=NOW)
    deal = open_opportunity(lead=lead, name="Roof", amount=Decimal(1), actor=ada, now=NOW)
    with pytest.raises(LossReasonMissing):
        lose_opportunity(opportunity=deal, reason=" ", actor=ada, now=NOW)
    with pytest.raises(DomainError):
        change_opportunity(opportunity=deal, actor=ada, now=NOW, stage=OpportunityStage.WON)
    win_opportunity(opportunity=deal, actor=ada, now=NOW)
    with pytest.raises(DealClosed):
        lose_opportunity(opportunity=deal, reason="Price", actor=ada, now=NOW)
    with pytest.raises(DealClosed):
        change_opportunity(opportunity=deal, actor=ada, now=NOW, amount=Decimal(2))


def test_an_ended_lead_opens_no_deal(in_scope: Organization, ada: Membership) -> None:
    lead = dispose_lead(lead=make_lead(), code=DispositionCode.COLD, actor=ada, now=NOW)
    with pytest.raises(StageNotAllowed):
        open_opportunity(lead=lead, name="Roof", amount=Decimal(1), actor=ada, now=NOW)


DEEDS = st.lists(
    st.tuples(st.sampled_from(["open", "win", "lose", "change"]), st.integers(0, 4), st.integers(0, 999)), max_size=10
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_the_values_are_always_the_sums_of_the_deals(
    in_scope: Organization, ada: Membership, deeds: list[tuple[str, int, int]]
) -> None:
    Opportunity.objects.all().delete()
    Lead.objects.all().delete()
    lead = make_mql()
    for deed, number, amount in deeds:
        deals = list(Opportunity.objects.exclude(stage__in=["won", "lost"]).order_by("id"))
        if deed == "open":
            open_opportunity(lead=lead, name="Deal", amount=Decimal(amount), actor=ada, now=NOW)
        elif deals:
            deal = deals[number % len(deals)]
            if deed == "win":
                win_opportunity(opportunity=deal, actor=ada, now=NOW)
            elif deed == "lose":
                lose_opportunity(opportunity=deal, reason="Price", actor=ada, now=NOW)
            else:
                change_opportunity(opportunity=deal, amount=Decimal(amount), actor=ada, now=NOW)
    rows = list(Opportunity.objects.values_list("stage", "amount"))
    stage, pipeline, sales = values()
    assert sales == sum(amount for state, amount in rows if state == "won")
    assert pipeline == sum(amount for state, amount in rows if state not in {"won", "lost"})
    has_open = any(state not in {"won", "lost"} for state, _ in rows)
    has_won = any(state == "won" for state, _ in rows)
    assert (stage == Stage.CUSTOMER) is has_won
    assert has_won or (stage == Stage.OPPORTUNITY) is has_open
