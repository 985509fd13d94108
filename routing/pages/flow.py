"""The replay as a picture: how many leads flow from each rule to whom. Drawn by the rules page."""

from typing import Any

Stream = tuple[str, str, int]


def draw_flow(streams: list[Stream]) -> dict[str, Any]:
    """Return an ECharts sankey of (rule, target, leads); empty streams are left out."""
    flowing = [stream for stream in streams if stream[2]]
    # The blank keeps a rule apart from a target of the same name.
    rules = list(dict.fromkeys(f"{rule} " for rule, _, _ in flowing))
    targets = list(dict.fromkeys(target for _, target, _ in flowing))
    return {
        "animation": False,
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
                "data": [{"name": name} for name in [*rules, *targets]],
                "links": [{"source": f"{rule} ", "target": target, "value": leads} for rule, target, leads in flowing],
            }
        ],
    }
