"""Source and value: which marketing makes qualified, valuable leads, and what it cost. Read-only.

Counts leads by cohort, the day their opening inquiry arrived (ADR 55): `not_a_lead` and tests are in no count, the
quote value is summed over qualified leads only. Money in other currencies than the organization's is left out of the
sums and counted: leads as `foreign_currency`, spend as `foreign_spend`. One statement reads the leads, one the spend;
two more read the earlier cohort that a report is compared with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from leadhub.leads.models import OPEN_STAGES, Channel, Lead, Verdict
from reporting.cost import Cost, measure_cost
from reporting.earlier_cohorts import measure_former
from reporting.periods import Period

# How the table drills: each level groups by its column within the levels above.
DIMENSIONS = ("channel", "source", "campaign", "term", "landing_page")
LABELS = {
    "channel": "Channel",
    "source": "Source",
    "campaign": "Campaign",
    "term": "Keyword",
    "landing_page": "Landing page",
}
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The figures of one row or of the whole; a cost of None is "no cost", not nothing spent."""

    leads: int = 0
    qualified: int = 0
    still_open: int = 0
    quote_value: Decimal = ZERO
    pipeline_value: Decimal = ZERO
    sales_value: Decimal = ZERO
    foreign_currency: int = 0
    cost: Decimal | None = None
    foreign_spend: int = 0

    @property
    def qualified_rate(self) -> float | None:
        """Return qualified ÷ leads, or None where there are no leads."""
        return self.qualified / self.leads if self.leads else None

    @property
    def cost_per_lead(self) -> Decimal | None:
        """Return cost ÷ leads in hundredths, or None without either."""
        return _divide(self.cost, self.leads)

    @property
    def cost_per_qualified_lead(self) -> Decimal | None:
        """Return cost ÷ qualified leads in hundredths, or None without either."""
        return _divide(self.cost, self.qualified)

    @property
    def roas(self) -> Decimal | None:
        """Return sales ÷ cost (return on ad spend) in hundredths, or None where nothing was spent."""
        return _divide(self.sales_value, self.cost) if self.cost else None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value of the dimension; an empty value is what is not known.

    `is_split` is False for the row of spend that was entered above this level: it belongs to no value of it.
    `before` is what the earlier cohort had at the same age, where the report compares.
    """

    value: str
    label: str
    numbers: Numbers
    before: Numbers | None = None
    is_split: bool = True


@dataclass(frozen=True, kw_only=True)
class SourceValueReport:
    """The rows, most valuable first, and their total; compared with `former` where that is given."""

    dimension: str
    period: Period
    currency: str
    rows: list[Row]
    total: Numbers
    before: Numbers | None = None
    former: Period | None = None
    as_of: datetime | None = None


def report_source_value(
    *,
    period: Period,
    currency: str,
    dimension: str = "channel",
    within: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> SourceValueReport:
    """Report the period's leads by the dimension, within chosen values of the levels above.

    With `now` it is compared with the same number of days before, each lead at the age it has now.
    """
    chosen = dict(within or {})
    current = _measure_rows(period=period, currency=currency, dimension=dimension, within=chosen)
    if now is None:
        rows = [_build_row(dimension, value, numbers, None) for value, numbers in current.items()]
        return SourceValueReport(
            dimension=dimension, period=period, currency=currency, rows=_sort(rows), total=add_numbers(current.values())
        )
    former, as_of = period.before(), period.same_age(now)
    earlier = _measure_former_rows(period=former, as_of=as_of, currency=currency, dimension=dimension, within=chosen)
    rows = [
        _build_row(dimension, value, current.get(value, Numbers()), earlier.get(value, Numbers()))
        for value in {**current, **earlier}
    ]
    return SourceValueReport(
        dimension=dimension,
        period=period,
        currency=currency,
        rows=_sort(rows),
        total=add_numbers(current.values()),
        before=add_numbers(earlier.values()),
        former=former,
        as_of=as_of,
    )


def list_counted() -> QuerySet[Lead]:
    """Return the leads that reports count: neither tests nor what is not a lead."""
    return Lead.objects.counted().filter(is_test=False)


def list_cohort(*, period: Period) -> QuerySet[Lead]:
    """Return the leads that reports count whose opening inquiry arrived in the period."""
    return list_counted().filter(captured_at__gte=period.starts_at, captured_at__lt=period.ends_at)


def measure_leads(groups: Any, *, currency: str) -> Any:
    """Return the groups (`queryset.values(…)`) with the figures that leads give."""
    ours, qualified = Q(currency=currency), Q(verdict=Verdict.QUALIFIED)
    has_value = Q(quote_value__gt=0) | Q(pipeline_value__gt=0) | Q(sales_value__gt=0)
    counted = groups.annotate(
        leads=Count("id"),
        qualified=Count("id", filter=qualified),
        still_open=Count("id", filter=Q(stage__in=OPEN_STAGES)),
        foreign_currency=Count("id", filter=~ours & has_value),
    )
    # Apart, since these sums take the names of the columns that the filters above read.
    return counted.annotate(
        quote_value=Sum("quote_value", filter=ours & qualified, default=ZERO),
        pipeline_value=Sum("pipeline_value", filter=ours, default=ZERO),
        sales_value=Sum("sales_value", filter=ours, default=ZERO),
    ).order_by()


def add_numbers(parts: Iterable[Numbers]) -> Numbers:
    """Return the sum; the cost is None where no part has one."""
    kept = list(parts)
    nothing: Any = Numbers()
    names = [field.name for field in fields(Numbers) if field.name != "cost"]
    sums = {name: sum((getattr(part, name) for part in kept), getattr(nothing, name)) for name in names}
    costs = [part.cost for part in kept if part.cost is not None]
    return Numbers(**sums, cost=sum(costs, ZERO) if costs else None)


def _measure_rows(
    *, period: Period, currency: str, dimension: str, within: Mapping[str, str]
) -> dict[str | None, Numbers]:
    groups = list_cohort(period=period).filter(**within).values(dimension)
    found = {each.pop(dimension): each for each in measure_leads(groups, currency=currency)}
    return _add_costs(found, measure_cost(period=period, currency=currency, dimension=dimension, within=within))


def _measure_former_rows(
    *, period: Period, as_of: datetime, currency: str, dimension: str, within: Mapping[str, str]
) -> dict[str | None, Numbers]:
    found = measure_former(period=period, as_of=as_of, currency=currency, dimension=dimension, within=within)
    return _add_costs(found, measure_cost(period=period, currency=currency, dimension=dimension, within=within))


def _add_costs(found: Mapping[str, dict[str, Any]], costs: Mapping[str | None, Cost]) -> dict[str | None, Numbers]:
    """Join leads and spend: spend on what has no leads is a row of its own, and so is what was entered above."""
    numbers: dict[str | None, Numbers] = {}
    values: list[str | None] = [*found, *(value for value in costs if value is None or value not in found)]
    for value in values:
        cost = costs.get(value, Cost())
        figures = {} if value is None else found.get(value, {})
        numbers[value] = Numbers(**figures, cost=cost.amount, foreign_spend=cost.foreign)
    return numbers


def _build_row(dimension: str, value: str | None, numbers: Numbers, before: Numbers | None) -> Row:
    if value is None:
        label = f"Spend not split by {LABELS[dimension].lower()}"
        return Row(value="", label=label, numbers=numbers, before=before, is_split=False)
    label = str(Channel(value).label) if dimension == "channel" else value or "Unknown"
    return Row(value=value, label=label, numbers=numbers, before=before)


def _sort(rows: list[Row]) -> list[Row]:
    return sorted(
        rows,
        key=lambda row: (
            not row.is_split,
            -row.numbers.sales_value,
            -row.numbers.quote_value,
            -row.numbers.leads,
            -(row.numbers.cost or ZERO),
            row.label,
        ),
    )


def _divide(amount: Decimal | None, count: int | Decimal | None) -> Decimal | None:
    return (amount / count).quantize(Decimal("0.01")) if amount is not None and count else None
