"""One rule says when engagement reaches the bar, wherever it is asked: points count whole, as they are shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.leads.conditions import compile_condition
from leadhub.leads.models import EventKind, Lead, MqlReason, Stage, Verdict
from leadhub.tenancy.models import Organization
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from scoring.cooling import COOL
from scoring.decay import MAX_COOLING, decay, find_cooling
from scoring.explain import explain_score
from scoring.models import LeadScore, ScoreModel
from scoring.points import count_whole, find_line
from scoring.preview import preview_rules
from scoring.qualify import lock_ready
from scoring.queries import find_published_rules, grade_now
from scoring.rescoring import rescore_leads
from scoring.rules import Rules
from tests.scoring.arrivals import act, arrive, live, walk
from tests.scoring.test_decay import RULES

FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
INSTANT = timedelta(milliseconds=2)
START = datetime(2026, 3, 4, tzinfo=UTC)


@given(st.floats(0, 2000), st.decimals("0.01", 2000, places=2))
def test_the_line_is_where_the_number_that_is_shown_reaches_the_bar(engagement: float, bar: float) -> None:
    assert (engagement >= find_line(float(bar)) > 0) == (count_whole(engagement) >= bar)


@given(st.floats(1, 5000), st.integers(1, 1000), st.floats(0.5, 3650))
def test_it_is_below_from_the_moment_that_it_cools_and_no_earlier(
    engagement: float, bar: int, half_life: float
) -> None:
    rules = replace(RULES, engagement_bar=bar)
    cools_at = find_cooling(engagement=engagement, as_of=START, line=rules.engagement_line, half_life_days=half_life)

    def is_met(moment: datetime) -> bool:
        left = decay(points=engagement, since=START, until=moment, half_life_days=half_life)
        return rules.are_met(fit=30, engagement=left)

    assert is_met(START) == (cools_at is not None)
    if cools_at and cools_at < START + MAX_COOLING:
        assert (is_met(max(cools_at - INSTANT, START)), is_met(cools_at)) == (True, False)


@pytest.mark.django_db
def test_a_form_that_is_worth_the_bar_makes_an_mql(in_scope: Organization, now: datetime) -> None:
    ScoreModel.objects.update(engagement_bar=20)
    received = arrive(email="pat@builders.test", phone="+12025550134", now=now, walks=False)
    walk(received.event, lead=received.lead, now=now + timedelta(seconds=2))  # it came a moment ago
    lead = received.lead
    assert live(lead).engagement < 20
    assert (lead.stage, lead.mql_reason, lead.cooling_at) == (Stage.MQL, MqlReason.SCORE, None)
    assert live(lead).cools_at == Job.objects.get(kind=COOL).due_at


@pytest.mark.django_db
@pytest.mark.parametrize("half_life_days", [1, 14, 365])
def test_the_line_the_statements_the_preview_and_the_explanation_agree(
    in_scope: Organization, now: datetime, half_life_days: int
) -> None:
    ScoreModel.objects.update(half_life_days=half_life_days, engagement_bar="20.50")  # so 21 is asked for
    lead = arrive(email="pat@builders.test", phone="+12025550134", now=now - timedelta(hours=1)).lead
    act(lead, EventKind.CONTENT_DOWNLOADED, now=now)
    rules = find_published_rules()
    cools_at = live(lead).cools_at
    assert rules
    assert cools_at
    Lead.objects.update(stage=Stage.NEW, verdict=Verdict.PENDING, verdict_at=None, mql_at=None, mql_reason="")
    for moment, is_met in ((now, True), (cools_at - INSTANT, True), (cools_at, False), (cools_at + INSTANT, False)):
        assert list_answers(lead, rules=rules, moment=moment) == {is_met}, moment - cools_at


def list_answers(lead: Lead, *, rules: Rules, moment: datetime) -> set[bool]:
    """Ask everybody whether the lead meets the bar."""
    told, preview = explain_score(lead=lead, as_of=moment), preview_rules(rules=rules, now=moment)
    leads = Lead.objects.filter(pk=lead.pk)
    condition = compile_condition({"all": [{"field": "score.engagement", "op": "gte", "value": 20.5}]}, now=moment)
    answers = {
        told.meets_bar,
        told.grade in {"B1", "B2"},
        bool(preview.meets_draft),
        bool(preview.meets_now),
        bool(lock_ready(after=FIRST, upto=LAST, count=1, rules=rules, now=moment)),
        leads.annotate(grade=grade_now(moment)).filter(grade__in=["B1", "B2"]).exists(),
        leads.filter(condition).exists(),
    }
    before = LeadScore.objects.values().get()
    rescore_leads(lead_ids=[lead.pk], rules=rules, now=moment)
    answers |= {live(lead).cools_at is not None, live(lead).grade in {"B1", "B2"}}
    LeadScore.objects.update(**before)
    return answers


@pytest.mark.django_db
def test_a_moment_that_was_reckoned_from_exact_points_is_put_right_when_it_comes(
    in_scope: Organization, now: datetime
) -> None:
    ScoreModel.objects.update(engagement_bar=20)
    lead = arrive(email="pat@builders.test", phone="+12025550134", now=now).lead
    act(lead, EventKind.CHAT, now=now)
    cools_at = live(lead).cools_at
    assert cools_at
    former = find_cooling(engagement=35, as_of=now, line=20, half_life_days=14)
    assert former
    LeadScore.objects.update(cools_at=former)
    Job.objects.filter(kind=COOL).update(due_at=former)
    run_due(now=former)
    lead.refresh_from_db()
    follows = live(lead).cools_at
    assert follows == Job.objects.get(kind=COOL).due_at
    assert (lead.cooling_at, abs(follows - cools_at) < INSTANT) == (None, True)
    run_due(now=follows)
    lead.refresh_from_db()
    assert lead.cooling_at == follows
