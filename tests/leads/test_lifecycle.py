"""Stages are evidence: only what happened moves a lead, and every move is written down."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.lifecycle import (
    OtherOpenLead,
    accept_lead,
    mark_mql,
    mark_mqls,
    move_lead,
    reopen_lead,
    take_back_acceptance,
)
from leadhub.leads.models import DispositionCode, Event, EventKind, Lead, MqlReason, Stage, StageChange, Verdict
from leadhub.leads.opportunities import open_opportunity
from leadhub.leads.stages import (
    Evidence,
    MissingStageFields,
    StageNotAllowed,
    implied_stages,
    list_missing,
    require_move,
    stage_without_deal,
)
from leadhub.leads.verdicts import ReasonMissing, set_verdict
from leadhub.tenancy.models import Organization
from leadhub.work.models import Job
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
    assert lead.verdict_reason == MqlReason.HAND_RAISE.label
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


def test_a_hand_raised_again_confirms_what_was_revoked_once(in_scope: Organization, ada: Membership) -> None:
    set_verdict(lead=make_mql(), verdict=Verdict.UNQUALIFIED, actor=ada, reason="Too small", now=NOW)
    lead = arrive(service="windows", at=LATER).lead
    for hours in (1, 2):
        mark_mql(lead=lead, reason=MqlReason.HAND_RAISE, now=LATER + timedelta(hours=hours))
    lead.refresh_from_db()
    assert (lead.stage, lead.mql_at) == (Stage.MQL, NOW)
    assert (lead.verdict, lead.verdict_at) == (Verdict.QUALIFIED, LATER + timedelta(hours=1))
    assert lead.verdict_reason == "Met the bar again"
    assert Event.objects.filter(kind=EventKind.VERDICT_CHANGED, properties__to="qualified").count() == 1


def test_what_ended_is_neither_an_mql_nor_qualified_by_the_score(in_scope: Organization, ada: Membership) -> None:
    lead = dispose_lead(lead=make_lead(), code=DispositionCode.COLD, actor=ada, now=NOW)
    mark_mql(lead=lead, reason=MqlReason.SCORE, now=LATER)
    lead.refresh_from_db()
    assert (lead.stage, lead.verdict) == (Stage.RECYCLED, Verdict.PENDING)


def test_of_many_those_revoked_or_out_of_reach_are_no_mqls(in_scope: Organization, ada: Membership) -> None:
    by_mail, by_phone = make_lead(), make_lead("", phone="+14155550132")
    revoked, nameless = make_lead("ben@client.example"), make_lead("", name="Lea")
    set_verdict(lead=revoked, verdict=Verdict.UNQUALIFIED, actor=ada, reason="Spam", now=NOW)
    leads = [revoked, nameless, by_mail, by_phone]
    events = mark_mqls(leads=leads, reason=MqlReason.SCORE, now=LATER, score_model_version=3)
    made = Lead.objects.filter(stage=Stage.MQL, mql_at=LATER, verdict=Verdict.QUALIFIED, updated_at=LATER)
    assert set(made) == {by_mail, by_phone}
    moves = set(StageChange.objects.values_list("lead", "from_stage", "to_stage", "at", "score_model_version"))
    assert moves == {(lead.pk, "new", "mql", LATER, 3) for lead in (by_mail, by_phone)}
    assert {event.lead_id for event in events} == {by_mail.pk, by_phone.pk}


def test_of_nobody_no_mql_is_made(in_scope: Organization) -> None:
    assert mark_mqls(leads=[make_lead("", name="Lea")], reason=MqlReason.SCORE, now=NOW) == []


def test_who_cannot_be_reached_is_no_mql(in_scope: Organization) -> None:
    lead = make_lead("", name="Lea")
    assert mark_mql(lead=lead, reason=MqlReason.HAND_RAISE, now=NOW).stage == Stage.NEW


def test_an_mql_is_accepted_once(in_scope: Organization, ada: Membership) -> None:
    lead = accept_lead(lead=make_mql(), actor=ada, now=NOW)
    accept_lead(lead=lead, actor=ada, now=LATER)
    assert (lead.stage, lead.sal_at) == (Stage.SAL, NOW)
    assert StageChange.objects.filter(to_stage=Stage.SAL).get().actor == ada


def test_an_acceptance_is_taken_back_as_long_as_nothing_rests_on_it(in_scope: Organization, ada: Membership) -> None:
    lead = accept_lead(lead=make_mql(), actor=ada, now=NOW)
    assert take_back_acceptance(lead=lead, actor=ada, now=LATER).stage == Stage.MQL
    assert Lead.objects.get().sal_at is None
    move_lead(lead=lead, to_stage=Stage.SQL, now=LATER, actor=ada, override=True)
    assert take_back_acceptance(lead=lead, actor=ada, now=LATER).stage == Stage.SQL
    lead.refresh_from_db()
    assert (lead.mql_at, lead.verdict_at, lead.sal_at) == (NOW, NOW, LATER)


def test_what_a_member_moves_walks_the_line_and_what_the_line_moves_does_not(
    in_scope: Organization, ada: Membership
) -> None:
    lead, walks = make_mql(), Job.objects.filter(kind="line.walk_event")
    assert not walks.exists()
    accept_lead(lead=lead, actor=ada, now=NOW)
    assert walks.get().target_id == Event.objects.get(properties__to="sal").pk


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


def test_an_override_that_nothing_needed_is_none(in_scope: Organization, ada: Membership) -> None:
    move_lead(lead=make_lead(), to_stage=Stage.MQL, now=NOW, actor=ada, override=True)
    assert not StageChange.objects.get().is_override
    assert not AuditEntry.objects.filter(action="lead.stage_overridden").exists()


def test_no_move_goes_back(in_scope: Organization, ada: Membership) -> None:
    lead = accept_lead(lead=make_mql(), actor=ada, now=NOW)
    with pytest.raises(StageNotAllowed):
        move_lead(lead=lead, to_stage=Stage.MQL, now=LATER, actor=ada)
    assert Lead.objects.get().stage == Stage.SAL


def test_accepting_what_is_further_leaves_it_there(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    open_opportunity(lead=lead, name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    lead.refresh_from_db()
    assert accept_lead(lead=lead, actor=ada, now=LATER).stage == Stage.OPPORTUNITY


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


def test_a_lead_comes_back_without_its_end_whoever_else_is_open(in_scope: Organization, ada: Membership) -> None:
    make_lead("ben@client.example")
    lead = make_mql()
    dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ada, now=NOW, note="In May", wakes_at=LATER)
    for _ in range(2):
        reopen_lead(lead=lead, now=LATER, actor=ada, reason="Called")
    lead.refresh_from_db()
    assert (lead.stage, lead.updated_at) == (Stage.MQL, LATER)
    assert (lead.disposition, lead.disposition_note, lead.wakes_at) == ("", "", None)


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
