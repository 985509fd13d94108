"""The five tiles above source and value: the number, its change at equal age, its target, its days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from leadhub.web.formatting import NOTHING, format_money_short
from reporting.models import Metric
from reporting.pages.source_query import Question
from reporting.pages.source_table import compare
from reporting.source_value import Numbers, SourceValueReport
from reporting.targets import TRAITS
from reporting.trend import Stretch


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One number as drawn."""

    label: str
    value: str
    href: str = ""
    change: str = ""
    is_good: bool = True
    target: str = ""
    hint: str = ""
    series: list[float] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Kind:
    metric: Metric
    read: Callable[[Numbers], Any]
    hint: str
    filters: dict[str, str]


_QUALIFIED = {"verdict": "qualified"}
KINDS = (
    _Kind(metric=Metric.QUALIFIED_LEADS, read=lambda of: of.qualified, hint="", filters=_QUALIFIED),
    _Kind(
        metric=Metric.QUOTE_VALUE,
        read=lambda of: of.quote_value,
        hint="of qualified leads",
        filters={**_QUALIFIED, "value": "quote"},
    ),
    _Kind(metric=Metric.PIPELINE, read=lambda of: of.pipeline_value, hint="open deals", filters={"value": "pipeline"}),
    _Kind(metric=Metric.REVENUE, read=lambda of: of.sales_value, hint="won deals", filters={"value": "sales"}),
    _Kind(
        metric=Metric.COST_PER_QUALIFIED_LEAD,
        read=lambda of: of.cost_per_qualified_lead,
        hint="all spend ÷ all qualified",
        filters=_QUALIFIED,
    ),
)


def list_tiles(
    report: SourceValueReport, question: Question, *, trend: list[Stretch], targets: Mapping[Metric, Decimal]
) -> list[Tile]:
    """Return the tiles; targets are the organization's, so they stand only where nothing is chosen."""
    return [
        _draw_tile(kind, report, question, trend, None if question.within else targets.get(kind.metric))
        for kind in KINDS
    ]


def _draw_tile(
    kind: _Kind, report: SourceValueReport, question: Question, trend: list[Stretch], target: Decimal | None
) -> Tile:
    trait, number = TRAITS[kind.metric], kind.read(report.total)
    change = compare(number, kind.read(report.before)) if report.before else ""
    money = {"currency": question.currency} if "value" in kind.filters else {}
    return Tile(
        label=str(kind.metric.label),
        value=_write(kind, number, question.currency),
        href=question.link_leads(question.within, **kind.filters, **money),
        change=change,
        is_good=change.startswith("-") == trait.is_lower_better or change == "±0%",
        target=_write_target(kind, number, target, question.currency),
        hint=kind.hint,
        series=[float(kind.read(each.numbers) or 0) for each in trend],
    )


def _write_target(kind: _Kind, number: Any, target: Decimal | None, currency: str) -> str:
    """Write the target and how much of it is reached."""
    if not target:
        return ""
    is_count = TRAITS[kind.metric].unit != "money"
    words = _write(kind, target.to_integral_value(ROUND_CEILING) if is_count else target, currency)
    if number is None:
        return words
    if TRAITS[kind.metric].is_lower_better:
        return f"{words}, {'met' if number <= target else 'missed'}"
    return f"{words}, {float(number) / float(target) * 100:.0f}% reached"


def _write(kind: _Kind, number: Any, currency: str) -> str:
    if number is None:
        return "No cost" if kind.metric == Metric.COST_PER_QUALIFIED_LEAD else NOTHING
    if TRAITS[kind.metric].unit == "money":
        return format_money_short(number, currency)
    return f"{float(number):,.0f}"
