"""Stages are evidence: only what happened moves a lead, and every move is written down."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.lifecycle import (
    MissingStageFields,
    OtherOpenLead,
    StageNotAllowed,
    accept_lead,
    mark_mql,
    move_lead,
    reopen_lead,
)
from leadhub.leads.models import Event, EventKind, Lead, MqlReason, Stage, StageChange, Verdict
from leadhub.leads.opportunities import open_opportunity
from leadhub.leads.stages import Evidence, implied_stages, list_missing, require_move, stage_without_deal
from leadhub.leads.verdicts import ReasonMissing, set_verdict
from leadhub.tenancy.models import Organization
from tests.leads.arrivals import arrive, make_lead, make_mql
from tests.personas import NOW

LATER = NOW + timedelta(hours=1)
BANT = {"budget": "10k", "authority": "CEO", "need": "siding", "timeline": "May"}
NOTHING = Evidence(is_reachable=False, filled=frozenset(), has_disposition=False, open_deals=0, won_deals=0)
ALL = Evidence(is_reachable=True, filled=frozenset(BANT), has_disposition=True, open_deals=1, won_deals=1)


@pytest.mark.parametrize(
    ("from_stage", "allowed"),
    [
        ("new", {"mql", "sal", "sql", "opportunity", "customer", "recycled", "disqualified"}),
        ("mql", {"sal", "sql", "opportunity", "customer", "recycled", "disqualified"}),
        ("sal", {"sql", "opportunity", "customer", "recycled", "disqualified"}),
        ("sql", {"opportunity", "customer", "recycled", "disqualified"}),
        ("opportunity", {"customer", "recycled", "disqualified"}),
        ("customer", set()),
        ("recycled", set()),
        ("disqualified", set()),
    ],
)
def test_which_moves_are_allowed(from_stage: str, allowed: set[str]) -> None:
    for to_stage in set(Stage) - {from_stage}:
        if to_stage in allowed:
            require_move(from_stage=Stage(from_stage), to_stage=Stage(to_stage))
        else:
            with pytest.raises(StageNotAllowed):
                require_move(from_stage=Stage(from_stage), to_stage=Stage(to_stage))


@pytest.mark.parametrize(
    ("to_stage", "missing"),
    [
        ("mql", ["email"]),
        ("sal", []),
        ("sql", ["budget", "authority", "need", "timeline"]),
        ("opportunity", ["opportunity"]),
        ("customer", ["opportunity"]),
        ("recycled", ["disposition"]),
        ("disqualified", ["disposition"]),
    ],
)
def test_what_each_stage_asks_for(to_stage: str, missing: list[str]) -> None:
    assert list_missing(to_stage=Stage(to_stage), evidence=NOTHING) == missing
    assert list_missing(to_stage=Stage(to_stage), evidence=ALL) == []


@given(st.sampled_from(list(Stage)))
def test_sql_is_never_implied(stage: Stage) -> None:
    assert Stage.SQL not in implied_stages(stage)
    assert stage not in implied_stages(stage)


@pytest.mark.parametrize(
    ("dates", "stage"),
    [
        ((True, True, True), Stage.SQL),
        ((False, True, True), Stage.SAL),
        ((False, False, True), Stage.MQL),
        ((False, False, False), Stage.NEW),
    ],
)
def test_the_stage_without_a_deal(dates: tuple[bool, bool, bool], stage: Stage) -> None:
    assert stage_without_deal(has_sql=dates[0], has_sal=dates[1], has_mql=dates[2]) == stage


def test_a_hand_raise_makes_an_mql_with_its_verdict(in_scope: Organization) -> None:
    lead = mark_mql(lead=make_lead(), reason=MqlReason.HAND_RAISE, now=LATER, score_model_version=3)
    lead.refresh_from_db()
    assert (lead.stage, lead.mql_at, lead.mql_reason) == (Stage.MQL, LATER, MqlReason.HAND_RAISE)
    assert (lead.verdict, lead.verdict_at, lead.verdict_by) == (Verdict.QUALIFIED, LATER, None)
    change = StageChange.objects.get()
    assert (change.from_stage, change.to_stage, change.at, change.score_model_version) == ("new", "mql", LATER, 3)
    assert Event.objects.get(kind=EventKind.STAGE_CHANGED).properties["to"] == "mql"


def test_marking_twice_changes_nothing(in_scope: Organization) -> None:
    lead = make_mql()
    mark_mql(lead=lead, reason=MqlReason.SCORE, now=LATER)
    assert StageChange.objects.count() == 1
    assert Lead.objects.get().mql_reason == MqlReason.HAND_RAISE


def test_a_revoked_verdict_stands_against_the_score(in_scope: Organization, ada: Membership) -> None:
    lead = set_verdict(lead=make_lead(), verdict=Verdict.UNQUALIFIED, actor=ada, reason="Spam", now=NOW)
    assert mark_mql(lead=lead, reason=MqlReason.SCORE, now=NOW).stage == Stage.NEW


def test_who_cannot_be_reached_is_no_mql(in_scope: Organization) -> None:
    lead = make_lead("", name="Lea")
    assert mark_mql(lead=lead, reason=MqlReason.HAND_RAISE, now=NOW).stage == Stage.NEW


def test_an_mql_is_accepted_once(in_scope: Organization, ada: Membership) -> None:
    lead = accept_lead(lead=make_mql(), actor=ada, now=NOW)
    accept_lead(lead=lead, actor=ada, now=LATER)
    assert (lead.stage, lead.sal_at) == (Stage.SAL, NOW)
    assert StageChange.objects.filter(to_stage=Stage.SAL).get().actor == ada


def test_sql_asks_for_four_answers_and_names_the_missing(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    with pytest.raises(MissingStageFields) as caught:
        move_lead(lead=lead, to_stage=Stage.SQL, now=NOW, actor=ada)
    assert caught.value.fields == ["budget", "authority", "need", "timeline"]
    assert caught.value.field == "budget"
    assert Lead.objects.get().stage == Stage.MQL


def test_an_override_is_audited(in_scope: Organization, ada: Membership) -> None:
    lead = move_lead(lead=make_mql(), to_stage=Stage.SQL, now=NOW, actor=ada, reason="Known customer", override=True)
    assert lead.stage == Stage.SQL
    assert StageChange.objects.get(to_stage=Stage.SQL).is_override
    entry = AuditEntry.objects.get(action="lead.stage_overridden")
    assert (entry.actor, entry.after["reason"]) == (ada, "Known customer")


@pytest.mark.parametrize("to_stage", [Stage.OPPORTUNITY, Stage.CUSTOMER, Stage.RECYCLED, Stage.DISQUALIFIED])
def test_an_override_never_waives_what_defines_a_stage(
    in_scope: Organization, ada: Membership, to_stage: Stage
) -> None:
    with pytest.raises(MissingStageFields):
        move_lead(lead=make_mql(), to_stage=to_stage, now=NOW, actor=ada, override=True)


def test_the_same_stage_again_changes_nothing(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    move_lead(lead=lead, to_stage=Stage.MQL, now=LATER, actor=ada)
    assert StageChange.objects.count() == 1


def test_selling_proves_mql_and_acceptance_but_no_sql(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    open_opportunity(lead=lead, name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    lead.refresh_from_db()
    assert lead.stage == Stage.OPPORTUNITY
    assert (lead.mql_at, lead.mql_reason, lead.sal_at, lead.sql_at) == (NOW, MqlReason.MEMBER, NOW, None)
    assert lead.verdict == Verdict.QUALIFIED


def test_an_ended_lead_does_not_come_back_beside_an_open_one(in_scope: Organization, ada: Membership) -> None:
    first = make_lead()
    Lead.objects.update(stage=Stage.RECYCLED, disposition="cold")
    arrive(at=NOW + timedelta(days=2))
    with pytest.raises(OtherOpenLead):
        reopen_lead(lead=first, now=NOW, actor=ada, reason="Again")


def test_a_customer_does_not_come_back(in_scope: Organization, ada: Membership) -> None:
    lead = make_lead()
    Lead.objects.update(stage=Stage.CUSTOMER, customer_at=NOW)
    with pytest.raises(StageNotAllowed):
        reopen_lead(lead=lead, now=NOW, actor=ada, reason="Again")


def test_a_verdict_carries_who_when_and_why(in_scope: Organization, ada: Membership) -> None:
    lead = set_verdict(lead=make_mql(), verdict=Verdict.NOT_A_LEAD, actor=ada, reason="Job seeker", now=LATER)
    assert (lead.verdict_by, lead.verdict_at, lead.verdict_reason) == (ada, LATER, "Job seeker")
    set_verdict(lead=lead, verdict=Verdict.NOT_A_LEAD, actor=ada, reason="Again", now=LATER)
    assert Event.objects.filter(kind=EventKind.VERDICT_CHANGED).count() == 1
    assert not Lead.objects.counted().exists()


def test_revoking_asks_why(in_scope: Organization, ada: Membership) -> None:
    with pytest.raises(ReasonMissing):
        set_verdict(lead=make_mql(), verdict=Verdict.UNQUALIFIED, actor=ada, reason=" ", now=NOW)


def test_a_member_who_calls_a_lead_qualified_makes_it_an_mql(in_scope: Organization, ada: Membership) -> None:
    lead = set_verdict(lead=make_lead(), verdict=Verdict.QUALIFIED, actor=ada, reason="Big", now=NOW)
    assert (lead.stage, lead.mql_reason, lead.verdict_by) == (Stage.MQL, MqlReason.MEMBER, ada)
