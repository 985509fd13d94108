"""The replay as a picture: how many leads flow from each rule to whom. Drawn by the rules pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from routing.rule_preview import RuleCount


def draw_flow(counts: list[RuleCount], *, names: Mapping[UUID, str]) -> dict[str, Any] | None:
    """Return an ECharts sankey from rules to people; None where nothing flowed."""
    links = [
        {"source": name_rule(index, count), "target": names[member], "value": leads}
        for index, count in enumerate(counts)
        for member, leads in count.shares.items()
    ]
    if not links:
        return None
    rules = {link["source"] for link in links}
    nodes = list(dict.fromkeys([*(link["source"] for link in links), *(link["target"] for link in links)]))
    return {
        "animation": False,
        "leadhub": {"hues": ["blue", "teal"]},  # nodes are shaded between these by what flows through: red says "late"
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey",
                "nodeAlign": "justify",
                "nodeGap": 14,
                "nodeWidth": 12,
                "draggable": False,
                "left": 4,
                "right": 130,
                "top": 8,
                "bottom": 8,
                "label": {"textBorderWidth": 0, "overflow": "truncate", "width": 120},
                "lineStyle": {"color": "gradient", "opacity": 0.35},
                "data": [
                    {"name": name, "label": {"width": 180}} if name in rules else {"name": name} for name in nodes
                ],
                "links": links,
            }
        ],
    }


def name_rule(index: int, count: RuleCount) -> str:
    """Return what the picture calls a rule: never what it calls a person."""
    last = "Every other lead" if index else "Every lead"
    return f"{index + 1}. {count.rule.name}" if count.rule else last
