"""The numbers on the home page: the five metrics as tiles, revenue by source, what is unusual. Called by home."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from leadhub.desk.metrics import DAYS, Reading
from leadhub.web.formatting import NOTHING, format_duration, format_money_short
from reporting.anomalies import Anomaly
from reporting.metrics import SECONDS_A_DAY, MetricNumber
from reporting.models import Metric
from reporting.pages.asking import link_leads
from reporting.periods import Period
from reporting.slices import Basis
from reporting.source_value import Row, add_numbers
from reporting.targets import TRAITS
from reporting.unusual import CostAnomaly

CHANNELS = 5
Link = Callable[[Period, str], str]  # the leads behind a metric of the period, in the organization's currency
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
    tiles = {number.metric: draw_tile(number, reading.period, currency=currency) for number in reading.numbers}
    lines = list(list_channels(reading.report.rows))
    return {
        "tiles": list(tiles.values()),
        "revenue": tiles[Metric.REVENUE],
        "anomalies": [(anomaly, link_anomaly(anomaly)) for anomaly in reading.anomalies],
        "channels": [
            (row, link_revenue(reading.period, currency, channel=channels), link_cohort(reading.period, channels))
            for row, channels in lines
        ],
        "most_revenue": max((row.numbers.sales_value for row, _ in lines), default=0),
        "currency": currency,
        "days": DAYS,
        "period": reading.period,
    }


def list_channels(rows: Sequence[Row]) -> Iterator[tuple[Row, list[str]]]:
    """Yield the channels with the most revenue, then the others as one row, so that they sum to the whole."""
    ordered = sorted(rows, key=lambda row: -row.numbers.sales_value)
    shown = ordered if len(ordered) == CHANNELS + 1 else ordered[:CHANNELS]
    for row in shown:
        yield row, [row.value]
    if rest := ordered[len(shown) :]:
        together = add_numbers(row.numbers for row in rest)
        yield Row(value="", label=f"{len(rest)} other channels", numbers=together), [row.value for row in rest]


def draw_tile(number: MetricNumber, period: Period, *, currency: str) -> Tile:
    """Write a metric for its tile."""
    unit = TRAITS[number.metric].unit
    change = write_change(number, unit)
    return Tile(
        label=str(number.metric.label),
        value=write_number(number.value, unit, currency),
        href=LINKS[number.metric](period, currency),
        change=change,
        is_good=number.is_better is not False or change.startswith("±"),
        target=write_target(number, unit, currency),
        hint=BASES[number.basis],
        series=number.trend if any(number.trend) else [],
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


def write_target(number: MetricNumber, unit: str, currency: str) -> str:
    """Write the target and whether it is reached; nothing where there is none."""
    if number.target is None:
        return ""
    reached = {True: ", reached", False: ", not reached", None: ""}[number.is_met]
    return write_number(number.target, unit, currency) + reached


def write_change(number: MetricNumber, unit: str) -> str:
    """Write the change against the period before: points of a share, else percent."""
    if number.value is None or number.before is None:
        return ""
    if unit == "share":
        points = round((number.value - number.before) * 100)
        return f"{points:+d} pt{'' if abs(points) == 1 else 's'}" if points else "±0 pts"
    if not number.before:
        return ""
    change = round((number.value - number.before) / number.before * 100)
    return f"{change:+d}%" if change else "±0%"


def link_revenue(period: Period, currency: str, channel: Sequence[str] = ()) -> str:
    """Return the leads behind revenue, of some channels or all: money in another currency is in no sum."""
    of = {"channel": channel} if channel else {}
    return link_leads({**period.to_lead_query(), **of, "value": "sales", "currency": currency})


def link_cohort(period: Period, channel: Sequence[str]) -> str:
    """Return the leads of some channels that arrived in the period."""
    return link_leads({**period.to_lead_query(), "channel": channel})


def link_own_speed(period: Period, member_id: UUID) -> dict[str, str]:
    """Return the inquiries behind each number of a member's speed."""
    mine = {**period.to_query(), "by": "owner", "value": str(member_id)}
    states = {"kept_share": "", "attempt_median": "attempted", "late_now": "late_now"}
    inquiries = reverse("speed_inquiries")
    return {name: f"{inquiries}?{urlencode({**mine, 'state': state})}" for name, state in states.items()}


def link_anomaly(anomaly: Anomaly) -> str:
    """Return what an anomaly is about: the report of what the channel cost in the last week, or its leads."""
    if anomaly.kind == CostAnomaly.kind:
        days = {"from": anomaly.first_on.isoformat(), "to": anomaly.last_on.isoformat()}
        return f"{reverse('source_value')}?{urlencode({**days, 'channel': anomaly.channel})}"
    days = {"captured_from": anomaly.first_on.isoformat(), "captured_to": anomaly.last_on.isoformat()}
    source = {"source": anomaly.source} if anomaly.source else {}
    channel = {"channel": anomaly.channel} if anomaly.channel else {}
    return link_leads({"counted": "true", **days, **channel, **source})


def _link_accepted(period: Period, _currency: str) -> str:
    days = period.to_days_query("reached")
    return link_leads({"counted": "true", "reached": "mql", **days, "answer": "accepted"})


def _link_report(name: str, **query: str) -> Link:
    return lambda period, _currency: f"{reverse(name)}?{urlencode({**period.to_query(), **query})}"


LINKS: dict[Metric, Link] = {
    Metric.LEAD_TO_MQL_RATE: lambda period, _currency: link_leads({**period.to_lead_query(), "reached": "mql"}),
    Metric.MQL_ACCEPTANCE_RATE: _link_accepted,
    Metric.FIRST_ATTEMPT_SECONDS: _link_report("speed"),
    Metric.FIRST_CONTACT_SECONDS: _link_report("speed"),
    Metric.STAGE_VELOCITY_DAYS: _link_report("funnel", basis="activity"),
    Metric.REVENUE: link_revenue,
}
