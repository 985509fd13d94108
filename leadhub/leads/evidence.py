"""What is known of a lead that decides its stage. Called by lifecycle."""

from django.db.models import Count, Q

from leadhub.leads.models import Lead, OpportunityLead, OpportunityStage, Stage
from leadhub.leads.stages import QUALIFICATION, Evidence


def gather_evidence(lead: Lead, to_stage: Stage) -> Evidence:
    """Read what the stage asks for, and the deals only for those that need them."""
    deals = {"open": 0, "won": 0}
    if to_stage in {Stage.OPPORTUNITY, Stage.CUSTOMER}:
        is_won = Q(opportunity__stage=OpportunityStage.WON)
        is_lost = Q(opportunity__stage=OpportunityStage.LOST)
        deals = OpportunityLead.objects.filter(lead=lead).aggregate(
            open=Count("id", filter=~is_won & ~is_lost), won=Count("id", filter=is_won)
        )
    is_reachable = to_stage == Stage.MQL and bool(lead.person.email or lead.person.phone)
    return Evidence(
        is_reachable=is_reachable,
        filled=frozenset(name for name in QUALIFICATION if getattr(lead, name)),
        has_disposition=bool(lead.disposition),
        open_deals=deals["open"],
        won_deals=deals["won"],
    )
