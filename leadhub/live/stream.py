"""One browser's stream: what it missed, then each ring as it comes, a heartbeat between, until its token expires."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from leadhub.lib.clock import utc_now
from leadhub.live.hub import Hub, Rings
from leadhub.live.looking import LOOKING
from leadhub.live.replay import Ring, read_missed
from leadhub.live.tokens import Listener
from leadhub.work.registry import Clock

_log = logging.getLogger(__name__)
# Ids become visible out of commit order: read this far back again; the page and `_Told` drop the known ones.
OVERLAP = timedelta(seconds=60)
# A page without a last event was rendered just before its token: what it could not show is this young.
_FRESH = timedelta(seconds=5)
_HEARTBEAT_SECONDS = 15.0
_DEAF_SECONDS = 3.0


class Stream:
    """The alerts of one listener as server-sent events (WHATWG HTML, section 9.2)."""

    def __init__(self, *, listener: Listener, hub: Hub, last_event_id: str, clock: Clock = utc_now) -> None:
        self._listener = listener
        self._hub = hub
        self._clock = clock
        last = read_instant(last_event_id)
        self._from = last - OVERLAP if last else listener.issued_at - _FRESH
        self._read_at = last or listener.issued_at
        self._told: dict[str, datetime] = {}

    async def write(self) -> AsyncIterator[str]:
        """Yield the stream's text."""
        with self._hub.listen(self._listener.channel) as rings:
            yield "retry: 2000\n\n"
            async for text in self._read():
                yield text
            while self._clock() < self._listener.expires_at:
                ring = await self._wait(rings)
                if ring is not None:
                    for text in self._tell([ring]):
                        yield text
                    continue
                yield ": \n\n"
                async for text in self._read():
                    yield text

    async def _wait(self, rings: Rings) -> Ring | None:
        """Return the next ring, or None when PostgreSQL is to be read."""
        left = (self._listener.expires_at - self._clock()).total_seconds()
        seconds = min(left, _HEARTBEAT_SECONDS if self._hub.hears else _DEAF_SECONDS)
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return await rings.get()
        except TimeoutError:
            return None

    async def _read(self) -> AsyncIterator[str]:
        """Yield what PostgreSQL has and was not told; a database that is away is asked again later."""
        now = self._clock()
        since = max(self._from, self._read_at - OVERLAP)
        try:
            missed = await read_missed(listener=self._listener, since=since)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("Cannot read missed alerts: %s", type(error).__name__)
            return
        self._read_at = now
        self._told = {id_: at for id_, at in self._told.items() if at > now - 3 * OVERLAP}
        for text in self._tell(missed):
            yield text

    def _tell(self, rings: list[Ring]) -> list[str]:
        """Return the events of the rings that were not told yet; who looks at a lead changes again and again."""
        fresh = [ring for ring in rings if ring.kind == LOOKING or ring.id not in self._told]
        self._told.update((ring.id, self._clock()) for ring in fresh)
        return [write_event(ring) for ring in fresh]


def write_event(ring: Ring) -> str:
    """Return the text of one alert's event, or of a change of who looks at a lead, which no browser resumes from."""
    if ring.kind == LOOKING:
        return f"event: looking\ndata: {json.dumps({'lead': ring.id})}\n\n"
    return f"event: alert\nid: {ring.id}\ndata: {json.dumps({'id': ring.id, 'kind': ring.kind})}\n\n"


def read_instant(event_id: str) -> datetime | None:
    """Return the instant in a UUIDv7 (RFC 9562 section 5.7: 48 bits of milliseconds); None for anything else."""
    try:
        uuid = UUID(event_id)
        return datetime.fromtimestamp((uuid.int >> 80) / 1000, tz=UTC) if uuid.version == 7 else None
    except (ValueError, OverflowError):  # 48 bits reach beyond the year 9999
        return None
