"""The cohort page: what share of each week's or month's leads reached a stage by which age."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Stage
from leadhub.web.parts import Column, Tab
from reporting.cohorts import AGES, STAGES, UNITS, Cell, Cohort, CohortReport, report_cohorts
from reporting.pages.asking import Asked, list_choices, read_request
from reporting.pages.findings import tell_cohorts
from reporting.pages.pictures import GRID

SHADES = 9
MOST_LINES = 5  # in one picture
# Far apart in both themes; each line has a symbol of its own as well, for whoever sees no hues.
HUES = ["blue", "orange", "teal", "pink", "amber"]
SYMBOLS = ("circle", "triangle", "diamond", "rect", "emptyCircle")


@dataclass(frozen=True, kw_only=True)
class LinkedCell:
    """A cell with the leads behind it and how dark it is painted, 0 to 9."""

    cell: Cell
    url: str
    shade: int


@dataclass(frozen=True, kw_only=True)
class LinkedCohort:
    """A cohort with the leads behind each of its numbers."""

    cohort: Cohort
    label: str
    leads_url: str
    reached_url: str
    cells: list[LinkedCell]


@require_GET
@member_view(permission="reports.view")
def cohorts(request: MemberRequest) -> HttpResponse:
    """Show the cohorts of the period."""
    asked, report = ask_cohorts(request)
    stage, unit = report.stage, report.unit
    lines = [link_cohort(cohort, report, asked) for cohort in report.cohorts]
    context = {
        **list_choices(asked),
        "report": report,
        "lines": lines,
        "whole_urls": (asked.link_leads(), asked.link_leads(reached=stage.value)),
        "picture": draw_cohorts(lines),
        "finding": tell_cohorts(report, [line.label for line in lines]),
        "columns": list_columns(unit),
        "stages": [Tab(str(each.label), asked.to_query(stage=each.value), each == stage) for each in STAGES],
        "units": [Tab(f"By {label.lower()}", asked.to_query(unit=each), each == unit) for each, label in UNITS.items()],
    }
    return render(request, "reporting/cohorts.html", context)


def ask_cohorts(request: MemberRequest) -> tuple[Asked, CohortReport]:
    """Read the question and answer it; what is unknown is the usual."""
    stage = Stage(request.GET["stage"]) if request.GET.get("stage") in STAGES else Stage.MQL
    unit = request.GET["unit"] if request.GET.get("unit") in UNITS else "week"
    asked = read_request(request, extra={"stage": stage.value, "unit": unit}, usual_days=90)
    report = report_cohorts(period=asked.period, now=asked.now, stage=stage, unit=unit, within=asked.within)
    return asked, report


def list_columns(unit: str) -> list[Column]:
    """Return the table's headers: the ages, and by now."""
    ages = [f"{age} day{'s' if age > 1 else ''}" for age in AGES]
    return [Column(UNITS[unit]), *(Column(label, align="end") for label in ("Leads", *ages, "By now"))]


def link_cohort(cohort: Cohort, report: CohortReport, asked: Asked) -> LinkedCohort:
    """Give a cohort's numbers the leads behind them."""
    days = replace(report.period, first_on=cohort.first_on, last_on=cohort.last_on)
    link, stage = replace(asked, period=days).link_leads, report.stage.value
    return LinkedCohort(
        cohort=cohort,
        label=write_cohort(cohort, report.unit),
        leads_url=link(),
        reached_url=link(reached=stage),
        cells=[
            LinkedCell(
                cell=cell,
                url=link(reached=stage, reached_within=str(cell.age_days)),
                shade=round((cell.share or 0) * SHADES),
            )
            for cell in cohort.cells
        ],
    )


def write_cohort(cohort: Cohort, unit: str) -> str:
    """Name a cohort by its days, or its month."""
    if unit == "month":
        return f"{cohort.first_on:%B %Y}"
    return f"{_write_day(cohort.first_on)} – {_write_day(cohort.last_on)}"


def _write_day(day: date) -> str:
    return f"{day.day} {day:%b}"


def draw_cohorts(lines: list[LinkedCohort]) -> dict[str, Any]:
    """Return a line a cohort, the latest that are old enough: the share that had reached the stage by each age."""
    lines = [line for line in lines if any(each.cell.share is not None for each in line.cells)][:MOST_LINES]
    ages = [age for place, age in enumerate(AGES) if any(line.cells[place].cell.share is not None for line in lines)]
    return {
        "leadhub": {"format": "percent", "hues": HUES},
        "legend": {"top": 0, "type": "scroll"},
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{age} d" for age in ages]},
        "yAxis": {"type": "value", "scale": True},
        "series": [
            {
                "name": line.label,
                "type": "line",
                "symbol": SYMBOLS[place],
                "symbolSize": 8,
                "data": [
                    None if each.cell.share is None else {"value": round(each.cell.share, 4), "url": each.url}
                    for each in line.cells[: len(ages)]
                ],
            }
            for place, line in enumerate(lines)
        ],
    }
