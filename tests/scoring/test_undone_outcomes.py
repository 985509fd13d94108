"""An outcome that was undone scores nothing and matches no behaviour condition."""

from datetime import datetime, timedelta

from leadhub.accounts.models import Membership
from leadhub.leads.conditions.compiler import matching
from leadhub.leads.models import EventKind, Lead, Outcome
from leadhub.leads.outcomes import log_outcome, undo_outcome
from leadhub.tenancy.models import Organization
from leadhub.work.runner import run_due
from scoring.models import EngagementPoint, ScoreModel
from tests.scoring.arrivals import arrive, live

RULE = {"key": "met", "label": "Met us", "points": 30, "event_kind": EventKind.MEETING_HELD}
MET = {"all": [{"field": "behaviour.meeting_held", "op": "at_least", "value": {"times": 1, "days": 14}}]}


def test_an_undone_outcome_scores_nothing(in_scope: Organization, ada: Membership, now: datetime) -> None:
    for model in ScoreModel.objects.filter(state="published"):
        model.engagement_rules = [*model.engagement_rules, RULE]
        model.save(update_fields=["engagement_rules"])
    lead = arrive(email="pat@builders.test", now=now).lead
    before = live(lead).engagement
    event = log_outcome(lead=lead, outcome=Outcome.MEETING, actor=ada, now=now).event
    run_due(now=now)
    assert live(lead).engagement == before + 30
    undo_outcome(event=event, actor=ada, now=now)
    run_due(now=now + timedelta(seconds=1))
    assert live(lead).engagement < before + 1
    assert not EngagementPoint.objects.filter(rule_key="met").exists()


def test_an_undone_outcome_is_no_behaviour(in_scope: Organization, ada: Membership, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", now=now).lead
    event = log_outcome(lead=lead, outcome=Outcome.MEETING, actor=ada, now=now).event
    assert matching(Lead.objects.all(), MET, now=now).exists()
    undo_outcome(event=event, actor=ada, now=now)
    assert not matching(Lead.objects.all(), MET, now=now).exists()
