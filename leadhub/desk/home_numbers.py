"""The numbers on the home page: the five metrics as tiles, revenue by source, what is unusual. Called by home."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from leadhub.desk.metrics import DAYS, Reading
from leadhub.web.formatting import NOTHING, format_duration, format_money_short
from reporting.anomalies import Anomaly
from reporting.metrics import MetricNumber
from reporting.models import Metric
from reporting.periods import Period
from reporting.slices import Basis
from reporting.source_value import Row
from reporting.targets import TRAITS

SOURCES = 5
SECONDS_A_DAY = 86_400
BASES = {Basis.COHORT: "by arrival", Basis.ACTIVITY: "by day of the step"}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One metric as drawn, with where its leads are."""

    label: str
    value: str
    href: str
    change: str
    is_good: bool
    target: str
    hint: str
    series: list[float]
    meaning: str


def draw_numbers(reading: Reading, *, currency: str) -> dict[str, Any]:
    """Return what the page shows of the reading."""
    rows = sorted(reading.report.rows, key=lambda row: -row.numbers.sales_value)[:SOURCES]
    return {
        "tiles": [draw_tile(number, reading.period, currency=currency) for number in reading.numbers],
        "anomalies": [(anomaly, link_anomaly(anomaly)) for anomaly in reading.anomalies],
        "channels": [(row, link_channel(row, reading.period)) for row in rows],
        "most_revenue": max((row.numbers.sales_value for row in rows), default=0),
        "currency": currency,
        "days": DAYS,
        "period": reading.period,
    }


def draw_tile(number: MetricNumber, period: Period, *, currency: str) -> Tile:
    """Write a metric for its tile."""
    unit = TRAITS[number.metric].unit
    return Tile(
        label=str(number.metric.label),
        value=write_number(number.value, unit, currency),
        href=LINKS[number.metric](period),
        change=write_change(number, unit),
        is_good=number.is_better is not False,
        target=write_number(number.target, unit, currency) if number.target is not None else "",
        hint=BASES[number.basis] + {True: ", reached", False: ", not reached", None: ""}[number.is_met],
        series=number.trend,
        meaning=number.meaning,
    )


def write_number(value: float | None, unit: str, currency: str) -> str:
    """Write a value in its unit."""
    if value is None:
        return NOTHING
    if unit == "share":
        return f"{value:.0%}"
    if unit == "money":
        return format_money_short(value, currency)
    return format_duration(value * (SECONDS_A_DAY if unit == "days" else 1))


def write_change(number: MetricNumber, unit: str) -> str:
    """Write the change against the period before: points of a share, else percent."""
    if number.value is None or number.before is None:
        return ""
    if unit == "share":
        points = round((number.value - number.before) * 100)
        return f"{points:+d} pts" if points else "±0 pts"
    if not number.before:
        return ""
    change = round((number.value - number.before) / number.before * 100)
    return f"{change:+d}%" if change else "±0%"


def link_channel(row: Row, period: Period) -> str:
    """Return the leads behind a channel's revenue."""
    return _link_leads({**period.to_lead_query(), "channel": row.value, "value": "sales"})


def link_anomaly(anomaly: Anomaly) -> str:
    """Return the leads of the last week that an anomaly is about."""
    days = {"captured_from": anomaly.first_on.isoformat(), "captured_to": anomaly.last_on.isoformat()}
    source = {"source": anomaly.source} if anomaly.source else {}
    channel = {"channel": anomaly.channel} if anomaly.channel else {}
    return _link_leads({"counted": "true", **days, **channel, **source})


def _link_leads(filters: dict[str, str]) -> str:
    return f"{reverse('lead_list')}?{urlencode(filters)}"


def _link_accepted(period: Period) -> str:
    days = {"reached_from": period.first_on.isoformat(), "reached_to": period.last_on.isoformat()}
    return _link_leads({"counted": "true", "reached": "mql", **days, "answer": "accepted"})


def _link_report(name: str, **query: str) -> Callable[[Period], str]:
    return lambda period: f"{reverse(name)}?{urlencode({**period.to_query(), **query})}"


LINKS: dict[Metric, Callable[[Period], str]] = {
    Metric.LEAD_TO_MQL_RATE: lambda period: _link_leads({**period.to_lead_query(), "reached": "mql"}),
    Metric.MQL_ACCEPTANCE_RATE: _link_accepted,
    Metric.FIRST_ATTEMPT_SECONDS: _link_report("speed"),
    Metric.FIRST_CONTACT_SECONDS: _link_report("speed"),
    Metric.STAGE_VELOCITY_DAYS: _link_report("funnel", basis="activity"),
    Metric.REVENUE: lambda period: _link_leads({**period.to_lead_query(), "value": "sales"}),
}
