"""The lists behind the reports' numbers as files: a speed's inquiries, the lost deals. Noted in the audit log."""

from collections.abc import Sequence
from functools import partial

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Inquiry, OpportunityLead
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.portions import write_each
from reporting.pages.lost import list_deals_behind, read_lost
from reporting.pages.speed import INQUIRY_SORTING, list_behind, read_behind

INQUIRY_HEADER = (
    "Person", "E-mail", "Owner", "Service", "Arrived", "To sales", "Promised", "First attempt", "First contact",
    "Seconds to first attempt", "Lead",
)  # fmt: skip
DEAL_HEADER = ("Deal", "Person", "E-mail", "Owner", "Amount", "Currency", "Lost", "Why", "Lead")


@require_GET
@member_view(permission="reports.view")
def speed_inquiries_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the inquiries behind a number of the report; owners as far as the page shows them."""
    order = INQUIRY_SORTING.read(request.GET)
    rows = write_each(
        found=list_behind(read_behind(request), viewer=request.viewer, order=order),
        rows=Inquiry.objects.select_related("person", "lead__owner"),
        write=partial(_write_inquiry, sees_team=request.viewer.may("team.view")),
    )
    return export_list(request, name="speed-to-lead-inquiries", header=INQUIRY_HEADER, rows=rows)


@require_GET
@member_view(permission="reports.view")
def lost_deals_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the lost deals behind a number."""
    deals = OpportunityLead.objects.select_related("opportunity", "lead__person", "lead__owner")
    rows = write_each(found=list_deals_behind(read_lost(request), request), rows=deals, write=_write_deal)
    return export_list(request, name="lost-deals", header=DEAL_HEADER, rows=rows)


def _write_inquiry(one: Inquiry, *, sees_team: bool) -> Sequence[Cell]:
    return (
        one.person.name, one.person.email, one.lead.owner.name if sees_team else "", one.service, one.arrived_at,
        one.handed_over_at, one.due_at, one.first_attempt_at, one.first_contact_at, one.took_seconds,
        str(one.lead_id),
    )  # fmt: skip


def _write_deal(link: OpportunityLead) -> Sequence[Cell]:
    deal, lead = link.opportunity, link.lead
    return (
        deal.name, lead.person.name, lead.person.email, lead.owner.name, deal.amount, deal.currency, deal.closed_at,
        deal.close_reason, str(lead.pk),
    )  # fmt: skip
