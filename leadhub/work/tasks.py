"""The Celery tasks: "drain this lane", "ask for the daily pruning". Celery carries no work, no eta and no retry."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import InterfaceError, OperationalError, connections

from leadhub.lib.clock import utc_now
from leadhub.work.bell import ring
from leadhub.work.models import Lane
from leadhub.work.pruning import ask_for_pruning
from leadhub.work.runner import drain
from leadhub.work.worker_clock import agree_on_clock

_log = logging.getLogger(__name__)
# A drain gives way after this long, so that a stopping worker need not wait for an empty lane.
_LONGEST_DRAIN = timedelta(seconds=8)


@shared_task(name="leadhub.drain_lane")
def drain_lane(*, lane: str) -> None:
    """Do the lane's due jobs; ring for another drain where time was up before they were done."""
    try:
        clock = agree_on_clock(utc_now)
        until = clock() + _LONGEST_DRAIN
        drain(lane=Lane(lane), clock=clock, until=until)
    except (OperationalError, InterfaceError) as error:
        _log.warning("The database went away: %s", error)
        connections.close_all()
    else:
        if clock() >= until:
            ring(lane)


@shared_task(name="leadhub.ask_for_pruning")
def ask_for_daily_pruning() -> None:
    """Make each organization's pruning job."""
    ask_for_pruning(now=utc_now())
