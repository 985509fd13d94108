"""Source and value: which marketing makes qualified, valuable leads. Read-only; one statement a table.

Counts leads by cohort, the day their opening inquiry arrived (DESIGN section 6): `not_a_lead` and tests are in
no count, the quote value is summed over qualified leads only. Money in other currencies than the
organization's is left out of the sums and counted as `foreign_currency`.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from leadhub.leads.models import Channel, Lead, Verdict
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
    """The figures of one row or of the whole."""

    leads: int = 0
    qualified: int = 0
    quote_value: Decimal = ZERO
    pipeline_value: Decimal = ZERO
    sales_value: Decimal = ZERO
    foreign_currency: int = 0

    @property
    def qualified_rate(self) -> float | None:
        """Return qualified ÷ leads, or None where there are no leads."""
        return self.qualified / self.leads if self.leads else None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value of the dimension; an empty value is what is not known."""

    value: str
    label: str
    numbers: Numbers


@dataclass(frozen=True, kw_only=True)
class SourceValueReport:
    """The rows, most valuable first, and their total."""

    dimension: str
    period: Period
    currency: str
    rows: list[Row]
    total: Numbers


def report_source_value(
    *, period: Period, currency: str, dimension: str = "channel", within: dict[str, str] | None = None
) -> SourceValueReport:
    """Report the period's leads by the dimension, within chosen values of the levels above."""
    leads = list_cohort(period=period).filter(**(within or {}))
    grouped = _measure(leads.values(dimension), currency=currency)
    rows = [_read_row(found, dimension) for found in grouped]
    rows.sort(key=lambda row: (-row.numbers.sales_value, -row.numbers.quote_value, -row.numbers.leads, row.label))
    return SourceValueReport(
        dimension=dimension, period=period, currency=currency, rows=rows, total=_add([row.numbers for row in rows])
    )


def list_cohort(*, period: Period) -> QuerySet[Lead]:
    """Return the leads that reports count whose opening inquiry arrived in the period."""
    return Lead.objects.counted().filter(
        captured_at__gte=period.starts_at, captured_at__lt=period.ends_at, is_test=False
    )


def _measure(groups: Any, *, currency: str) -> Any:
    ours, qualified = Q(currency=currency), Q(verdict=Verdict.QUALIFIED)
    has_value = Q(quote_value__gt=0) | Q(pipeline_value__gt=0) | Q(sales_value__gt=0)
    counted = groups.annotate(
        leads=Count("id"),
        qualified=Count("id", filter=qualified),
        foreign_currency=Count("id", filter=~ours & has_value),
    )
    # Apart, since these sums take the names of the columns that the filters above read.
    return counted.annotate(
        quote_value=_sum("quote_value", ours & qualified),
        pipeline_value=_sum("pipeline_value", ours),
        sales_value=_sum("sales_value", ours),
    ).order_by()


def _sum(column: str, condition: Q) -> Any:
    zero = Value(ZERO, output_field=DecimalField(max_digits=20, decimal_places=2))
    return Coalesce(Sum(column, filter=condition), zero)


def _read_row(found: dict[str, Any], dimension: str) -> Row:
    value = found.pop(dimension)
    return Row(value=value, label=_label(dimension, value), numbers=Numbers(**found))


def _label(dimension: str, value: str) -> str:
    if dimension == "channel":
        return str(Channel(value).label)
    return value or "Unknown"


def _add(parts: list[Numbers]) -> Numbers:
    return Numbers(**{field.name: sum((getattr(part, field.name) for part in parts), 0) for field in fields(Numbers)})
