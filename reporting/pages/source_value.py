"""Source and value: which channel, campaign, keyword and landing page make qualified, valuable leads."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.web.export import read_kind, stream_rows
from reporting.pages.asking import list_presets
from reporting.pages.findings import tell_shares, tell_trend
from reporting.pages.source_pictures import draw_shares, draw_trend
from reporting.pages.source_query import Question, list_crumbs, list_levels, read_question
from reporting.pages.source_table import list_columns, list_lines, list_sheet, total_line
from reporting.pages.source_tiles import list_tiles
from reporting.source_value import SourceValueReport, report_source_value
from reporting.targets import spread_targets
from reporting.trend import read_trend


@require_GET
@member_view(permission="reports.view")
def source_value(request: MemberRequest) -> HttpResponse:
    """Show the report; htmx gets it without the shell."""
    question = read_question(request)
    template = "reporting/_source_value.html" if request.htmx else "reporting/source_value.html"
    return render(request, template, build_context(question, ask(question)))


@require_GET
@member_view(permission="reports.view")
def source_value_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the table as it is filtered, all its rows."""
    question = read_question(request)
    header, rows = list_sheet(ask(question))
    period = question.period
    return stream_rows(
        name=f"source-and-value-{question.dimension}-{period.first_on}-{period.last_on}",
        header=header,
        rows=rows,
        kind=read_kind(request.GET.get("kind", "")),
        access=request.access,
    )


def ask(question: Question) -> SourceValueReport:
    """Return the compared report."""
    return report_source_value(
        period=question.period,
        currency=question.currency,
        dimension=question.dimension,
        within=question.within,
        now=question.now,
    )


def build_context(question: Question, report: SourceValueReport) -> dict[str, Any]:
    """Return what the page shows."""
    trend = read_trend(period=question.period, currency=question.currency, within=question.within)
    targets = {} if question.within else spread_targets(period=question.period)
    return {
        "question": question,
        "report": report,
        "rows": list_lines(report, question),
        "total": total_line(report, question),
        "tiles": list_tiles(report, question, trend=trend, targets=targets),
        "shares": draw_shares(report, question),
        "trend": draw_trend(trend, question),
        "findings": {"shares": tell_shares(report), "trend": tell_trend(report.total)},
        "columns": list_columns(report.dimension),
        "presets": list_presets(question.period, question.link_page, now=question.now),
        "levels": list_levels(question),
        "crumbs": list_crumbs(question),
        "days": question.period.to_query(),
        "ages": describe_ages(question),
        "foreign_url": question.link_leads(question.within, value="any", currency_not=question.currency),
        "export": question.link_page(),
    }


def describe_ages(question: Question) -> tuple[int, int]:
    """Return how many days old the youngest and the oldest lead of the cohort can be."""
    today = question.now.astimezone(question.period.zone).date()
    return max((today - question.period.last_on).days, 0), max((today - question.period.first_on).days, 0)
