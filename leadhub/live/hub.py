"""One Redis subscription for all streams of the live process, which notices a Redis that died or froze.

The streams read PostgreSQL whenever the hub was deaf, and every few seconds while it is.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import redis
import redis.asyncio
from django.conf import settings

from leadhub.live.alerts import CHANNEL_PREFIX
from leadhub.live.replay import Ring

_log = logging.getLogger(__name__)
_ANSWER_SECONDS = 3
_QUIET_SECONDS = 5
_AGAIN_SECONDS = 1
_MOST_WAITING = 100

# What a stream's queue holds: an alert's ring, or None: "you may have missed some, read PostgreSQL".
Rings = asyncio.Queue[Ring | None]


class Hub:
    """Hands each ring to the streams of its member."""

    def __init__(self, *, url: str | None = None) -> None:
        self._url = url or settings.REDIS_URL
        self._streams: dict[str, set[Rings]] = defaultdict(set)
        self.hears = False

    @contextlib.contextmanager
    def listen(self, channel: str) -> Iterator[Rings]:
        """Give a stream its queue, for as long as it lives."""
        rings: Rings = asyncio.Queue(maxsize=_MOST_WAITING)
        self._streams[channel].add(rings)
        try:
            yield rings
        finally:
            self._streams[channel].discard(rings)
            if not self._streams[channel]:
                del self._streams[channel]

    async def run(self) -> None:
        """Listen for ever; after a failure tell every stream and try again."""
        while True:
            try:
                await self._hear()
            except (redis.RedisError, OSError, TimeoutError) as error:
                if self.hears:
                    _log.warning("Redis is deaf: %s", type(error).__name__)
            self.hears = False
            self._tell_all_to_read()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _hear(self) -> None:
        client = redis.asyncio.Redis.from_url(
            self._url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        )
        async with client, client.pubsub() as pubsub:
            await pubsub.psubscribe(f"{CHANNEL_PREFIX}*")
            while True:
                message = await pubsub.get_message(timeout=_QUIET_SECONDS)
                if message is None:
                    message = await self._ask_for_a_sign(pubsub)
                self._handle(message)

    async def _ask_for_a_sign(self, pubsub: Any) -> dict[str, Any]:
        """Ping a quiet Redis; a frozen one does not answer."""
        await pubsub.ping()
        message: dict[str, Any] | None = await pubsub.get_message(timeout=_ANSWER_SECONDS)
        if message is None:
            raise TimeoutError("no answer to a ping")
        return message

    def _handle(self, message: dict[str, Any]) -> None:
        if message["type"] == "psubscribe":
            self.hears = True
            self._tell_all_to_read()
        elif message["type"] == "pmessage":
            ring = _read_ring(message["data"])
            for rings in self._streams.get(message["channel"].decode(errors="replace"), ()) if ring else ():
                _put(rings, ring)

    def _tell_all_to_read(self) -> None:
        for streams in self._streams.values():
            for rings in streams:
                _put(rings, None)


def _read_ring(told: bytes) -> Ring | None:
    """Return the ring; None for what nobody of ours rang, which must not stop the hub."""
    try:
        ring = json.loads(told)
        return Ring(id=str(UUID(ring["id"])), kind=str(ring["kind"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _put(rings: Rings, ring: Ring | None) -> None:
    """Queue a ring; a stream too slow to take them reads PostgreSQL instead."""
    if rings.full():
        while not rings.empty():
            rings.get_nowait()
        ring = None
    rings.put_nowait(ring)
