"""The funnel page: how far leads come, how fast, and where they leave."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Stage
from leadhub.web.parts import Column
from reporting.funnel import FunnelReport, FunnelStep, report_funnel
from reporting.pages.asking import Asked, link_leads, list_choices, read_request
from reporting.pages.findings import tell_funnel
from reporting.pages.pictures import BAR_TOOLTIP, GRID
from reporting.slices import Basis

REACHED = [Column("Stage"), *(Column(label, align="end") for label in ("Leads", "Before", "From the step before"))]
SPEED = [Column("From all", align="end"), Column("Median time from the step before", align="end")]
PARTS = [Column("Came no further than"), *(Column(label, align="end") for label in ("Open", "Won"))]
ENDS = [Column(label, align="end") for label in ("Recycled", "Disqualified", "Total")]
# In the colour of its bar: without one ECharts outlines the words in white, which is ugly in the dark theme.
BAR_LABEL = {"show": True, "position": "right", "color": "inherit"}


@dataclass(frozen=True, kw_only=True)
class LinkedStep:
    """A step with the leads behind each of its numbers."""

    step: FunnelStep
    reached_url: str
    before_url: str
    furthest_url: str

    @property
    def change(self) -> int:
        """Return how many more or fewer reached it than in the period before."""
        return self.step.reached - self.step.reached_before

    @property
    def parts(self) -> list[tuple[int | None, str]]:
        """Return what became of those that came no further: (count, the leads behind it)."""
        step = self.step
        return [
            (step.open, f"{self.furthest_url}&is_open=true"),
            (step.won, f"{self.furthest_url}&stage=customer"),
            (step.recycled, f"{self.furthest_url}&stage=recycled"),
            (step.disqualified, f"{self.furthest_url}&stage=disqualified"),
            (sum(each or 0 for each in (step.open, step.won, step.recycled, step.disqualified)), self.furthest_url),
        ]


@require_GET
@member_view(permission="reports.view")
def funnel(request: MemberRequest) -> HttpResponse:
    """Show the stages, their conversion and speed, and where leads leave."""
    asked, report = ask_funnel(request)
    lines = [link_step(step, report, asked) for step in report.steps]
    context = {
        **list_choices(asked),
        "report": report,
        "lines": lines,
        "is_cohort": report.basis == Basis.COHORT,
        "picture": draw_funnel(lines),
        "finding": tell_funnel(report.steps, is_cohort=report.basis == Basis.COHORT),
        "columns": [*REACHED, *SPEED],
        "part_columns": [*PARTS, *ENDS],
        "totals": [sum(counts) for counts in zip(*(count_parts(line) for line in lines), strict=True)],
        "ends": link_ends(report, asked),
    }
    return render(request, "reporting/funnel.html", context)


def ask_funnel(request: MemberRequest) -> tuple[Asked, FunnelReport]:
    """Read the question and answer it."""
    asked = read_request(request)
    return asked, report_funnel(period=asked.period, now=asked.now, basis=asked.basis, within=asked.within)


def count_parts(line: LinkedStep) -> list[int]:
    """Return a step's parts as numbers."""
    return [count or 0 for count, _ in line.parts]


def link_step(step: FunnelStep, report: FunnelReport, asked: Asked) -> LinkedStep:
    """Give a step the leads behind its numbers."""
    return LinkedStep(
        step=step,
        reached_url=link_stage(step.stage, report, asked),
        before_url=link_stage_before(step.stage, report, asked),
        furthest_url=asked.link_leads(furthest=step.stage.value),
    )


def link_stage(stage: Stage, report: FunnelReport, asked: Asked) -> str:
    """Return the leads that reached a stage: those of the cohort, or those that did so in the period."""
    if report.basis == Basis.COHORT:
        return asked.link_leads(reached=stage.value)
    days = asked.period.to_days_query("reached")
    return link_leads({"counted": "true", **asked.within.to_query(), "reached": stage.value, **days})


def link_stage_before(stage: Stage, report: FunnelReport, asked: Asked) -> str:
    """Return the leads of the period before that reached the stage: by cohort, at the age of this one now."""
    before = replace(asked, period=asked.period.before())
    if report.compared_on is None:
        return link_stage(stage, report, before)
    return before.link_leads(reached=stage.value, reached_to=report.compared_on.isoformat())


def link_ends(report: FunnelReport, asked: Asked) -> list[tuple[str, int, str]]:
    """Return the ways out with their counts and leads."""
    ends = ((Stage.RECYCLED, report.recycled), (Stage.DISQUALIFIED, report.disqualified))
    if report.basis == Basis.COHORT:
        return [(str(stage.label), count, asked.link_leads(stage=stage.value)) for stage, count in ends]
    return [(str(stage.label), count, f"{link_stage(stage, report, asked)}&stage={stage}") for stage, count in ends]


def draw_funnel(lines: list[LinkedStep]) -> dict[str, Any]:
    """Return bars from captured to customer, beside the paler ones of the period before; each opens its leads."""
    now = [{"value": line.step.reached, "url": line.reached_url} for line in lines]
    before = [{"value": line.step.reached_before, "url": line.before_url} for line in lines]
    return {
        "leadhub": {"hues": ["blue", "blue"]},
        "legend": {"top": 0},
        "grid": GRID,
        "tooltip": BAR_TOOLTIP,
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": [line.step.label for line in lines]},
        "series": [
            {"name": "This period", "type": "bar", "data": now, "label": BAR_LABEL},
            {"name": "The period before", "type": "bar", "data": before, "itemStyle": {"opacity": 0.3}},
        ],
    }
