"""The same figures day by day, for the trend picture and the tiles' sparklines. Two statements.

The days are those of the cohort, so that the trend's parts add up to the table's total; longer periods are folded
into weeks or months, which begin where the period does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.functions import TruncDate

from reporting.cost import measure_daily_cost
from reporting.periods import Period, find_next_month
from reporting.source_value import Numbers, add_numbers, list_cohort, measure_leads

MOST_DAYS, MOST_WEEKS = 62, 62 * 7


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A day, week or month of the period, and its figures."""

    first_on: date
    last_on: date
    numbers: Numbers


def read_trend(*, period: Period, currency: str, within: Mapping[str, str]) -> list[Stretch]:
    """Return the period's stretches in order, without a gap."""
    days = list_cohort(period=period).filter(**within).annotate(day=TruncDate("captured_at", tzinfo=period.zone))
    leads = {found.pop("day"): found for found in measure_leads(days.values("day"), currency=currency)}
    costs = measure_daily_cost(period=period, currency=currency, within=within)
    return [
        Stretch(
            first_on=first_on,
            last_on=last_on,
            numbers=add_numbers(Numbers(**leads.get(day, {}), cost=costs.get(day)) for day in _days(first_on, last_on)),
        )
        for first_on, last_on in cut_period(period)
    ]


def cut_period(period: Period) -> list[tuple[date, date]]:
    """Return the first and last day of each stretch: days, weeks or months by the period's length."""
    cuts = []
    first_on = period.first_on
    while first_on <= period.last_on:
        last_on = min(_end_stretch(first_on, days=period.days), period.last_on)
        cuts.append((first_on, last_on))
        first_on = last_on + timedelta(days=1)
    return cuts


def _end_stretch(first_on: date, *, days: int) -> date:
    if days <= MOST_DAYS:
        return first_on
    if days <= MOST_WEEKS:
        return first_on + timedelta(days=6)
    return find_next_month(first_on) - timedelta(days=1)


def _days(first_on: date, last_on: date) -> list[date]:
    return [first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1)]
