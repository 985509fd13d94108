"""Route many leads at once: what an import brought. Called by the bulk line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import get_organization_id
from routing.assignment import hold_for_marketing, is_ready_for_sales, offer_lead
from routing.models import Assignment
from routing.ownership import Gift, find_current, give_lead
from routing.receipts import Receipt


def route_leads(
    *, lead_ids: Sequence[UUID], now: datetime, is_quiet: bool = True, assign_to: UUID | None = None
) -> None:
    """Give the leads that nobody has yet an owner: the member to assign to, else whom the rules choose."""
    named = Membership.objects.get(organization_id=get_organization_id(), pk=assign_to) if assign_to else None
    leads = Lead.objects.open().filter(pk__in=lead_ids).select_related("person", "owner").order_by("pk")
    for lead in leads.select_for_update(of=("self",), no_key=True):
        if find_current(lead=lead) is not None:
            continue
        if named:
            receipt = Receipt(picked=named.name, why="named as the owner by the import", is_quiet=is_quiet)
            give_lead(lead=lead, gift=Gift(member=named, reason=Assignment.Reason.MANUAL, receipt=receipt), now=now)
        elif is_ready_for_sales(lead=lead, inquiry=None):
            offer_lead(lead=lead, inquiry=None, is_quiet=is_quiet, now=now)
        else:
            hold_for_marketing(lead=lead, inquiry=None, why="not ready for sales yet", now=now)
