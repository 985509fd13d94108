"""Deals that leads become: a change of state, never a copy. Called by the lead page and the API.

The only writer of `lead.pipeline_value` (its open deals) and `lead.sales_value` (its won ones). A deal's value
counts for its primary lead only.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from leadhub.accounts.models import Membership
from leadhub.leads.lifecycle import move_lead, step_back_from_deals
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import (
    CLOSED_OPPORTUNITY_STAGES,
    EventKind,
    Lead,
    Opportunity,
    OpportunityLead,
    OpportunityStage,
    Stage,
)
from leadhub.leads.stage_dates import ENDED
from leadhub.leads.stages import StageNotAllowed
from leadhub.leads.timeline import record_event
from leadhub.leads.values import require_amount
from leadhub.lib.errors import DomainError

PROBABILITIES = {
    OpportunityStage.DISCOVERY: 20,
    OpportunityStage.PROPOSAL: 50,
    OpportunityStage.NEGOTIATION: 80,
    OpportunityStage.WON: 100,
    OpportunityStage.LOST: 0,
}


class NameMissing(DomainError):
    """A deal needs a name."""


class DealClosed(DomainError):
    """The deal is won or lost; it does not change any more."""

    def __init__(self) -> None:
        super().__init__("This opportunity is closed.", field="stage")


class LossReasonMissing(DomainError):
    """A lost deal must say why."""


def open_opportunity(
    *,
    lead: Lead,
    name: str,
    amount: Decimal,
    actor: Membership,
    now: datetime,
    expected_close_on: date | None = None,
) -> Opportunity:
    """Open a deal of the lead, in its currency, and move the lead to opportunity.

    Raises `NameMissing`, `ImpossibleAmount`, and `StageNotAllowed` for a lead that ended without a deal.
    """
    if not name.strip():
        raise NameMissing("Give the opportunity a name.", field="name")
    value = require_amount(amount, field="amount")
    lock_lead(lead)
    if lead.stage in ENDED:
        raise StageNotAllowed(from_stage=lead.stage, to_stage=Stage.OPPORTUNITY)
    opportunity = Opportunity.objects.create(
        name=name.strip()[:300],
        amount=value,
        currency=lead.currency,
        expected_close_on=expected_close_on,
        owner=lead.owner,
        opened_at=now,
    )
    OpportunityLead.objects.create(opportunity=opportunity, lead=lead, is_primary=True)
    _settle(opportunity=opportunity, leads=[lead], kind=EventKind.OPPORTUNITY_OPENED, actor=actor, now=now)
    return opportunity


def change_opportunity(
    *,
    opportunity: Opportunity,
    actor: Membership,
    now: datetime,
    name: str | None = None,
    amount: Decimal | None = None,
    stage: OpportunityStage | None = None,
    probability: int | None = None,
    expected_close_on: date | None = None,
) -> Opportunity:
    """Change what is given of an open deal; a new stage brings its usual probability.

    Raises `DealClosed`, `ImpossibleAmount`; to win or lose it is another call.
    """
    leads = _lock(opportunity)
    if stage in CLOSED_OPPORTUNITY_STAGES:
        raise DomainError("Win or lose the opportunity instead.", field="stage")
    wanted: dict[str, Any] = {
        "name": name.strip()[:300] if name and name.strip() else None,
        "amount": None if amount is None else require_amount(amount, field="amount"),
        "stage": stage,
        "probability": PROBABILITIES[stage] if stage and probability is None else probability,
        "expected_close_on": expected_close_on,
    }
    changed = {
        field: value for field, value in wanted.items() if value is not None and value != getattr(opportunity, field)
    }
    if changed:
        _save(opportunity, changed)
        _settle(opportunity=opportunity, leads=leads, kind=EventKind.OPPORTUNITY_CHANGED, actor=actor, now=now)
    return opportunity


def win_opportunity(
    *, opportunity: Opportunity, actor: Membership, now: datetime, reason: str = "", amount: Decimal | None = None
) -> Opportunity:
    """Win the deal, at `amount` where the price changed last; its leads become customers. Twice changes nothing."""
    value = opportunity.amount if amount is None else require_amount(amount, field="amount")
    changes = {"stage": OpportunityStage.WON, "amount": value, "close_reason": reason.strip()[:300]}
    return _close(opportunity=opportunity, changes=changes, kind=EventKind.OPPORTUNITY_WON, actor=actor, now=now)


def lose_opportunity(*, opportunity: Opportunity, reason: str, actor: Membership, now: datetime) -> Opportunity:
    """Lose the deal for a reason; a lead without another open deal steps back. Raises `LossReasonMissing`."""
    if not reason.strip():
        raise LossReasonMissing("Say why it was lost.", field="reason")
    changes = {"stage": OpportunityStage.LOST, "close_reason": reason.strip()[:300]}
    return _close(opportunity=opportunity, changes=changes, kind=EventKind.OPPORTUNITY_LOST, actor=actor, now=now)


def _close(
    *, opportunity: Opportunity, changes: dict[str, Any], kind: EventKind, actor: Membership, now: datetime
) -> Opportunity:
    if _is_closed_as(opportunity, changes["stage"]):
        return opportunity
    leads = _lock(opportunity)
    _save(opportunity, {**changes, "probability": PROBABILITIES[changes["stage"]], "closed_at": now})
    _settle(opportunity=opportunity, leads=leads, kind=kind, actor=actor, now=now)
    return opportunity


def _is_closed_as(opportunity: Opportunity, stage: OpportunityStage) -> bool:
    opportunity.refresh_from_db(fields=["stage"])
    return opportunity.stage == stage


def _lock(opportunity: Opportunity) -> list[Lead]:
    """Hold the deal's leads in one order, then read the deal; raise `DealClosed` unless it is open."""
    links = OpportunityLead.objects.filter(opportunity=opportunity).select_related("lead").order_by("lead_id")
    leads = [lock_lead(link.lead) for link in links]
    opportunity.refresh_from_db(from_queryset=Opportunity.objects.select_for_update(no_key=True))
    if opportunity.stage in CLOSED_OPPORTUNITY_STAGES:
        raise DealClosed
    return leads


