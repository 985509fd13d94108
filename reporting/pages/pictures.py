"""The pictures of funnel, cohorts and speed, as ECharts options that the chart component draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reporting.cohorts import AGES
from reporting.speed import STATES

if TYPE_CHECKING:
    from reporting.pages.cohorts import LinkedCohort
    from reporting.pages.funnel import LinkedStep
    from reporting.pages.lost import LinkedRow as LostLine
    from reporting.pages.speed import LinkedRow

MAX_LINES = 8
# In the colour of its bar: without one ECharts outlines the words in white, which the dark theme turns ugly.
LABEL = {"show": True, "position": "right", "color": "inherit"}
GRID = {"left": 8, "right": 44, "top": 36, "bottom": 8, "containLabel": True}


def draw_funnel(lines: list[LinkedStep]) -> dict[str, Any]:
    """Return bars from captured to customer, beside the paler ones of the period before; each opens its leads."""
    now = [{"value": line.step.reached, "url": line.reached_url} for line in lines]
    before = [{"value": line.step.reached_before, "url": line.before_url} for line in lines]
    return {
        "leadhub": {"hues": ["blue", "blue"]},
        "legend": {"top": 0},
        "grid": GRID,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": [line.step.label for line in lines]},
        "series": [
            {"name": "This period", "type": "bar", "data": now, "label": LABEL},
            {"name": "The period before", "type": "bar", "data": before, "itemStyle": {"opacity": 0.3}},
        ],
    }


def draw_promises(lines: list[LinkedRow]) -> dict[str, Any]:
    """Return one bar a row, parted by what became of the promises; each part opens its inquiries."""
    return {
        "leadhub": {"hues": ["green", "amber", "red", "blue"]},
        "legend": {"top": 0, "type": "scroll"},
        "grid": GRID,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": [line.row.label for line in lines]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": label,
                "type": "bar",
                "stack": "promises",
                "data": [
                    {"value": getattr(line.row.numbers, state), "url": f"{line.url}&state={state}"} for line in lines
                ],
            }
            for state, label in STATES.items()
        ],
    }


def draw_cohorts(lines: list[LinkedCohort]) -> dict[str, Any]:
    """Return a line a cohort, the latest that are old enough: the share that had reached the stage by each age."""
    lines = [line for line in lines if any(each.cell.share is not None for each in line.cells)]
    ages = [age for place, age in enumerate(AGES) if any(line.cells[place].cell.share is not None for line in lines)]
    return {
        "leadhub": {"format": "percent"},
        "legend": {"top": 0, "type": "scroll"},
        "grid": GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{age} d" for age in ages]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": line.label,
                "type": "line",
                "symbol": "circle",
                "symbolSize": 6,
                "data": [
                    None if each.cell.share is None else {"value": round(each.cell.share, 4), "url": each.url}
                    for each in line.cells[: len(ages)]
                ],
            }
            for line in lines[:MAX_LINES]
        ],
    }


def draw_losses(lines: list[LostLine], currency: str) -> dict[str, Any]:
    """Return what each row's lost leads were worth, the most first; each bar opens its leads."""
    lines = sorted(lines, key=lambda line: -line.row.worth)
    worth = [{"value": float(line.row.worth), "url": line.url} for line in lines]
    return {
        "leadhub": {"format": "money", "currency": currency},
        "grid": {**GRID, "top": 8},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "axisLabel": {"hideOverlap": True}},
        "yAxis": {"type": "category", "inverse": True, "data": [line.row.label for line in lines]},
        "series": [{"name": "Value lost", "type": "bar", "data": worth}],
    }
