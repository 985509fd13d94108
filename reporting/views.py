"""The report pages. A view reads the period, asks one query and renders."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.filters import NOT_KNOWN
from leadhub.lib.clock import utc_now
from leadhub.web.parts import Column, Tab
from reporting.periods import PRESETS, BadPeriod, Period, parse_period
from reporting.pictures import draw_shares
from reporting.source_value import DIMENSIONS, LABELS, Row, SourceValueReport, report_source_value


@dataclass(frozen=True, kw_only=True)
class LinkedRow:
    """A row with the links of its numbers: the leads behind each, and the next level down."""

    row: Row
    leads_url: str
    qualified_url: str
    drill_url: str

    @property
    def quote_url(self) -> str:
        """The qualified leads that carry a quote value."""
        return f"{self.qualified_url}&value=quote"

    @property
    def pipeline_url(self) -> str:
        """The leads with open deals."""
        return f"{self.leads_url}&value=pipeline"

    @property
    def sales_url(self) -> str:
        """The leads with sales."""
        return f"{self.leads_url}&value=sales"


@require_GET
@member_view(permission="reports.view")
def source_value(request: MemberRequest) -> HttpResponse:
    """Show which channels make qualified, valuable leads; drill down to the landing page."""
    organization = request.viewer.organization
    query = {name: request.GET.get(name, "") for name in ("from", "to", "days")}
    error = ""
    now = utc_now()
    try:
        period = parse_period(
            first=query["from"], last=query["to"], days=query["days"], now=now, zone_name=organization.time_zone
        )
    except BadPeriod as problem:
        error = problem.message
        period = parse_period(first="", last="", days="", now=now, zone_name=organization.time_zone)
    within = {name: request.GET[name] for name in DIMENSIONS if name in request.GET}
    dimension = read_dimension(request.GET.get("by", ""), within)
    report = report_source_value(period=period, currency=organization.currency, dimension=dimension, within=within)
    context = build_context(report, within=within, error=error)
    template = "reporting/_source_value.html" if request.htmx else "reporting/source_value.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def read_dimension(asked: str, within: dict[str, str]) -> str:
    """Return the level to group by: the one asked for, else the one below the deepest chosen."""
    if asked in DIMENSIONS:
        return asked
    chosen = [DIMENSIONS.index(name) for name in within]
    return DIMENSIONS[min(max(chosen, default=-1) + 1, len(DIMENSIONS) - 1)]


def build_context(report: SourceValueReport, *, within: dict[str, str], error: str) -> dict[str, Any]:
    """Return what the page shows."""
    days = {"from": report.period.first_on.isoformat(), "to": report.period.last_on.isoformat()}
    return {
        "report": report,
        "rows": [link_row(row, report, within=within, days=days) for row in report.rows],
        "total": link_row(Row(value="", label="Total", numbers=report.total), report, within=within, days=days),
        "picture": draw_shares(report),
        "columns": list_columns(report.dimension),
        "presets": list_presets(report.period, within=within),
        "crumbs": list_crumbs(within, days),
        "days": days,
        "within": within,
        "error": error,
    }


def link_row(row: Row, report: SourceValueReport, *, within: dict[str, str], days: dict[str, str]) -> LinkedRow:
    """Give a row its links; the total keeps the levels above only."""
    is_total = row.label == "Total" and not row.value
    chosen = within if is_total else {**within, report.dimension: row.value}
    shown = {name: value or NOT_KNOWN for name, value in chosen.items()}
    leads = {**shown, "counted": "true", "captured_from": days["from"], "captured_to": days["to"]}
    leads_url = f"{reverse('lead_list')}?{urlencode(leads)}"
    is_last = report.dimension == DIMENSIONS[-1]
    return LinkedRow(
        row=row,
        leads_url=leads_url,
        qualified_url=f"{leads_url}&verdict=qualified",
        drill_url="" if is_total or is_last else f"?{urlencode({**chosen, **days})}",
    )


def list_columns(dimension: str) -> list[Column]:
    """Return the table's headers."""
    numbers = ("Leads", "Qualified", "Rate", "Quote value", "Pipeline", "Sales value")
    return [Column(LABELS[dimension]), *(Column(label, align="end") for label in numbers)]


def list_presets(period: Period, *, within: dict[str, str]) -> list[Tab]:
    """Return the quick choices of the period."""
    return [
        Tab(
            label=f"{days} days",
            url=f"?{urlencode({**within, 'days': str(days)})}",
            is_current=period.days == days,
        )
        for days in PRESETS
    ]


def list_crumbs(within: dict[str, str], days: dict[str, str]) -> list[tuple[str, str]]:
    """Return the way down so far: (label, URL of that level)."""
    crumbs = [("All channels", f"?{urlencode(days)}")]
    chosen: dict[str, str] = {}
    for name in DIMENSIONS:
        if name in within:
            chosen[name] = within[name]
            crumbs.append((f"{LABELS[name]}: {within[name] or 'Unknown'}", f"?{urlencode({**chosen, **days})}"))
    return crumbs
