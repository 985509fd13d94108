"""Read from PostgreSQL what a stream may have missed. Redis only rings; the rows are what happened."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections

from leadhub.live.models import Alert
from leadhub.live.tokens import Listener
from leadhub.tenancy.scope import scope

_MOST = 200
# A few threads, each with a connection of its own; a read is one index scan, and no transaction outlives it.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="leadhub-live")


@dataclass(frozen=True, kw_only=True)
class Ring:
    """One alert as the stream names it: by its id and kind, nothing of a person."""

    id: str
    kind: str


async def read_missed(*, listener: Listener, since: datetime) -> list[Ring]:
    """Return the listener's alerts created since an instant, the oldest first. Raises database errors."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, lambda: list(_read(listener=listener, since=since)))


def _read(*, listener: Listener, since: datetime) -> Iterable[Ring]:
    close_old_connections()
    try:
        with scope(listener.organization_id):
            alerts = Alert.objects.filter(member_id=listener.member_id, created_at__gte=since)
            newest = alerts.order_by("-created_at").values_list("id", "kind")[:_MOST]
            return [Ring(id=str(alert_id), kind=kind) for alert_id, kind in reversed(newest)]
    finally:
        close_old_connections()
