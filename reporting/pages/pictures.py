"""The pictures of funnel, cohorts and speed, as ECharts options that the chart component draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reporting.speed import STATES

if TYPE_CHECKING:
    from reporting.pages.funnel import LinkedStep
    from reporting.pages.speed import LinkedRow

GRID = {"left": 8, "right": 44, "top": 36, "bottom": 8, "containLabel": True}


def draw_funnel(lines: list[LinkedStep]) -> dict[str, Any]:
    """Return bars from captured to customer, beside those of the period before; each opens its leads."""
    now = [{"value": line.step.reached, "url": line.reached_url} for line in lines]
    before = [{"value": line.step.reached_before, "url": line.before_url} for line in lines]
    return {
        "legend": {"top": 0},
        "grid": GRID,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": [line.step.label for line in lines]},
        "series": [
            {"name": "This period", "type": "bar", "data": now, "label": {"show": True, "position": "right"}},
            {"name": "The period before", "type": "bar", "data": before, "itemStyle": {"opacity": 0.4}},
        ],
    }


def draw_promises(lines: list[LinkedRow]) -> dict[str, Any]:
    """Return one bar a row, parted by what became of the promises; each part opens its inquiries."""
    return {
        "legend": {"top": 0},
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
