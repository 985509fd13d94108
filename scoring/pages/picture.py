"""Today's leads as points on the fit × engagement grid, with the two lines: an ECharts option."""

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse

from scoring.preview import Preview, PreviewLead
from scoring.rules import Rules

SERIES = ("Below a line", "Meet both lines", "Come in", "Drop out")


def draw_grid(*, preview: Preview, rules: Rules) -> dict[str, Any]:
    """Return the option; the lines are the first series' marks, and their values stand under `thresholds`."""
    entering = {lead.id for lead in preview.entering}
    leaving = {lead.id for lead in preview.leaving}
    groups: dict[str, list[PreviewLead]] = {name: [] for name in SERIES}
    for lead in preview.points:
        groups[_place(lead, entering, leaving, rules)].append(lead)
    engagements = [lead.engagement for lead in preview.points]
    series = [_draw_series(name, leads) for name, leads in groups.items()]
    series[0]["markLine"] = {
        "silent": True,
        "symbol": "none",
        "animation": False,
        "lineStyle": {"type": "solid", "width": 2},
        "label": {"formatter": "{b} {c}", "position": "end", "distance": 4},
        "data": [{"name": "Fit", "yAxis": rules.fit_bar}, {"name": "Engagement", "xAxis": rules.engagement_bar}],
    }
    return {
        "grid": {"left": 56, "right": 64, "top": 52, "bottom": 44},
        "legend": {"top": 4, "data": [name for name in SERIES if groups[name]]},
        "xAxis": _draw_axis("What they did lately: engagement", rules.engagement_bar, engagements),
        "yAxis": _draw_axis("Who they are: fit", rules.fit_bar, [lead.fit for lead in preview.points]),
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "series": series,
    }


def link_to_lead(lead: PreviewLead) -> str:
    """Return the lead's page, nothing where that part of the product is switched off."""
    try:
        return reverse("lead_detail", kwargs={"pk": lead.id})
    except NoReverseMatch:
        return ""


def _place(lead: PreviewLead, entering: set[Any], leaving: set[Any], rules: Rules) -> str:
    if lead.id in entering:
        return SERIES[2]
    if lead.id in leaving:
        return SERIES[3]
    return SERIES[1] if rules.are_met(fit=lead.fit, engagement=lead.engagement) else SERIES[0]


def _draw_series(name: str, leads: Iterable[PreviewLead]) -> dict[str, Any]:
    points = [
        {
            "name": f"{lead.name}: fit {lead.fit:.0f}, engagement {lead.engagement:.0f}",
            "value": [round(lead.engagement, 1), round(lead.fit, 1)],
            "url": link_to_lead(lead),
        }
        for lead in leads
    ]
    return {"type": "scatter", "name": name, "symbolSize": 9, "itemStyle": {"opacity": 0.75}, "data": points}


def _draw_axis(name: str, bar: float, values: list[float]) -> dict[str, Any]:
    """Return an axis with room beyond the line and the farthest lead."""
    farthest = max([bar * 1.6, 10.0, *values])
    return {
        "type": "value",
        "name": name,
        "nameLocation": "middle",
        "nameGap": 30,
        "min": 0,
        "max": round(farthest * 1.05 / 10 + 0.5) * 10,
    }
