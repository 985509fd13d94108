"""What a period cost, from spend that was entered over other days. Read-only; called by the reports.

Spend is spread evenly over its days: up to its k-th of n days, floor(amount · k / n) hundredths are spent. A
period's part is the difference of two such sums, so the parts of any cut of the days add up to the amount, to the
hundredth, and no two days differ by more than one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.periods import Period
from reporting.statements import read_rows

LEVELS = ("channel", "source", "campaign")

_BY_LEVEL = """
SELECT {level}, currency = %(currency)s, count(*), sum(
    div(amount * 100 * (least(last_on, %(last)s) - first_on + 1), last_on - first_on + 1)
  - div(amount * 100 * (greatest(first_on, %(first)s) - first_on), last_on - first_on + 1)
) / 100
FROM spend
WHERE organization_id = %(organization)s AND first_on <= %(last)s AND last_on >= %(first)s {within}
GROUP BY 1, 2
"""
_BY_DAY = """
SELECT day::date, sum(
    div(amount * 100 * (day::date - first_on + 1), last_on - first_on + 1)
  - div(amount * 100 * (day::date - first_on), last_on - first_on + 1)
) / 100
FROM spend, generate_series(greatest(first_on, %(first)s), least(last_on, %(last)s), interval '1 day') AS day
WHERE organization_id = %(organization)s AND first_on <= %(last)s AND last_on >= %(first)s
  AND currency = %(currency)s {within}
GROUP BY 1
"""
_BY_WEEK = """
SELECT channel, week, sum(
    div(amount * 100 * (least(last_on, %(last)s - 7 * week) - first_on + 1), last_on - first_on + 1)
  - div(amount * 100 * (greatest(first_on, %(last)s - 7 * week - 6) - first_on), last_on - first_on + 1)
) / 100
FROM spend, generate_series(0, %(weeks)s - 1) AS week
WHERE organization_id = %(organization)s AND first_on <= %(last)s - 7 * week AND last_on >= %(last)s - 7 * week - 6
  AND currency = %(currency)s
GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a value cost in the period; None where no spend in the report's currency was entered.

    `foreign` counts the spend in other currencies, which is not summed.
    """

    amount: Decimal | None = None
    foreign: int = 0


def measure_cost(*, period: Period, currency: str, dimension: str, within: Mapping[str, str]) -> dict[str | None, Cost]:
    """Return the cost by value of the dimension; under None what was entered above that level."""
    if not _has_spend(within):
        return {}
    level = f"nullif({dimension}, '')" if dimension in LEVELS else "NULL::text"
    found: dict[str | None, Cost] = {}
    for value, is_ours, count, amount in _run(_BY_LEVEL, period, currency, within, level=level):
        former = found.get(value, Cost())
        found[value] = (
            Cost(amount=amount.quantize(Decimal("0.01")), foreign=former.foreign)
            if is_ours
            else Cost(amount=former.amount, foreign=count)
        )
    return found


def measure_daily_cost(*, period: Period, currency: str, within: Mapping[str, str]) -> dict[date, Decimal]:
    """Return the cost of each day that has any."""
    if not _has_spend(within):
        return {}
    rows = _run(_BY_DAY, period, currency, within)
    return {day: amount.quantize(Decimal("0.01")) for day, amount in rows}


def measure_weekly_cost(*, last_on: date, weeks: int, currency: str) -> dict[tuple[str, int], Decimal]:
    """Return the cost of each channel in each seven days up to a day, by (channel, weeks back)."""
    rows = read_rows(_BY_WEEK, within={}, columns={}, last=last_on, weeks=weeks, currency=currency)
    return {(channel, week): amount.quantize(Decimal("0.01")) for channel, week, amount in rows}


def _has_spend(within: Mapping[str, str]) -> bool:
    """Say whether spend can have been entered there: at a named channel, source and campaign, no deeper."""
    return all(name in LEVELS and value for name, value in within.items())


def _run(template: str, period: Period, currency: str, within: Mapping[str, str], *, level: str = "") -> list[Any]:
    days = {"first": period.first_on, "last": period.last_on}
    return read_rows(template, within=within, columns={"level": level}, currency=currency, **days)
