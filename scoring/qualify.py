"""The line's step `qualify`: a raised hand, or a score at the bar, makes an MQL. Nothing here ever demotes a lead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leadhub.leads.lifecycle import mark_mql
from leadhub.leads.models import Event, EventKind, Lead, MqlReason, Stage, Verdict
from leadhub.leads.timeline import announce_event
from leadhub.leads.walk import Walk
from scoring.models import LeadScore
from scoring.queries import engagement_now, get_rules
from scoring.rules import Rules


def qualify(walk: Walk) -> None:
    """Make the lead an MQL at once for a hand-raise, else when fit and engagement meet the bar."""
    rules = get_rules(walk)
    if walk.lead is None or walk.lead.is_test or rules is None:
        return
    reason = _find_reason(walk, lead=walk.lead, rules=rules)
    if reason:
        mark_mql(lead=walk.lead, reason=reason, now=walk.now, score_model_version=rules.version)


def qualify_ready(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> int:
    """Make MQLs of the new leads among these that meet the bar, and have each walk the line; return how many."""
    ready = Lead.objects.filter(pk__in=lead_ids, stage=Stage.NEW, verdict=Verdict.PENDING, is_test=False)
    ready = ready.alias(engagement_now=engagement_now(now)).filter(
        live_score__fit__gte=rules.fit_bar, engagement_now__gte=rules.engagement_bar
    )
    marked = [
        mark_mql(lead=lead, reason=MqlReason.SCORE, now=now, score_model_version=rules.version)
        for lead in ready.select_related("person", "owner")
    ]
    moved = [lead for lead in marked if lead.stage == Stage.MQL]
    for lead in moved:
        change = Event.objects.filter(lead=lead, kind=EventKind.STAGE_CHANGED).order_by("-occurred_at", "-id")
        announce_event(event=change[0], now=now)
    return len(moved)


def _find_reason(walk: Walk, *, lead: Lead, rules: Rules) -> MqlReason | None:
    if walk.is_new_inquiry and walk.inquiry and walk.inquiry.intent in rules.hand_raise_intents:
        return MqlReason.HAND_RAISE
    scores = LeadScore.objects.filter(lead=lead, fit__gte=rules.fit_bar, cools_at__gt=walk.now)
    return MqlReason.SCORE if scores.exists() else None
