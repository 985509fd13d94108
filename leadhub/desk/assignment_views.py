"""The answer to an offered lead, and giving a lead to somebody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.desk.acting import Act, perform
from leadhub.desk.allowed import may_reassign
from leadhub.desk.deeds import Deed
from leadhub.desk.forms import NoForm, ReassignForm, RejectForm, RerouteForm
from leadhub.leads.models import Lead
from routing.answers import accept, reject, reroute
from routing.reassignment import reassign


def _accept(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:  # noqa: ARG001
    accept(lead=lead, actor=actor, now=now)
    return Deed("Accepted: it is yours.")


def _reject(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    reject(lead=lead, actor=actor, **values.cleaned_data, now=now)
    return Deed("Rejected. It went back to the marketing owner.")


def _reroute(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    reroute(lead=lead, actor=actor, note=values.cleaned_data["note"], now=now)
    lead.refresh_from_db()
    return Deed(f"Rerouted to {lead.owner}.")


def _reassign(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    member = values.cleaned_data["member"]
    reassign(lead=lead, member=member, actor=actor, now=now, note=values.cleaned_data["note"])
    return Deed(f"Given to {member}.")


ACCEPT = Act("accept", NoForm, _accept)
REJECT = Act("reject", RejectForm, _reject)
REROUTE = Act("reroute", RerouteForm, _reroute)
REASSIGN = Act("reassign", ReassignForm, _reassign, may_reassign)


@require_POST
@member_view(permission="leads.work")
def acceptance(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the lead on."""
    return perform(request, pk, ACCEPT)


@require_POST
@member_view(permission="leads.work")
def rejection(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Decline the lead, with a reason."""
    return perform(request, pk, REJECT)


@require_POST
@member_view(permission="leads.work")
def rerouting(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say that it belongs to somebody else, and give the turn back."""
    return perform(request, pk, REROUTE)


@require_POST
@member_view(permission="team.reassign")
def reassignment(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Give the lead to a chosen member."""
    return perform(request, pk, REASSIGN)
