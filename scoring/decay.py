"""Exponential decay in closed form (ADR 31), in Python and as SQL. Pure: no clock, no queries.

E(t) = Σ points_i · 2^(−(t − t_i)/h). Kept as (E, as_of), the value at any later instant is one multiplication,
and the instant it falls to a line is known: as_of + h · log2(E / line).
"""

import math
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, F, FloatField, Func, Value
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Greatest, Least, Power

# 2^-1000 is still a double, 2^-1100 an underflow, which PostgreSQL refuses.
MAX_HALF_LIVES = 1000.0
# Nobody looks further ahead: what is still warm then is looked at again.
MAX_COOLING = timedelta(days=3650)
# After the instant that the formula tells: at `cools_at` engagement is below the line whatever the last digits say.
MARGIN = timedelta(milliseconds=1)
_DAY_SECONDS = 86400.0


def half_lives_between(*, since: datetime, until: datetime, half_life_days: float) -> float:
    """Return how many half-lives passed, 0 for an instant that is still to come."""
    seconds = max((until - since).total_seconds(), 0.0)
    return min(seconds / _DAY_SECONDS / half_life_days, MAX_HALF_LIVES)


def decay(*, points: float, since: datetime, until: datetime, half_life_days: float) -> float:
    """Return what is left of the points."""
    half_lives = half_lives_between(since=since, until=until, half_life_days=half_life_days)
    return float(points * 0.5**half_lives)


def add_points(
    *, engagement: float, as_of: datetime, points: float, occurred_at: datetime, now: datetime, half_life_days: float
) -> tuple[float, datetime]:
    """Return the engagement with the points of one more event, and the instant it is of: the later of both."""
    later = max(as_of, now)
    kept = decay(points=engagement, since=as_of, until=later, half_life_days=half_life_days)
    added = decay(points=points, since=occurred_at, until=later, half_life_days=half_life_days)
    return kept + added, later


def find_cooling(*, engagement: float, as_of: datetime, line: float, half_life_days: float) -> datetime | None:
    """Return when the engagement falls below the line, in ten years at the latest; None where it is below already.

    The line is above 0 (`points.find_line`).
    """
    if engagement < line:
        return None
    days = half_life_days * math.log2(engagement / line)
    return as_of + min(timedelta(days=days) + MARGIN, MAX_COOLING)


class Seconds(Func):
    """The seconds of an interval as a double."""

    template = "date_part('epoch', %(expressions)s)"
    output_field = FloatField()


def engagement_at(moment: datetime, *, path: str = "live_score") -> Combinable:
    """Return the engagement at an instant in SQL, for leads; NULL for one that was never scored."""
    now = Value(moment, output_field=DateTimeField())
    age = Greatest(Seconds(now - F(f"{path}__as_of")), Value(0.0))
    half_lives = Least(age / Value(_DAY_SECONDS) / F(f"{path}__half_life_days"), Value(MAX_HALF_LIVES))
    value: Any = F(f"{path}__engagement") * Power(Value(0.5), half_lives)
    return ExpressionWrapper(value, output_field=FloatField())
