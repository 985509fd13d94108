"""The leads of the last weeks day by day and source by source: what rates, trends and anomalies are computed from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from leadhub.leads.models import Verdict
from reporting.periods import Period
from reporting.source_value import list_cohort

WEEKS = 12
WEEKS_BEFORE = 8  # that a week is held against


@dataclass(frozen=True, kw_only=True)
class DayOfSource:
    """The counted leads of one source that arrived on one day.

    `leads_then` had arrived at `as_of`, `mqls_then` were MQLs by then. `qualified_young` are those of the last seven
    full days and the weeks before that qualified at the age which the last seven days have now.
    """

    day: date
    channel: str
    source: str
    leads: int
    mqls: int
    leads_then: int
    mqls_then: int
    qualified_young: int
    sales_value: Decimal


def list_days(*, period: Period, currency: str, as_of: datetime, now: datetime) -> list[DayOfSource]:
    """Return the days of the period with leads, by source; one statement."""
    grouped: Any = (
        list_cohort(period=period)
        .alias(qualified_at=Coalesce("mql_at", "verdict_at"))
        .annotate(day=TruncDate("captured_at", tzinfo=period.zone))
        .values("day", "channel", "source")
        .annotate(
            leads=Count("id"),
            mqls=Count("mql_at"),
            leads_then=Count("id", filter=Q(captured_at__lt=as_of)),
            mqls_then=Count("id", filter=Q(mql_at__lt=as_of)),
            qualified_young=Count("id", filter=_is_qualified_young(last_on=period.last_on, zone=period.zone, now=now)),
            won=Sum("sales_value", filter=Q(currency=currency), default=Decimal(0)),
        )
        .order_by()
    )
    return [DayOfSource(sales_value=found.pop("won"), **found) for found in grouped]


def _is_qualified_young(*, last_on: date, zone: ZoneInfo, now: datetime) -> Q:
    """Keep who is qualified, and was when the own week was as old as the last seven full days are now.

    By the verdict of today: one that was changed since counts as it is.
    """
    week = Period(first_on=last_on - timedelta(days=7), last_on=last_on - timedelta(days=1), zone=zone)
    young = Q(captured_at__gte=week.starts_at, captured_at__lt=week.ends_at)
    as_of = now
    for _ in range(WEEKS_BEFORE):
        as_of, week = week.same_age(as_of), week.before()
        young |= Q(captured_at__gte=week.starts_at, captured_at__lt=week.ends_at, qualified_at__lt=as_of)
    return Q(verdict=Verdict.QUALIFIED) & young


def list_weeks(last_on: date) -> list[tuple[date, date]]:
    """Return the first and last day of the last twelve weeks, the earliest first; the last one ends on the day."""
    ends = [last_on - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    return [(end - timedelta(days=6), end) for end in ends]


def keep_days(days: Iterable[DayOfSource], first_on: date, last_on: date) -> list[DayOfSource]:
    """Return those between two days, both included."""
    return [each for each in days if first_on <= each.day <= last_on]
