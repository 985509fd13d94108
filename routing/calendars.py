"""A pool's hours and holidays as a calendar. Called by clocks and pools."""

from django.db.models import prefetch_related_objects

from routing.hours import BusinessCalendar, Stretch
from routing.models import Pool

ROUND_THE_CLOCK = BusinessCalendar(time_zone="UTC")


def load_calendar(*, pool: Pool | None) -> BusinessCalendar:
    """Return when the pool works; without a pool, always. A pool without hours works round the clock.

    An instance is asked for its hours and holidays once.
    """
    if pool is None:
        return ROUND_THE_CLOCK
    prefetch_related_objects([pool], *(["holidays"] if pool.works_always else ["holidays", "hours"]))
    rows = [] if pool.works_always else pool.hours.all()
    return BusinessCalendar(
        time_zone=pool.time_zone,
        stretches=tuple(Stretch(weekday=row.weekday, opens_at=row.opens_at, closes_at=row.closes_at) for row in rows),
        holidays=frozenset(holiday.on for holiday in pool.holidays.all()),
    )


def find_clock_pool(*, pool: Pool | None) -> Pool | None:
    """Return the pool whose business time counts: the one given, else the fallback pool."""
    return pool or Pool.objects.filter(is_fallback=True).first()
