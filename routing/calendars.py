"""A pool's hours and holidays as a calendar. Called by clocks and pools."""

from routing.hours import BusinessCalendar, Stretch
from routing.models import BusinessHours, Holiday, Pool

ROUND_THE_CLOCK = BusinessCalendar(time_zone="UTC")


def load_calendar(*, pool: Pool | None) -> BusinessCalendar:
    """Return when the pool works; without a pool, always. A pool without hours works round the clock."""
    if pool is None:
        return ROUND_THE_CLOCK
    rows = [] if pool.works_always else BusinessHours.objects.filter(pool=pool)
    return BusinessCalendar(
        time_zone=pool.time_zone,
        stretches=tuple(Stretch(weekday=row.weekday, opens_at=row.opens_at, closes_at=row.closes_at) for row in rows),
        holidays=frozenset(Holiday.objects.filter(pool=pool).values_list("on", flat=True)),
    )


def find_clock_pool(*, pool: Pool | None) -> Pool | None:
    """Return the pool whose business time counts: the one given, else the fallback pool."""
    return pool or Pool.objects.filter(is_fallback=True).first()