def _save(opportunity: Opportunity, changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        setattr(opportunity, field, value)
    opportunity.save(update_fields=list(changes))


def _settle(*, opportunity: Opportunity, leads: list[Lead], kind: EventKind, actor: Membership, now: datetime) -> None:
    """Bring each lead's values and stage in line with its deals, and write the event."""
    for lead in leads:
        _sum_deals(lead=lead, now=now)
        if opportunity.stage == OpportunityStage.WON:
            move_lead(lead=lead, to_stage=Stage.CUSTOMER, now=now, actor=actor, reason="Won", walks=False)
        elif opportunity.stage == OpportunityStage.LOST:
            step_back_from_deals(lead=lead, actor=actor, now=now, reason="Lost")
        elif lead.stage != Stage.CUSTOMER:
            move_lead(lead=lead, to_stage=Stage.OPPORTUNITY, now=now, actor=actor, reason="Deal opened", walks=False)
        record_event(
            person=lead.person,
            lead=lead,
            kind=kind,
            occurred_at=now,
            now=now,
            actor=actor,
            summary=f"{opportunity.name}: {opportunity.amount} {opportunity.currency}",
            properties={
                "opportunity": str(opportunity.pk),
                "stage": opportunity.stage,
                "amount": str(opportunity.amount),
                "currency": opportunity.currency,
                "reason": opportunity.close_reason,
            },
        )


def _sum_deals(*, lead: Lead, now: datetime) -> None:
    is_won = Q(opportunity__stage=OpportunityStage.WON)
    sums = OpportunityLead.objects.filter(lead=lead, is_primary=True).aggregate(
        pipeline=Sum("opportunity__amount", filter=~Q(opportunity__stage__in=CLOSED_OPPORTUNITY_STAGES)),
        sales=Sum("opportunity__amount", filter=is_won),
    )
    lead.pipeline_value, lead.sales_value = sums["pipeline"] or Decimal(0), sums["sales"] or Decimal(0)
    lead.updated_at = now
    lead.save(update_fields=["pipeline_value", "sales_value", "updated_at"])
