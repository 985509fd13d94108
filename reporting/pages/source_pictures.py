"""The pictures of source and value: shares that tell why counting leads misleads, and the trend.

Each is an ECharts option that the chart component draws, and a table that says the same in words.
"""

import re
from dataclasses import dataclass
from typing import Any

from leadhub.web.parts import Column
from reporting.pages.pictures import BAR_TOOLTIP, GRID
from reporting.pages.source_query import Question
from reporting.source_value import LABELS, Numbers, Row, SourceValueReport, add_numbers
from reporting.trend import Stretch

SHARES = (("Leads", "leads"), ("Qualified", "qualified"), ("Quote value", "quote_value"), ("Sales", "sales_value"))
MOST_BARS = 8
_SITE = re.compile(r"https?://[^/?#]+")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart's option and the table of its numbers."""

    option: dict[str, Any]
    columns: list[Column]
    rows: list[list[str]]


def draw_shares(report: SourceValueReport, question: Question) -> Picture:
    """Draw each row's share of leads, of qualified leads, of quote value and of sales; the smallest as one."""
    rows = _gather([row for row in report.rows if row.is_split])
    series = [
        {
            "name": name,
            "type": "bar",
            "data": [_point(_share(row.numbers, report.total, column), row, question) for row in rows],
        }
        for name, column in SHARES
    ]
    words = [
        [row.label, *(f"{_share(row.numbers, report.total, column) * 100:.1f}%" for _, column in SHARES)]
        for row in rows
    ]
    return Picture(
        option={
            "leadhub": {"format": "percent"},
            "legend": {"top": 0, "type": "scroll"},
            "grid": {**GRID, "right": 24},
            "tooltip": BAR_TOOLTIP,
            "xAxis": {"type": "value"},
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": _write_labels(rows),
                "axisLabel": {"interval": 0, "width": 120, "overflow": "truncate"},
            },
            "series": series,
        },
        columns=[Column(LABELS[report.dimension]), *(Column(name, align="end") for name, _ in SHARES)],
        rows=words,
    )


def draw_trend(trend: list[Stretch], question: Question) -> Picture:
    """Draw leads and qualified leads over the period's days, weeks or months; each bar opens its leads."""
    days = [write_stretch(stretch) for stretch in trend]
    leads = [_day(stretch, stretch.numbers.leads, question) for stretch in trend]
    qualified = [_day(stretch, stretch.numbers.qualified, question, verdict="qualified") for stretch in trend]
    return Picture(
        option={
            "legend": {"top": 0, "type": "scroll"},
            "grid": {**GRID, "right": 8},
            "tooltip": BAR_TOOLTIP,
            "xAxis": {
                "type": "category",
                "data": days,
                "axisLabel": {"alignMinLabel": "left", "alignMaxLabel": "right"},
            },
            "yAxis": {"type": "value", "minInterval": 1},
            "series": [
                {"name": "Leads", "type": "bar", "barGap": "-100%", "itemStyle": {"opacity": 0.35}, "data": leads},
                {"name": "Qualified", "type": "bar", "data": qualified},
            ],
        },
        columns=[
            Column("Day" if _is_daily(trend) else "From"),
            Column("Leads", align="end"),
            Column("Qualified", align="end"),
        ],
        rows=[
            [day, f"{each.numbers.leads:,}", f"{each.numbers.qualified:,}"]
            for day, each in zip(days, trend, strict=True)
        ],
    )


def write_stretch(stretch: Stretch) -> str:
    """Write a stretch of days: its only day, or its first and last."""
    first, last = stretch.first_on, stretch.last_on
    return f"{first.day} {first:%b}" if first == last else f"{first.day} {first:%b} – {last.day} {last:%b}"


def _is_daily(trend: list[Stretch]) -> bool:
    return all(stretch.first_on == stretch.last_on for stretch in trend)


def _day(stretch: Stretch, count: int, question: Question, **filters: str) -> dict[str, Any]:
    days = {"captured_from": stretch.first_on.isoformat(), "captured_to": stretch.last_on.isoformat()}
    url = question.link_leads(question.within, **days, **filters)
    return {"value": count, "url": url}


def _point(share: float, row: Row, question: Question) -> dict[str, Any]:
    if not row.is_split:
        return {"value": share}
    return {"value": share, "url": question.link_leads({**question.within, question.dimension: row.value})}


def _gather(rows: list[Row]) -> list[Row]:
    if len(rows) <= MOST_BARS:
        return rows
    rest = rows[MOST_BARS - 1 :]
    numbers = add_numbers(row.numbers for row in rest)
    others = Row(value="", label=f"Others ({len(rest)})", numbers=numbers, is_split=False)
    return [*rows[: MOST_BARS - 1], others]


def _share(numbers: Numbers, total: Numbers, column: str) -> float:
    whole = getattr(total, column)
    return round(float(getattr(numbers, column) / whole), 4) if whole else 0.0


def _write_labels(rows: list[Row]) -> list[str]:
    """Return what stands beside the bars: pages of one site by their paths, which alone tell them apart."""
    sites = {found[0] for row in rows if (found := _SITE.match(row.label))}
    site = sites.pop() if len(sites) == 1 else ""
    return [_cut(row.label.removeprefix(site) or "/") for row in rows]


def _cut(label: str) -> str:
    return label if len(label) <= 24 else f"{label[:23]}…"
