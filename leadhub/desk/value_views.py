"""What a lead is worth: the verdict, the quote value, its deals and how they end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.desk.acting import Act, perform
from leadhub.desk.allowed import may_judge
from leadhub.desk.deeds import Deed
from leadhub.desk.forms import CloseOpportunityForm, OpportunityForm, ValueForm, VerdictForm
from leadhub.leads.models import Lead, Opportunity, ValueSource, Verdict
from leadhub.leads.opportunities import change_opportunity, lose_opportunity, open_opportunity, win_opportunity
from leadhub.leads.values import set_quote_value
from leadhub.leads.verdicts import set_verdict
from leadhub.web.formatting import format_money


def _judge(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    verdict = Verdict(values.cleaned_data["verdict"])
    set_verdict(lead=lead, verdict=verdict, actor=actor, reason=values.cleaned_data["reason"], now=now)
    return Deed(f"Verdict: {verdict.label}.")


def _value(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    amount = values.cleaned_data["amount"]
    set_quote_value(lead=lead, amount=amount, source=ValueSource.MEMBER, actor=actor, now=now)
    return Deed(f"Quote value: {format_money(amount, lead.currency)}.")


def _open(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    opportunity = open_opportunity(lead=lead, **values.cleaned_data, actor=actor, now=now)
    return Deed(f"Opportunity opened: {format_money(opportunity.amount, opportunity.currency)}.")


def _change(*, lead: Lead, values: Any, actor: Membership, now: datetime, opportunity: Opportunity) -> Deed:  # noqa: ARG001
    change_opportunity(opportunity=opportunity, **values.cleaned_data, actor=actor, now=now)
    return Deed("Opportunity changed.")


def _close(*, lead: Lead, values: Any, actor: Membership, now: datetime, opportunity: Opportunity) -> Deed:  # noqa: ARG001
    chosen = values.cleaned_data
    if chosen["result"] == "lost":
        lose_opportunity(opportunity=opportunity, reason=chosen["reason"], actor=actor, now=now)
        return Deed("Lost. The reason is kept.")
    won = win_opportunity(
        opportunity=opportunity, amount=chosen["amount"], reason=chosen["reason"], actor=actor, now=now
    )
    return Deed(f"Won: {format_money(won.amount, won.currency)}. Well done!")


JUDGE = Act("verdict", VerdictForm, _judge, may_judge)
VALUE = Act("value", ValueForm, _value, may_judge)
OPEN = Act("opportunity", OpportunityForm, _open)
CHANGE = Act("opportunity_change", OpportunityForm, _change)
CLOSE = Act("opportunity_close", CloseOpportunityForm, _close)


def _opportunity(pk: UUID, opportunity: UUID) -> Opportunity:
    return get_object_or_404(Opportunity, pk=opportunity, opportunity_leads__lead_id=pk)


@require_POST
@member_view(permission="leads.view")
def verdict(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say whether it is a qualified lead."""
    return perform(request, pk, JUDGE)


@require_POST
@member_view(permission="leads.view")
def quote_value(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say what the lead is worth when it asks."""
    return perform(request, pk, VALUE)


@require_POST
@member_view(permission="leads.work")
def opportunities(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Convert the lead: open a deal."""
    return perform(request, pk, OPEN)


@require_POST
@member_view(permission="leads.work")
def opportunity_change(request: MemberRequest, pk: UUID, opportunity: UUID) -> HttpResponse:
    """Change a deal's name, amount or date."""
    return perform(request, pk, CHANGE, opportunity=_opportunity(pk, opportunity))


@require_POST
@member_view(permission="leads.work")
def opportunity_close(request: MemberRequest, pk: UUID, opportunity: UUID) -> HttpResponse:
    """Win or lose a deal."""
    return perform(request, pk, CLOSE, opportunity=_opportunity(pk, opportunity))
