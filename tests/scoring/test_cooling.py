"""What decay may and may not do: it lowers the grade, after the hand-off it tells people, it never moves a lead."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Intent, Lead, Stage
from leadhub.live.models import Alert
from leadhub.tenancy.models import Organization
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from scoring.cooling import COOL, follow_cooling
from scoring.decay import MAX_COOLING
from scoring.marking import mark_within
from scoring.models import LeadScore, ScoreModel
from scoring.queries import find_published_rules
from scoring.rescoring import rescore_leads
from tests.scoring.arrivals import act, arrive, live

pytestmark = pytest.mark.django_db


def become_mql(now: datetime, *, email: str = "pat@builders.test", phone: str = "+12025550134") -> Lead:
    lead = arrive(email=email, phone=phone, now=now).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    return lead


def test_a_lead_at_the_bar_has_one_job_that_follows_its_engagement(in_scope: Organization, now: datetime) -> None:
    lead = become_mql(now)
    act(lead, EventKind.CHAT, now=now + timedelta(hours=1))
    job = Job.objects.get(kind=COOL)
    assert job.due_at == live(lead).cools_at
    assert job.due_at > now + timedelta(days=8)


def test_a_lead_that_arrives_above_the_bar_is_watched_at_once(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", phone="+12025550134", intent=Intent.HOT, now=now).lead
    assert live(lead).cools_at
    assert Job.objects.get(kind=COOL).due_at == live(lead).cools_at


def test_a_lead_scored_anew_is_watched_as_it_stands_now(in_scope: Organization, now: datetime) -> None:
    lead, other = become_mql(now), become_mql(now, email="max@roofers.test", phone="+12025550135")
    enqueue(kind="routing.retry", target_id=lead.pk, dedupe_key=str(lead.pk), due_at=now, now=now)
    rules = find_published_rules()
    assert rules
    rescore_leads(lead_ids=[lead.pk], rules=replace(rules, engagement_bar=500), now=now)
    watched = Job.objects.filter(kind__in=[COOL, "routing.retry"]).values_list("kind", "target_id")
    assert set(watched) == {("routing.retry", lead.pk), (COOL, other.pk)}
    rescore_leads(lead_ids=[lead.pk], rules=rules, now=now)
    assert Job.objects.get(kind=COOL, target_id=lead.pk).due_at == live(lead).cools_at


def test_a_range_lets_go_of_its_own_leads_only(in_scope: Organization, now: datetime) -> None:
    leads = [become_mql(now, email=f"{name}@{name}.test", phone="") for name in ("ann", "ben", "cem", "dan")]
    first, second, third, fourth = sorted(lead.pk for lead in leads)
    for lead_id in (first, second, third, fourth):
        follow_cooling(lead_id=lead_id, cools_at=now, now=now)
    follow_cooling(lead_id=fourth, cools_at=None, now=now)
    enqueue(kind="routing.retry", target_id=second, dedupe_key=str(second), due_at=now, now=now)
    LeadScore.objects.update(cools_at=None)
    rules = find_published_rules()
    assert rules
    mark_within(after=first, upto=second, rules=rules, now=now)
    watched = Job.objects.filter(kind__in=[COOL, "routing.retry"]).values_list("kind", "target_id")
    assert set(watched) == {(COOL, first), ("routing.retry", second), (COOL, third)}


def test_after_the_hand_off_it_tells_owner_and_duty_manager(
    in_scope: Organization, ada: Membership, ria: Membership, now: datetime
) -> None:
    lead = become_mql(now)
    Lead.objects.filter(pk=lead.pk).update(owner=ria)
    cools_at = live(lead).cools_at
    assert cools_at
    run_due(now=cools_at + timedelta(minutes=1))
    lead.refresh_from_db()
    assert lead.cooling_at == cools_at
    assert (lead.stage, lead.owner) == (Stage.MQL, ria)
    assert live(lead).grade == "B3"
    assert set(Alert.objects.filter(kind=Alert.Kind.COOLING).values_list("member", flat=True)) == {ria.pk, ada.pk}
    assert Event.objects.filter(lead=lead, kind=EventKind.COOLING).count() == 1
    assert not Job.objects.filter(kind=COOL).exists()


def test_it_cools_once_and_warms_up_again(in_scope: Organization, now: datetime) -> None:
    later = now + timedelta(days=30)
    warm, lead = become_mql(later, email="max@roofers.test", phone="+12025550135"), become_mql(now)
    run_due(now=later)
    run_due(now=later)
    assert Event.objects.filter(lead=lead, kind=EventKind.COOLING).count() == 1
    assert Lead.objects.filter(cooling_at=None).get() == warm
    act(lead, EventKind.PAGE_VIEWED, now=later)
    assert Lead.objects.exclude(cooling_at=None).get() == lead
    act(lead, EventKind.MEETING_BOOKED, now=later)
    assert lead.cooling_at is None
    assert Job.objects.filter(kind=COOL, target_id=lead.pk).count() == 1


def test_where_the_need_is_confirmed_only_its_owner_is_told(
    in_scope: Organization, ria: Membership, now: datetime
) -> None:
    lead = become_mql(now)
    Lead.objects.filter(pk=lead.pk).update(owner=ria, stage=Stage.SQL, sal_at=now, sql_at=now)
    run_due(now=now + timedelta(days=30))
    assert Alert.objects.get(kind=Alert.Kind.COOLING).member == ria


def test_before_the_hand_off_only_the_grade_falls(in_scope: Organization, now: datetime) -> None:
    lead = become_mql(now)
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.NEW)
    run_due(now=now + timedelta(days=30))
    lead.refresh_from_db()
    assert (lead.stage, lead.cooling_at) == (Stage.NEW, None)
    assert live(lead).grade == "B4"
    assert not Alert.objects.exists()


def test_a_lead_that_stays_warm_for_ten_years_is_an_mql_and_looked_at_again_then(
    in_scope: Organization, now: datetime
) -> None:
    ScoreModel.objects.update(half_life_days=3650, engagement_bar=22)
    lead = become_mql(now)
    assert lead.stage == Stage.MQL
    assert live(lead).cools_at == now + MAX_COOLING
    rules = find_published_rules()
    assert rules
    rescore_leads(lead_ids=[lead.pk], rules=rules, now=now)
    assert live(lead).cools_at == now + MAX_COOLING
    run_due(now=now + MAX_COOLING)
    lead.refresh_from_db()
    cools_at = live(lead).cools_at
    assert not Event.objects.filter(kind=EventKind.COOLING).exists()
    assert live(lead).engagement == pytest.approx(22.5)
    assert cools_at
    assert Job.objects.get(kind=COOL).due_at == cools_at < now + MAX_COOLING * 2
    run_due(now=cools_at)
    lead.refresh_from_db()
    assert lead.cooling_at == cools_at
