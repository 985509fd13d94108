"""The report's pictures, as ECharts options that the chart component draws."""

from typing import Any

from reporting.source_value import Numbers, SourceValueReport

# Why counting leads misleads: the three shares side by side.
SHARES = (("Leads", "leads"), ("Qualified", "qualified"), ("Quote value", "quote_value"), ("Sales", "sales_value"))
MAX_BARS = 8


def draw_shares(report: SourceValueReport) -> dict[str, Any]:
    """Return a bar chart of each row's share of leads, of qualified leads, of quote value and of sales."""
    rows = report.rows[:MAX_BARS]
    return {
        "leadhub": {"format": "percent"},
        "legend": {"top": 0},
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [row.label for row in rows]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": name,
                "type": "bar",
                "data": [_share(row.numbers, report.total, column) for row in rows],
            }
            for name, column in SHARES
        ],
    }


def _share(numbers: Numbers, total: Numbers, column: str) -> float:
    whole = getattr(total, column)
    return round(float(getattr(numbers, column) / whole), 4) if whole else 0.0
