"""A new version reaches each score by the shortest way, and that way ends where scoring from nothing would."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Lead, Stage
from leadhub.live.models import Alert
from leadhub.tenancy.models import Organization
from leadhub.work.claims import claim_jobs_of
from leadhub.work.models import Job, Lane
from leadhub.work.runner import run_due, run_job
from scoring import rescoring
from scoring.cooling import COOL
from scoring.drafts import start_draft
from scoring.explain import explain_score
from scoring.models import EngagementPoint, LeadScore, ScoreModel
from scoring.publishing import publish_draft, restore_version
from scoring.queries import get_published_model
from scoring.rescoring import rescore_leads
from scoring.rules import read_rules
from tests.scoring.arrivals import act, arrive, live

pytestmark = pytest.mark.django_db
Change = Callable[[ScoreModel], None]


def lower_bar(draft: ScoreModel) -> None:
    draft.fit_bar, draft.engagement_bar = Decimal(20), Decimal(12)


def change_fit(draft: ScoreModel) -> None:
    draft.fit_rules[0]["points"] += 7
    del draft.fit_rules[1]


def change_points(draft: ScoreModel) -> None:
    draft.engagement_rules[0]["points"] += 9


def halve_half_life(draft: ScoreModel) -> None:
    draft.half_life_days = Decimal(7)


def change_rules(draft: ScoreModel) -> None:
    """Take one rule away, have another ask for something else, and add one."""
    rules = [rule for rule in draft.engagement_rules if rule["key"] != "form"]
    for rule in rules:
        if rule["key"] == "pricing":
            rule["detail"] = "about"
    rules.append({"key": "any_call", "label": "Call", "points": 11, "event_kind": "call_inbound"})
    draft.engagement_rules = rules


def change_all(draft: ScoreModel) -> None:
    for change in (lower_bar, change_fit, change_rules, halve_half_life):
        change(draft)


CHANGES: list[Change] = [lower_bar, change_fit, change_points, halve_half_life, change_rules, change_all]


def make_leads(now: datetime) -> list[Lead]:
    """Have three people arrive and act, and one who was never scored."""
    leads = []
    for number in range(3):
        then = now - timedelta(days=5 * number)
        lead = arrive(email=f"p{number}@builders.test", phone=f"+1202555013{number}", now=then).lead
        for page in ["/pricing", "/about"][: number + 1]:
            act(lead, EventKind.PAGE_VIEWED, now=then, page=page)
        leads.append(lead)
    act(leads[2], EventKind.CALL_INBOUND, now=now, ago=timedelta(days=1))
    leads.append(arrive(email="never@builders.test", now=now, walks=False).lead)
    return leads


def publish(change: Change, *, actor: Membership, now: datetime) -> None:
    draft = start_draft(actor=actor, now=now)
    change(draft)
    draft.save()
    publish_draft(actor=actor, now=now)
    run_due(now=now)


def read_scores() -> tuple[list[Any], set[Any]]:
    """Return every score, rounded as two ways of adding up may differ, and the ledger."""
    scores = [
        (
            row.lead_id,
            row.fit,
            round(row.engagement, 6),
            row.grade,
            row.model_version,
            row.half_life_days,
            row.cools_at and round(row.cools_at.timestamp(), 1),
        )
        for row in LeadScore.objects.order_by("lead_id")
    ]
    return scores, set(EngagementPoint.objects.values_list("event_id", "rule_key", "occurred_at"))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("size", [2, 100])
def test_a_revised_score_is_the_one_that_scoring_from_nothing_gives(
    in_scope: Organization, ada: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch, change: Change, size: int
) -> None:
    monkeypatch.setattr(rescoring, "BATCH", size)
    leads = make_leads(now)
    publish(change, actor=ada, now=now + timedelta(days=2))
    revised = read_scores()
    model = get_published_model()
    assert model
    rescore_leads(lead_ids=[lead.pk for lead in leads], rules=read_rules(model), now=now + timedelta(days=2))
    assert read_scores() == revised


def test_ranges_are_rescored_in_any_order(
    in_scope: Organization, ada: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 1)
    leads = make_leads(now)
    draft = start_draft(actor=ada, now=now)
    change_all(draft)
    draft.save()
    publish_draft(actor=ada, now=now)
    ranges = list(Job.objects.filter(kind=rescoring.RESCORE).order_by("-target_id"))
    assert len(ranges) == len(leads) + 1
    for number, job in enumerate(ranges):
        Job.objects.filter(pk=job.pk).update(due_at=now - timedelta(minutes=9 - number))
    run_due(now=now)
    revised = read_scores()
    model = get_published_model()
    assert model
    rescore_leads(lead_ids=[lead.pk for lead in leads], rules=read_rules(model), now=now)
    assert read_scores() == revised


@pytest.mark.parametrize("change", CHANGES)
def test_a_revised_score_explains_itself(
    in_scope: Organization, ada: Membership, now: datetime, change: Change
) -> None:
    leads = make_leads(now)
    publish(change, actor=ada, now=now)
    for lead in leads:
        told = explain_score(lead=lead, as_of=now)
        assert told.engagement == pytest.approx(live(lead).engagement)
        assert told.fit == live(lead).fit
    assert any(explain_score(lead=lead, as_of=now).engagement > 0 for lead in leads)


def test_a_closed_lead_is_explained_by_the_rules_it_ended_with(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    lead = arrive(email="warm@builders.test", now=now).lead
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.DISQUALIFIED, disposition="no_fit", disqualified_at=now)
    publish(change_all, actor=ada, now=now)
    assert live(lead).model_version == 1
    assert explain_score(lead=lead, as_of=now).engagement == pytest.approx(live(lead).engagement) == 20


def test_a_rule_put_back_finds_what_came_while_it_was_gone(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    lead = arrive(email="warm@builders.test", now=now).lead
    publish(lambda draft: draft.engagement_rules.clear(), actor=ada, now=now)
    act(lead, EventKind.CALL_INBOUND, now=now)
    assert live(lead).engagement == 0
    assert not EngagementPoint.objects.exists()
    restore_version(version=1, actor=ada, now=now)
    run_due(now=now)
    assert live(lead).engagement == 20 + 25


def test_jobs_follow_who_will_cool_and_who_does_not(in_scope: Organization, ada: Membership, now: datetime) -> None:
    lead = arrive(email="called@builders.test", phone="+12025550135", now=now).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    assert Job.objects.get(kind=COOL).due_at == live(lead).cools_at
    publish(lambda draft: setattr(draft, "engagement_bar", Decimal(500)), actor=ada, now=now)
    assert not Job.objects.filter(kind=COOL).exists()
    publish(lower_bar, actor=ada, now=now)
    assert Job.objects.get(kind=COOL).due_at == live(lead).cools_at


def test_a_lower_bar_takes_the_cooling_mark_off(in_scope: Organization, ada: Membership, now: datetime) -> None:
    lead = arrive(email="called@builders.test", phone="+12025550135", now=now).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    Lead.objects.filter(pk=lead.pk).update(cooling_at=now)
    publish(lower_bar, actor=ada, now=now)
    lead.refresh_from_db()
    assert lead.cooling_at is None


def test_a_bar_put_back_finds_the_marks_of_its_time(in_scope: Organization, ada: Membership, now: datetime) -> None:
    lead, late, asked = (
        arrive(email=f"{name}@builders.test", phone="+12025550135", now=now).lead for name in ("lead", "late", "asked")
    )
    act(lead, EventKind.CALL_INBOUND, now=now)
    act(late, EventKind.CALL_INBOUND, now=now + timedelta(days=4))
    Lead.objects.filter(pk=asked.pk).update(stage=Stage.MQL, mql_at=now, mql_reason="member")  # never was at the bar
    run_due(now=now + timedelta(days=9))
    marks = read_marks()
    assert set(marks) == {lead.pk}
    publish(lower_bar, actor=ada, now=now + timedelta(days=9))
    assert read_marks() == {}
    assert set(Job.objects.filter(kind=COOL).values_list("target_id", flat=True)) == {lead.pk, late.pk, asked.pk}
    restore_version(version=1, actor=ada, now=now + timedelta(days=9, hours=1))
    run_due(now=now + timedelta(days=9, hours=1))
    assert read_marks() == marks
    assert Job.objects.get(kind=COOL).target_id == late.pk
    assert Alert.objects.filter(kind=Alert.Kind.COOLING).count() == 1


@pytest.mark.parametrize(("bar", "is_marked"), [(44, True), (46, False)])
def test_a_raised_bar_marks_who_was_at_it_after_the_hand_off(
    in_scope: Organization, ada: Membership, now: datetime, bar: int, is_marked: bool
) -> None:
    lead = arrive(email="called@builders.test", phone="+12025550135", now=now).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    publish(lambda draft: setattr(draft, "engagement_bar", Decimal(bar)), actor=ada, now=now + timedelta(days=2))
    assert not Job.objects.filter(kind=COOL).exists()
    assert bool(read_marks()) is is_marked


def test_a_job_that_meets_a_lead_below_the_new_bar_leaves_it_to_be_marked(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    lead = arrive(email="called@builders.test", phone="+12025550135", now=now).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    run_due(now=now)
    draft = start_draft(actor=ada, now=now)
    draft.engagement_bar = Decimal(44)
    draft.save()
    publish_draft(actor=ada, now=now)
    later = now + timedelta(days=2)
    [rescoring_job] = claim_jobs_of(organization_id=in_scope.id, lane=Lane.BULK, now=later)
    run_job(job=rescoring_job, clock=lambda: later)
    Job.objects.filter(kind=COOL).update(due_at=later)
    run_due(now=later, lanes=[Lane.SPEED])
    assert (live(lead).cools_at, read_marks()) == (None, {})
    run_due(now=later)
    assert set(read_marks()) == {lead.pk}
    assert not Job.objects.filter(kind=COOL).exists()


def read_marks() -> dict[UUID, int]:
    """Return the leads that are cooling, and the second since when."""
    return {lead.pk: round(lead.cooling_at.timestamp()) for lead in Lead.objects.all() if lead.cooling_at}


def test_many_who_meet_a_lower_bar_become_mqls_in_turns(
    in_scope: Organization, ada: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "PROMOTED", 1)
    make_leads(now)
    publish(lower_bar, actor=ada, now=now)
    met = set(LeadScore.objects.exclude(cools_at=None).values_list("lead_id", flat=True))
    assert len(met) > 1
    assert set(Lead.objects.filter(stage=Stage.MQL).values_list("id", flat=True)) == met
