"""What the pictures of the reports share: ECharts options that the chart component draws."""

from typing import Any

# Room for the legend above and for the words beside the bars.
GRID: dict[str, Any] = {"left": 8, "right": 44, "top": 36, "bottom": 8, "containLabel": True}
# Points at a bar with all that it stands for.
BAR_TOOLTIP: dict[str, Any] = {"trigger": "axis", "axisPointer": {"type": "shadow"}}
