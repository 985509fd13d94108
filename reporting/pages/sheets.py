"""The reports as files, as the pages show them: CSV, or XLSX by `kind=xlsx`."""

from collections.abc import Sequence

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.sheets import Cell
from leadhub.web.export import read_kind, stream_rows
from reporting.cohorts import AGES, UNITS
from reporting.lost import DIMENSIONS as LOST_DIMENSIONS
from reporting.lost import LostRow
from reporting.pages.asking import Asked
from reporting.pages.cohorts import ask_cohorts, write_cohort
from reporting.pages.funnel import ask_funnel
from reporting.pages.lost import ask_lost
from reporting.pages.speed import ask_speed
from reporting.speed import DIMENSIONS, SpeedNumbers

Rows = list[Sequence[Cell]]


@require_GET
@member_view(permission="reports.view")
def funnel_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the funnel, a stage a row."""
    asked, report = ask_funnel(request)
    header = ["Stage", "Leads", "Before", "Rate from the step before", "Rate from all", "Median seconds", "Open", "Won"]
    rows: Rows = [
        [
            step.label,
            step.reached,
            step.reached_before,
            step.rate,
            step.rate_from_top,
            step.median_seconds,
            step.open,
            step.won,
            step.recycled,
            step.disqualified,
        ]
        for step in report.steps
    ]
    return _stream(request, "funnel", asked, header=[*header, "Recycled", "Disqualified"], rows=rows)


@require_GET
@member_view(permission="reports.view")
def cohorts_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the cohorts, one a row, with how many reached the stage by each age."""
    asked, report = ask_cohorts(request)
    rows: Rows = [
        [write_cohort(each, report.unit), each.leads, *(cell.reached for cell in each.cells), each.reached]
        for each in report.cohorts
    ]
    header = [UNITS[report.unit], "Leads", *(f"{report.stage.label} by day {age}" for age in AGES), "By now"]
    return _stream(request, "cohorts", asked, header=header, rows=rows)


@require_GET
@member_view(permission="reports.view")
def speed_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the speed to lead, spans in seconds, with the whole as the last row."""
    asked, report = ask_speed(request)
    names = [*SpeedNumbers.__dataclass_fields__, "kept_share"]
    lines = [*((row.label, row.numbers) for row in report.rows), ("All inquiries", report.total)]
    rows: Rows = [[label, *(getattr(numbers, name) for name in names)] for label, numbers in lines]
    header = [DIMENSIONS[report.dimension], *(name.replace("_", " ").capitalize() for name in names)]
    return _stream(request, "speed-to-lead", asked, header=header, rows=rows)


@require_GET
@member_view(permission="reports.view")
def lost_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the lost leads and, below them, the lost deals."""
    asked, report = ask_lost(request)
    header = ["What", LOST_DIMENSIONS[report.dimension], "Number", f"Value lost ({report.currency})", "In other money"]
    rows: Rows = [
        *(_write_loss("Leads", row) for row in report.leads),
        *(_write_loss("Deals", row) for row in report.deals),
    ]
    return _stream(request, "lost-reasons", asked, header=header, rows=rows)


def _write_loss(kind: str, row: LostRow) -> Sequence[Cell]:
    return [kind, row.label, row.count, row.worth, row.foreign_currency]


def _stream(request: MemberRequest, name: str, asked: Asked, *, header: list[str], rows: Rows) -> StreamingHttpResponse:
    return stream_rows(
        name=f"{name}-{asked.period.first_on}-{asked.period.last_on}",
        header=header,
        rows=rows,
        kind=read_kind(request.GET.get("kind", "")),
        access=request.access,
    )
