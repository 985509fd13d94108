"""A lead's live score: from its events, by the published rules, each event once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from leadhub.leads.models import EventKind, Intent, Lead, MqlReason, Person, Stage, StageChange, Verdict
from leadhub.tenancy.models import Organization
from scoring.models import EngagementPoint, LeadScore
from scoring.qualify import lock_ready, qualify_ready
from scoring.queries import find_published_rules, get_published_model, with_score
from scoring.rescoring import rescore_leads
from scoring.rules import read_rules
from tests.scoring.arrivals import act, arrive, live, walk

pytestmark = pytest.mark.django_db


def test_a_lead_is_scored_by_who_they_are_and_what_they_did(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", phone="+1 202 555 0134", title="Owner", company="Builders", now=now).lead
    assert (live(lead).fit, live(lead).engagement) == (55, 20)
    assert live(lead).grade == "A3"
    assert live(lead).cools_at is None


def test_walking_an_event_twice_changes_nothing(in_scope: Organization, now: datetime) -> None:
    received = arrive(email="pat@builders.test", now=now)
    event = act(received.lead, EventKind.CALL_INBOUND, now=now)
    before = LeadScore.objects.values().get(), EngagementPoint.objects.count()
    walk(event, lead=received.lead, now=now)
    walk(received.event, lead=received.lead, now=now)
    assert (LeadScore.objects.values().get(), EngagementPoint.objects.count()) == before


def test_a_score_of_another_version_is_made_anew_by_the_next_event(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", now=now).lead
    LeadScore.objects.update(model_version=7, engagement=99)
    act(lead, EventKind.PAGE_VIEWED, now=now)
    assert (live(lead).model_version, live(lead).engagement) == (1, 21)


def test_an_event_without_points_still_measures_the_fit_anew(in_scope: Organization, now: datetime) -> None:
    arrive(email="max@gmail.com", now=now)
    lead = arrive(email="pat@builders.test", now=now).lead
    arrive(email="zoe@gmail.com", now=now)
    before = live(lead)
    Person.objects.filter(pk=lead.person_id).update(title="Owner")
    act(lead, EventKind.DETAILS_CHANGED, now=now)
    assert (live(lead).fit, live(lead).engagement) == (before.fit + 15, before.engagement)


def test_engagement_decays_and_the_sql_agrees(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", now=now).lead
    later = now + timedelta(days=14)
    act(lead, EventKind.CALL_INBOUND, now=later, ago=timedelta(days=7))
    expected = 20 * 0.5 + 25 * 0.5**0.5
    assert live(lead).engagement == pytest.approx(expected)
    row = with_score(Lead.objects.all(), later + timedelta(days=28)).get()
    assert row.engagement_now == pytest.approx(expected / 4)
    assert row.score == pytest.approx(expected / 4 + row.fit)
    assert row.grade_now == "C4"
    before = with_score(Lead.objects.all(), later - timedelta(days=7)).get()
    assert before.engagement_now == pytest.approx(expected)  # what a later event made counts in full, and not for more


def test_an_unscored_lead_reads_zero(in_scope: Organization, now: datetime) -> None:
    arrive(email="pat@builders.test", now=now, walks=False)
    row = with_score(Lead.objects.all(), now).get()
    assert (row.fit, row.engagement_now, row.score, row.grade_now) == (0, 0, 0, "D4")


def test_one_by_one_equals_all_at_once(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", now=now - timedelta(days=9)).lead
    act(lead, EventKind.PAGE_VIEWED, now=now - timedelta(days=3), page="/Pricing")
    act(lead, EventKind.PAGE_VIEWED, now=now, page="/about")
    step_by_step = dict(LeadScore.objects.values().get())
    points = set(EngagementPoint.objects.values_list("rule_key", "event_id", "occurred_at"))
    model = get_published_model()
    assert model
    rescore_leads(lead_ids=[lead.pk], rules=read_rules(model), now=now)
    at_once = dict(LeadScore.objects.values().get())
    assert at_once.pop("engagement") == pytest.approx(step_by_step.pop("engagement"))
    assert at_once == step_by_step
    assert set(EngagementPoint.objects.values_list("rule_key", "event_id", "occurred_at")) == points
    assert {key for key, _points, _at in points} == {"form", "page", "pricing"}


def test_a_raised_hand_is_an_mql_at_once(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@gmail.com", now=now, intent=Intent.HOT).lead
    assert (lead.stage, lead.verdict, lead.mql_reason) == (Stage.MQL, Verdict.QUALIFIED, MqlReason.HAND_RAISE)
    assert StageChange.objects.get(to_stage=Stage.MQL).score_model_version == 1


def test_reaching_the_bar_is_an_mql_by_score(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", phone="+12025550134", now=now).lead
    assert lead.stage == Stage.NEW
    act(lead, EventKind.CALL_INBOUND, now=now)
    assert (lead.stage, lead.mql_reason) == (Stage.MQL, MqlReason.SCORE)
    assert live(lead).cools_at
    assert live(lead).grade == "B1"


def test_who_is_at_the_bar_is_ready_and_no_test_nor_who_was_judged(in_scope: Organization, now: datetime) -> None:
    names = ("ann", "ben", "cem", "dan", "eva")
    ready, test, judged, poor, cold = (arrive(email=f"{name}@{name}.test", now=now).lead.pk for name in names)
    rules = find_published_rules()
    assert rules
    LeadScore.objects.update(fit=rules.fit_bar, engagement=rules.engagement_bar, as_of=now)
    LeadScore.objects.filter(lead=poor).update(fit=rules.fit_bar - 1)
    LeadScore.objects.filter(lead=cold).update(engagement=rules.engagement_bar - 1)
    Lead.objects.filter(pk=test).update(is_test=True)
    Lead.objects.filter(pk=judged).update(verdict=Verdict.UNQUALIFIED, verdict_at=now)
    asked: dict[str, Any] = {"count": 9, "rules": rules, "now": now}
    first, last = UUID(int=0), UUID(int=2**128 - 1)
    found = [
        lock_ready(after=after, upto=upto, **asked) for after, upto in ((first, last), (first, ready), (ready, last))
    ]
    assert found == [[ready], [ready], []]
    qualify_ready(lead_ids=[ready, test, judged, poor, cold], rules=rules, now=now)
    assert Lead.objects.get(stage=Stage.MQL).pk == ready


def test_who_does_much_but_does_not_fit_is_neither_an_mql_nor_will_cool(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@gmail.com", now=now).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    assert (lead.stage, live(lead).grade, live(lead).cools_at) == (Stage.NEW, "D1", None)


def test_a_revoked_verdict_and_a_test_lead_stay_where_they_are(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", phone="+12025550134", now=now).lead
    Lead.objects.filter(pk=lead.pk).update(verdict=Verdict.NOT_A_LEAD, verdict_at=now)
    act(lead, EventKind.CALL_INBOUND, now=now)
    assert lead.stage == Stage.NEW
    Lead.objects.filter(pk=lead.pk).update(verdict=Verdict.PENDING, verdict_at=None, is_test=True)
    act(lead, EventKind.CALL_INBOUND, now=now)
    assert lead.stage == Stage.NEW


def test_a_job_seeker_does_not_fit(in_scope: Organization, now: datetime) -> None:
    received = arrive(email="pat@builders.test", now=now, walks=False)
    received.inquiry.message = "Please find MY RESUME attached"
    received.inquiry.save(update_fields=["message"])
    walk(received.event, lead=received.lead, now=now)
    assert live(received.lead).fit == 0
