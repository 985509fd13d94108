"""The clock that a worker goes by: its own, or the database's where the two disagree. Called by the Celery tasks.

Leases and due dates of all workers meet in one table. One whose clock ran ahead would do jobs before they are due and,
when it died, leave claims that nobody may take for as long; one whose clock ran behind would have its jobs taken away.
"""

import logging
from datetime import timedelta
from functools import lru_cache

from django.db import connection

from leadhub.work.registry import Clock

_log = logging.getLogger(__name__)
# Less than any lease leaves to spare (`claims.PORTIONS`), more than an answer takes.
_TOLERATED = timedelta(seconds=2)


def agree_on_clock(own: Clock) -> Clock:
    """Return the clock to go by for one drain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone() or (own(),)
    ahead = own() - theirs
    if abs(ahead) <= _TOLERATED:
        return own
    _warn(_describe(ahead))
    return lambda: own() - ahead


def _describe(ahead: timedelta) -> str:
    minutes = round(abs(ahead).total_seconds() / 60)
    return f"{minutes or 'less than one'} min {'ahead of' if ahead > timedelta() else 'behind'}"


@lru_cache(maxsize=1)
def _warn(difference: str) -> None:
    """Say it once, not at every drain."""
    _log.warning("This machine's clock is %s the database's, by which jobs are done", difference)
