"""The leads of the last weeks day by day and source by source: what rates, trends and anomalies are computed from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from reporting.periods import Period
from reporting.source_value import list_cohort

WEEKS = 12
WEEKS_BEFORE = 8  # that a week is held against


@dataclass(frozen=True, kw_only=True)
class DayOfSource:
    """The counted leads of one source that arrived on one day.

    `leads_then` had arrived at `as_of`, `mqls_then` were MQLs by then.
    """

    day: date
    channel: str
    source: str
    leads: int
    mqls: int
    leads_then: int
    mqls_then: int
    sales_value: Decimal


def list_days(*, period: Period, currency: str, as_of: datetime) -> list[DayOfSource]:
    """Return the days of the period with leads, by source; one statement."""
    grouped: Any = (
        list_cohort(period=period)
        .annotate(day=TruncDate("captured_at", tzinfo=period.zone))
        .values("day", "channel", "source")
        .annotate(
            leads=Count("id"),
            mqls=Count("mql_at"),
            leads_then=Count("id", filter=Q(captured_at__lt=as_of)),
            mqls_then=Count("id", filter=Q(mql_at__lt=as_of)),
            won=Sum("sales_value", filter=Q(currency=currency), default=Decimal(0)),
        )
        .order_by()
    )
    return [DayOfSource(sales_value=found.pop("won"), **found) for found in grouped]


def list_weeks(last_on: date) -> list[tuple[date, date]]:
    """Return the first and last day of the last twelve weeks, the earliest first; the last one ends on the day."""
    ends = [last_on - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    return [(end - timedelta(days=6), end) for end in ends]


def keep_days(days: Iterable[DayOfSource], first_on: date, last_on: date) -> list[DayOfSource]:
    """Return those between two days, both included."""
    return [each for each in days if first_on <= each.day <= last_on]
