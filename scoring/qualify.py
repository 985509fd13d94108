"""The line's step `qualify`: a raised hand, or a score at the bar, makes an MQL. Nothing here ever demotes a lead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from leadhub.leads.lifecycle import mark_mql, mark_mqls
from leadhub.leads.models import Event, Lead, MqlReason, Stage, Verdict
from leadhub.leads.walk import Walk
from leadhub.tenancy.lookups import is_one_of
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


def lock_ready(*, after: UUID, upto: UUID, count: int, rules: Rules, now: datetime) -> list[UUID]:
    """Lock the first new leads behind one id, up to another, that meet the bar and return their ids, in order."""
    ready = _list_ready(rules=rules, now=now).filter(pk__gt=after, pk__lte=upto).order_by("id")[:count]
    return list(ready.select_for_update(of=("self",), no_key=True).values_list("id", flat=True))


def qualify_ready(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> list[Event]:
    """Make MQLs of the locked new leads among these that meet the bar; return the events of their moves."""
    leads = list(_list_ready(rules=rules, now=now).filter(is_one_of("id", lead_ids)).select_related("person"))
    return mark_mqls(leads=leads, reason=MqlReason.SCORE, now=now, score_model_version=rules.version)


def _list_ready(*, rules: Rules, now: datetime) -> QuerySet[Lead]:
    """Return the new leads that meet the bar."""
    ready = Lead.objects.filter(stage=Stage.NEW, verdict=Verdict.PENDING, is_test=False)
    return ready.alias(engagement_now=engagement_now(now)).filter(
        live_score__fit__gte=rules.fit_bar, engagement_now__gte=rules.engagement_line
    )


def _find_reason(walk: Walk, *, lead: Lead, rules: Rules) -> MqlReason | None:
    if walk.is_new_inquiry and walk.inquiry and walk.inquiry.intent in rules.hand_raise_intents:
        return MqlReason.HAND_RAISE
    live = LeadScore.objects.filter(lead=lead, fit__gte=rules.fit_bar).first()
    if live is None or not rules.are_met(fit=live.fit, engagement=live.reckon_engagement(walk.now)):
        return None
    return MqlReason.SCORE
