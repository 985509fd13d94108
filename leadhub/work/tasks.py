"""The one Celery task: "drain this lane". Celery never carries the work, nor an eta, nor a retry."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import InterfaceError, OperationalError, connections

from leadhub.lib.clock import utc_now
from leadhub.work.bell import ring
from leadhub.work.models import Lane
from leadhub.work.runner import drain

_log = logging.getLogger(__name__)
# A drain gives way after this long, so that a stopping worker need not wait for an empty lane.
_LONGEST_DRAIN = timedelta(seconds=8)


@shared_task(name="leadhub.drain_lane")
def drain_lane(*, lane: str) -> None:
    """Do the lane's due jobs; ring for another drain where time was up before they were done."""
    until = utc_now() + _LONGEST_DRAIN
    try:
        drain(lane=Lane(lane), clock=utc_now, until=until)
    except (OperationalError, InterfaceError) as error:
        _log.warning("The database went away: %s", error)
        connections.close_all()
    else:
        if utc_now() >= until:
            ring(lane)
