"""A model's life: draft, preview, publish, roll back; past MQLs are never changed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import EventKind, Intent, Lead, Stage
from leadhub.leads.versions import NoDraft, NoSuchVersion, VersionState
from leadhub.tenancy.models import Organization
from leadhub.tenancy.statistics import count_rows_anew, list_outgrown
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from scoring import rescoring
from scoring.drafts import (
    NoSuchRule,
    change_numbers,
    discard_draft,
    put_engagement_rule,
    put_fit_rule,
    remove_rule,
    start_draft,
)
from scoring.models import EngagementPoint, LeadScore, ScoreModel
from scoring.preview import Preview, preview_rules
from scoring.publishing import publish_draft, restore_version
from scoring.queries import get_published_model
from scoring.rescoring import count_progress
from scoring.rules import RuleInvalid, read_rules
from tests.scoring.arrivals import act, arrive, live

pytestmark = pytest.mark.django_db
NUMBERS: dict[str, Any] = {
    "fit_bar": Decimal(30),
    "engagement_bar": Decimal(30),
    "half_life_days": Decimal(14),
    "sql_bar": Decimal(90),
    "hand_raise_intents": ["hot"],
}


def draft_with(ada: Membership, now: datetime, **numbers: Any) -> ScoreModel:
    start_draft(actor=ada, now=now)
    return change_numbers(**{**NUMBERS, **numbers}, actor=ada, now=now)


def preview_draft(model: ScoreModel, now: datetime) -> Preview:
    return preview_rules(rules=read_rules(model), now=now)


def test_the_preview_says_who_enters_and_leaves_and_writes_nothing(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    warm = arrive(email="warm@builders.test", phone="+12025550134", now=now).lead
    called = arrive(email="called@builders.test", phone="+12025550135", first_name="Cal", now=now).lead
    act(called, EventKind.CALL_INBOUND, now=now)
    arrive(email="stranger@gmail.com", now=now)
    draft = draft_with(ada, now, engagement_bar=Decimal(15))
    preview = preview_draft(draft, now)
    assert (preview.open_leads, preview.meets_now, preview.meets_draft) == (3, 1, 2)
    assert [lead.id for lead in preview.entering] == [warm.pk]
    assert (preview.leaves, preview.becomes_mql) == (0, 1)
    assert (preview.weekly_now, preview.weekly_draft) == (0.25, 0.5)
    assert len(preview.points) == 3
    assert preview_rules(rules=read_rules(draft), now=now, page=2).entering == ()
    warm.refresh_from_db()
    assert warm.stage == Stage.NEW
    stricter = preview_draft(draft_with(ada, now, fit_bar=Decimal(100)), now)
    assert [lead.name for lead in stricter.leaving] == ["Cal"]


def test_a_week_counts_a_lead_at_its_best_moment_and_each_raised_hand(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    long_ago = now - timedelta(days=25)
    lead = arrive(email="called@builders.test", phone="+12025550135", now=long_ago).lead
    act(lead, EventKind.CALL_INBOUND, now=long_ago)
    arrive(email="hot@gmail.com", intent=Intent.HOT, now=now)
    preview = preview_draft(start_draft(actor=ada, now=now), now)
    assert preview.meets_draft == 0
    assert preview.weekly_draft == preview.weekly_now == 0.5


def test_the_preview_agrees_with_what_publishing_does(in_scope: Organization, ada: Membership, now: datetime) -> None:
    for number in range(6):
        lead = arrive(email=f"p{number}@builders.test", phone=f"+1202555013{number}", now=now).lead
        for _ in range(number):
            act(lead, EventKind.PAGE_VIEWED, now=now, ago=timedelta(days=number), page="/pricing")
    draft = draft_with(ada, now, engagement_bar=Decimal(25), half_life_days=Decimal(5))
    preview = preview_draft(draft, now)
    publish_draft(actor=ada, now=now)
    run_due(now=now)
    scores = LeadScore.objects.filter(fit__gte=30, engagement__gte=25, model_version=2)
    assert preview.meets_draft == scores.count() > 0
    assert {lead.id: pytest.approx(lead.engagement) for lead in preview.points} == dict(
        LeadScore.objects.values_list("lead_id", "engagement")
    )


def test_publishing_scores_open_leads_anew_and_keeps_past_mqls(
    in_scope: Organization, ada: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 1)
    mql = arrive(email="called@builders.test", phone="+12025550135", now=now).lead
    act(mql, EventKind.CALL_INBOUND, now=now)
    arrive(email="warm@builders.test", phone="+12025550134", now=now)
    draft_with(ada, now, engagement_bar=Decimal(100))
    publish_draft(actor=ada, now=now, note="Stricter")
    assert count_progress() == (0, 2)
    run_due(now=now)
    assert count_progress() == (2, 2)
    mql.refresh_from_db()
    assert (mql.stage, mql.owner_id) == (Stage.MQL, ada.pk)
    assert live(mql).cools_at is None
    entry = AuditEntry.objects.get(action="score_model.published")
    assert (entry.summary, entry.before["version"], entry.after["version"]) == (
        "Score model v2 is in force: Stricter",
        1,
        2,
    )


def test_a_lower_bar_makes_mqls_that_walk_the_line(in_scope: Organization, ada: Membership, now: datetime) -> None:
    lead = arrive(email="warm@builders.test", phone="+12025550134", now=now).lead
    draft_with(ada, now, engagement_bar=Decimal(10))
    publish_draft(actor=ada, now=now)
    run_due(now=now, organization_id=in_scope.pk)
    lead.refresh_from_db()
    assert lead.stage == Stage.MQL
    assert not Job.objects.exclude(due_at__gt=now).exists()


def test_publishing_twice_needs_two_drafts_and_scoring_twice_changes_nothing(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    lead = arrive(email="warm@builders.test", now=now).lead
    draft_with(ada, now)
    publish_draft(actor=ada, now=now)
    with pytest.raises(NoDraft):
        publish_draft(actor=ada, now=now)
    run_due(now=now)
    before = list(LeadScore.objects.values()), EngagementPoint.objects.count()
    rescoring.ask_for_rescoring(now=now)
    run_due(now=now)
    assert (list(LeadScore.objects.values()), EngagementPoint.objects.count()) == before
    assert live(lead).model_version == 2


def test_the_planner_is_told_of_leads_that_it_does_not_know(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    count_rows_anew([Lead])
    for number in range(12):
        arrive(email=f"p{number}@builders.test", now=now, walks=False)
    assert list_outgrown([Lead], rows=12) == [Lead]
    draft_with(ada, now)
    publish_draft(actor=ada, now=now)
    assert list_outgrown([Lead], rows=12) == []


def test_rolling_back_publishes_a_copy(in_scope: Organization, ada: Membership, now: datetime) -> None:
    draft_with(ada, now, fit_bar=Decimal(77))
    publish_draft(actor=ada, now=now)
    draft = start_draft(actor=ada, now=now)
    restored = restore_version(version=1, actor=ada, now=now)
    assert (restored.version, restored.fit_bar, restored.state) == (4, Decimal(30), VersionState.PUBLISHED)
    assert get_published_model() == restored
    assert ScoreModel.objects.get(state=VersionState.DRAFT) == draft
    assert AuditEntry.objects.filter(action="score_model.rolled_back").count() == 1
    for version in (3, 4, 99):
        with pytest.raises(NoSuchVersion):
            restore_version(version=version, actor=ada, now=now)


def test_the_rules_of_a_draft_are_edited(in_scope: Organization, ada: Membership, now: datetime) -> None:
    who: dict[str, Any] = {"actor": ada, "now": now}
    draft = start_draft(**who)
    known = {"all": [{"field": "person.city", "op": "is_known"}]}
    added = put_fit_rule(key="", label="Phone", points=5, condition=known, **who)
    assert added.key == "phone_2"
    put_fit_rule(key="phone_2", label="Town", points=6, condition=known, **who)
    put_engagement_rule(key="", label="Demo", points=9, event_kind="custom", detail="demo", condition={}, **who)
    remove_rule(kind="fit", key="phone", **who)
    draft.refresh_from_db()
    assert draft.fit_rules[-1] == {"key": "phone_2", "label": "Town", "points": 6, "condition": known}
    assert draft.engagement_rules[-1]["detail"] == "demo"
    assert "phone" not in [rule["key"] for rule in draft.fit_rules]
    with pytest.raises(NoSuchRule):
        remove_rule(kind="fit", key="phone", **who)
    discard_draft(actor=ada, now=now)
    with pytest.raises(NoDraft):
        remove_rule(kind="fit", key="phone_2", **who)


REFUSED_RULES = [
    ({"label": " "}, "label"),
    ({"points": 5000}, "points"),
    ({"points": float("nan")}, "points"),
    ({"condition": {"all": [{"field": "nope", "op": "is"}]}}, "condition"),
    ({"condition": {"all": [{"field": "score.fit", "op": "gt", "value": 3}]}}, "condition"),
]


@pytest.mark.parametrize(("wrong", "field"), REFUSED_RULES)
def test_a_wrong_rule_is_refused_at_its_field(
    in_scope: Organization, ada: Membership, now: datetime, wrong: dict[str, Any], field: str
) -> None:
    start_draft(actor=ada, now=now)
    rule: dict[str, Any] = {"key": "", "label": "Rule", "points": 5.0, "condition": {}}
    with pytest.raises(RuleInvalid) as refusal:
        put_fit_rule(**{**rule, **wrong}, actor=ada, now=now)
    assert refusal.value.field == field


@pytest.mark.parametrize("wrong", [{"engagement_bar": Decimal(0)}, {"half_life_days": Decimal("0.1")}])
def test_wrong_numbers_are_refused(in_scope: Organization, ada: Membership, now: datetime, wrong: Any) -> None:
    with pytest.raises(RuleInvalid):
        draft_with(ada, now, **wrong)


def test_the_preview_says_which_customers_it_would_have_found(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    called = arrive(email="called@builders.test", phone="+12025550135", now=now).lead
    act(called, EventKind.CALL_INBOUND, now=now)
    arrive(email="warm@builders.test", phone="+12025550134", now=now)
    told = arrive(email="told@builders.test", phone="+12025550136", now=now).lead
    Lead.objects.update(stage=Stage.CUSTOMER, customer_at=now, mql_at=now, mql_reason="score")
    Lead.objects.filter(pk=told.pk).update(mql_reason="member", customer_at=now - timedelta(weeks=27))
    preview = preview_draft(draft_with(ada, now, engagement_bar=Decimal(30)), now)
    assert (preview.customers, preview.customers_now, preview.customers_draft) == (2, 2, 1)
    assert (preview.customers_gained, preview.customers_missed) == (0, 1)


def test_a_closed_lead_is_not_scored_anew(in_scope: Organization, ada: Membership, now: datetime) -> None:
    lead = arrive(email="warm@builders.test", now=now).lead
    Lead.objects.filter(pk=lead.pk).update(
        stage=Stage.DISQUALIFIED, disposition="no_fit", disqualified_at=now, mql_at=None
    )
    draft_with(ada, now)
    publish_draft(actor=ada, now=now)
    run_due(now=now)
    assert live(lead).model_version == 1
