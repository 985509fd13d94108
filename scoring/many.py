"""Score and qualify many leads at once, in sets: what an import brought. Called by the bulk line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leadhub.leads.lifecycle import mark_mqls
from leadhub.leads.models import Inquiry, Lead, MqlReason, Stage, Verdict
from scoring.qualify import qualify_ready
from scoring.queries import find_published_rules
from scoring.rescoring import rescore_leads


def score_leads(*, lead_ids: Sequence[UUID], now: datetime) -> None:
    """Score the locked leads from all their events under the published model; without one nothing is scored."""
    rules = find_published_rules()
    if rules is not None:
        rescore_leads(lead_ids=lead_ids, rules=rules, now=now)


def qualify_leads(*, lead_ids: Sequence[UUID], inquiry_ids: Sequence[UUID], now: datetime) -> None:
    """Make MQLs of the new leads that raised a hand in one of the inquiries, or whose score meets the bar."""
    rules = find_published_rules()
    if rules is None:
        return
    hands = Inquiry.objects.filter(pk__in=inquiry_ids, intent__in=rules.hand_raise_intents, duplicate_of=None)
    raised = Lead.objects.filter(pk__in=hands.values("lead_id"), stage=Stage.NEW, verdict=Verdict.PENDING)
    leads = list(raised.filter(is_test=False, pk__in=lead_ids).select_related("person"))
    mark_mqls(leads=leads, reason=MqlReason.HAND_RAISE, now=now, score_model_version=rules.version)
    qualify_ready(lead_ids=lead_ids, rules=rules, now=now)
