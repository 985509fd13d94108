"""Score and qualify many leads at once, in sets: what an import brought. Called by the bulk line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leadhub.leads.lifecycle import mark_mqls
from leadhub.leads.models import Inquiry, Lead, MqlReason, Stage, Verdict
from leadhub.tenancy.lookups import is_one_of
from scoring.models import LeadScore
from scoring.qualify import qualify_ready
from scoring.queries import find_published_rules
from scoring.rescoring import rescore_leads, score_first


def score_leads(*, lead_ids: Sequence[UUID], now: datetime) -> None:
    """Score the locked leads from all their events under the published model; without one nothing is scored."""
    rules = find_published_rules()
    if rules is None or not lead_ids:
        return
    held = LeadScore.objects.filter(is_one_of("lead_id", lead_ids)).order_by("lead_id").select_for_update(no_key=True)
    scored = set(held.values_list("lead_id", flat=True))  # taken in order and before the ledger, as rescoring does
    new = [pk for pk in lead_ids if pk not in scored] if scored else lead_ids
    rescore_leads(lead_ids=list(scored), rules=rules, now=now)
    score_first(lead_ids=new, rules=rules, now=now)


def qualify_leads(*, lead_ids: Sequence[UUID], inquiry_ids: Sequence[UUID], now: datetime) -> None:
    """Make MQLs of the new leads that raised a hand in one of the inquiries, or whose score meets the bar."""
    rules = find_published_rules()
    if rules is None:
        return
    hands = Inquiry.objects.filter(is_one_of("id", inquiry_ids), duplicate_of=None)
    of_hands = hands.filter(intent__in=rules.hand_raise_intents).values("lead_id")
    raised = Lead.objects.filter(pk__in=of_hands, stage=Stage.NEW, verdict=Verdict.PENDING)
    leads = list(raised.filter(is_one_of("id", lead_ids), is_test=False).select_related("person"))
    mark_mqls(leads=leads, reason=MqlReason.HAND_RAISE, now=now, score_model_version=rules.version)
    qualify_ready(lead_ids=lead_ids, rules=rules, now=now)
