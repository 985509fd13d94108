"""The page of lost reasons, and the lost deals behind its numbers."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.filters import NOT_KNOWN
from leadhub.leads.models import DispositionCode, OpportunityLead
from leadhub.web.parts import Column, Tab
from leadhub.web.sorting import Sort, Sorting
from reporting.lost import DIMENSIONS, LostReport, LostRow, list_lost_deals, narrow_to_row, report_lost
from reporting.pages.asking import Asked, link_leads, list_choices, read_request
from reporting.pages.findings import tell_losses
from reporting.pages.pictures import BAR_TOOLTIP, GRID
from reporting.slices import Basis

PAGE_SIZE = 50
DEAL_COLUMNS = [
    Column("Deal"),
    Column("Person"),
    Column("Owner"),
    Column("Lost", "lost"),
    Column("Amount", "amount", "end"),
    Column("Why"),
]
DEAL_SORTING = Sorting(
    sorts=(
        Sort(key="lost", by="opportunity__closed_at", up="Longest lost first", down="Latest lost first"),
        Sort(key="amount", by="opportunity__amount", up="Smallest first", down="Largest first"),
    ),
    usual="-lost",
    last=("-opportunity__closed_at", "-pk"),
)


@dataclass(frozen=True, kw_only=True)
class LinkedRow:
    """A row with what is behind its count, and the level below."""

    row: LostRow
    url: str
    drill_url: str = ""


@require_GET
@member_view(permission="reports.view")
def lost(request: MemberRequest) -> HttpResponse:
    """Show why leads and deals were lost, and what that was worth."""
    asked, report = ask_lost(request)
    by, reason = report.dimension, report.reason
    lines = [link_leads_row(row, report, asked) for row in report.leads]
    context = {
        **list_choices(asked),
        "report": report,
        "lines": lines,
        "total": LinkedRow(row=report.lead_total, url=link_leads(lead_filters(report, asked))),
        "deal_lines": [link_deals_row(row, asked) for row in report.deals],
        "deal_total": link_deals_row(report.deal_total, asked, is_total=True),
        "reason_label": DispositionCode(reason).label if reason else "",
        "back_url": asked.to_query(reason=""),
        "picture": draw_losses(lines, report.currency),
        "finding": tell_losses(report) if report.lead_total.worth else "",
        "columns": list_columns("Noted" if reason and by == "reason" else DIMENSIONS[by], "Leads", "Value lost"),
        "deal_columns": list_columns(DIMENSIONS[by], "Deals", "Amount lost"),
        "dimensions": [Tab(f"By {name}", asked.to_query(by=name), name == by) for name in DIMENSIONS],
    }
    return render(request, "reporting/lost.html", context)


@require_GET
@member_view(permission="reports.view")
def lost_deals(request: MemberRequest) -> HttpResponse:
    """Show the lost deals behind a number."""
    asked = read_lost(request)
    context = {
        "page": Paginator(list_deals_behind(asked, request), PAGE_SIZE).get_page(request.GET.get("page")),
        "columns": DEAL_COLUMNS,
        "sort": DEAL_SORTING.read(request.GET),
        "back_url": reverse("lost_reasons") + asked.to_query(),
    }
    return render(request, "reporting/lost_deals.html", context)


def ask_lost(request: MemberRequest) -> tuple[Asked, LostReport]:
    """Read the question and answer it."""
    asked = read_lost(request)
    report = report_lost(
        period=asked.period,
        currency=request.viewer.organization.currency,
        basis=asked.basis,
        dimension=asked.extra["by"],
        reason=asked.extra["reason"],
        within=asked.within,
    )
    return asked, report


def read_lost(request: MemberRequest) -> Asked:
    """Read what is asked for; what is unknown is the usual."""
    by, reason = request.GET.get("by", ""), request.GET.get("reason", "")
    extra = {
        "by": by if by in DIMENSIONS else "reason",
        "reason": reason if reason in DispositionCode.values else "",
    }
    return read_request(request, extra=extra)


def list_deals_behind(asked: Asked, request: MemberRequest) -> QuerySet[OpportunityLead]:
    """Return the lost deals of a row, in the request's order."""
    deals = list_lost_deals(period=asked.period, basis=asked.basis, within=asked.within)
    if "row" in request.GET:
        deals = narrow_to_row(deals, dimension=asked.extra["by"], value=request.GET["row"])
    return DEAL_SORTING.read(request.GET).apply(deals.select_related("opportunity", "lead__person", "lead__owner"))


def lead_filters(report: LostReport, asked: Asked) -> dict[str, str]:
    """Return the lead list's filters that keep the lost leads of the report."""
    filters = {"counted": "true", "is_lost": "true", **asked.within.to_query()}
    if report.reason:
        filters["disposition"] = report.reason
    if report.basis == Basis.COHORT:
        return {**filters, **asked.period.to_lead_query()}
    return {**filters, **asked.period.to_days_query("ended")}


def link_leads_row(row: LostRow, report: LostReport, asked: Asked) -> LinkedRow:
    """Give a row its leads; a reason opens what was noted with it."""
    is_note = bool(report.reason) and report.dimension == "reason"
    name = "noted" if is_note else {"reason": "disposition"}.get(report.dimension, report.dimension)
    drills = report.dimension == "reason" and not is_note
    return LinkedRow(
        row=row,
        url=link_leads({**lead_filters(report, asked), name: row.value or NOT_KNOWN}),
        drill_url=asked.to_query(reason=row.value) if drills else "",
    )


def link_deals_row(row: LostRow, asked: Asked, *, is_total: bool = False) -> LinkedRow:
    """Give a row of deals the list of them; the total all of them."""
    query = replace(asked, extra={"by": asked.extra["by"]}).to_query()
    return LinkedRow(
        row=row, url=reverse("lost_deals") + query + ("" if is_total else f"&{urlencode({'row': row.value})}")
    )


def list_columns(first: str, count: str, worth: str) -> list[Column]:
    """Return a table's headers."""
    return [Column(first), Column(count, align="end"), Column("Share", align="end"), Column(worth, align="end")]


def draw_losses(lines: list[LinkedRow], currency: str) -> dict[str, Any]:
    """Return what each row's lost leads were worth, the most first; each bar opens its leads."""
    lines = sorted(lines, key=lambda line: -line.row.worth)
    worth = [{"value": float(line.row.worth), "url": line.url} for line in lines]
    return {
        "leadhub": {"format": "money", "currency": currency},
        "grid": {**GRID, "top": 8},
        "tooltip": BAR_TOOLTIP,
        "xAxis": {"type": "value", "axisLabel": {"hideOverlap": True}},
        "yAxis": {"type": "category", "inverse": True, "data": [line.row.label for line in lines]},
        "series": [{"name": "Value lost", "type": "bar", "data": worth}],
    }
