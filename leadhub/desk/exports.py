"""Leads and deals as files, by the filters and the order of the lead list. Streamed, and noted in the audit log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.chosen import ask_for_ticks, find_chosen, is_nothing_ticked
from leadhub.desk.lead_list import SORTING
from leadhub.leads.models import Channel, DispositionCode, Lead, OpportunityLead, OpportunityStage, Stage, Verdict
from leadhub.lib.clock import utc_now
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.portions import Lines, Portions
from scoring.queries import with_score

# What a file shows of a lead: column → path, in order.
LEAD_COLUMNS = {
    "First name": "person__first_name",
    "Last name": "person__last_name",
    "E-mail": "person__email",
    "Phone": "person__phone",
    "Company": "person__company_name",
    "Job title": "person__title",
    "Street": "person__street",
    "Postal code": "person__postal_code",
    "City": "person__city",
    "Region": "person__region",
    "Country": "person__country",
    "Stage": "stage",
    "Verdict": "verdict",
    "Grade": "grade_now",
    "Channel": "channel",
    "Source": "source",
    "Medium": "medium",
    "Campaign": "campaign",
    "Keyword": "term",
    "Landing page": "landing_page",
    "Quote value": "quote_value",
    "Pipeline": "pipeline_value",
    "Sales value": "sales_value",
    "Currency": "currency",
    "Owner": "owner__name",
    "Captured": "captured_at",
    "MQL": "mql_at",
    "Won": "customer_at",
    "Disposition": "disposition",
    "Disposition note": "disposition_note",
    "Lead": "id",
}
DEAL_COLUMNS = {
    "Deal": "opportunity__name",
    "Stage": "opportunity__stage",
    "Amount": "opportunity__amount",
    "Currency": "opportunity__currency",
    "Probability": "opportunity__probability",
    "Expected close": "opportunity__expected_close_on",
    "Opened": "opportunity__opened_at",
    "Closed": "opportunity__closed_at",
    "Reason": "opportunity__close_reason",
    "Owner": "opportunity__owner__name",
    "First name": "lead__person__first_name",
    "Last name": "lead__person__last_name",
    "E-mail": "lead__person__email",
    "Channel": "lead__channel",
    "Source": "lead__source",
    "Campaign": "lead__campaign",
    "Lead": "lead_id",
}
_WORDS: dict[str, dict[str, str]] = {
    "stage": dict(Stage.choices),
    "verdict": dict(Verdict.choices),
    "channel": dict(Channel.choices),
    "disposition": dict(DispositionCode.choices),
    "lead__channel": dict(Channel.choices),
    "opportunity__stage": dict(OpportunityStage.choices),
}


@require_GET
@member_view(permission="leads.view")
def lead_export(request: MemberRequest) -> HttpResponseBase:
    """Download the leads that the list shows, or those ticked in it."""
    if is_nothing_ticked(request.GET):
        return ask_for_ticks(request)
    now = utc_now()

    def read(keys: Sequence[UUID]) -> Lines:
        return write_lines(with_score(Lead.objects.filter(pk__in=keys), now), columns=LEAD_COLUMNS)

    found = SORTING.read(request.GET).apply(find_chosen(request.GET, now=now))
    return export_list(request, name="leads", header=tuple(LEAD_COLUMNS), rows=Portions(found=found, read=read))


@require_GET
@member_view(permission="leads.view")
def deal_export(request: MemberRequest) -> HttpResponseBase:
    """Download the deals of the leads that the list shows, each once, with its primary lead."""
    deals = OpportunityLead.objects.filter(
        is_primary=True, lead__in=find_chosen(request.GET, now=utc_now()).values("pk")
    )
    found = deals.order_by("-opportunity__opened_at", "pk")

    def read(keys: Sequence[UUID]) -> Lines:
        return write_lines(OpportunityLead.objects.filter(pk__in=keys), columns=DEAL_COLUMNS)

    return export_list(request, name="deals", header=tuple(DEAL_COLUMNS), rows=Portions(found=found, read=read))


def write_lines(found: QuerySet[Any], *, columns: dict[str, str]) -> Lines:
    """Return the columns of each row, choices in words."""
    paths = tuple(columns.values())
    return {
        key: [[_show(path, value) for path, value in zip(paths, values, strict=True)]]
        for key, *values in found.values_list("pk", *paths)
    }


def _show(path: str, value: Any) -> Cell:
    cell: Cell = str(value) if path in {"id", "lead_id"} else value
    return _WORDS[path].get(str(cell), cell) if path in _WORDS else cell
