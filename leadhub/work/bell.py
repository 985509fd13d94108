"""Ring for workers and browsers without ever making the caller wait: Redis may be slow, frozen or gone.

`ring` and `publish` set a flag; one daemon thread per process sends what is flagged, with 0.1 s time limits, no
retries and a circuit breaker. A ring that is lost costs at most a second: beat drains each lane, and the event
streams read PostgreSQL.
"""

import contextlib
import json
import logging
import os
import threading
import time
from typing import Any

from django.conf import settings
from kombu import Connection

from leadhub.celery import app
from leadhub.lib.cache import connect_redis

_log = logging.getLogger(__name__)
# The first poke goes at once; those of the moment after it are one poke.
_COALESCE_SECONDS = 0.01
_BREAK_SECONDS = 1.0
_MOST_WAITING = 5000
_POKE_EXPIRES_SECONDS = 10
# Not a Redis channel: what is flagged under it goes to the workers.
_POKES = ""


class Bell:
    """The flags of one process and the thread that answers them."""

    def __init__(self) -> None:
        self._flags: dict[tuple[str, str], None] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._celery: Connection | None = None
        self._is_heard = True

    def flag(self, channel: str, message: str) -> None:
        """Note what to send and return at once; beyond a few thousand waiting flags the oldest is dropped."""
        with self._lock:
            self._flags[(channel, message)] = None
            if len(self._flags) > _MOST_WAITING:
                del self._flags[next(iter(self._flags))]
            if self._thread is None:
                self._thread = threading.Thread(target=self._answer_flags, name="leadhub-bell", daemon=True)
                self._thread.start()
        self._wake.set()

    def _answer_flags(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            with self._lock:
                flags, self._flags = self._flags, {}
            time.sleep(_COALESCE_SECONDS if self._send_all(flags) else _BREAK_SECONDS)

    def _send_all(self, flags: dict[tuple[str, str], None]) -> bool:
        """Send the flags; put them back where Redis does not answer, and say so once."""
        waiting = list(flags)
        try:
            while waiting:
                self._send(*waiting[0])
                waiting.pop(0)
        except Exception as error:  # noqa: BLE001 (the thread must outlive whatever a client raises)
            self._disconnect()
            if self._is_heard:
                _log.warning("Redis does not answer (%s); ringing again each second", type(error).__name__)
            self._is_heard = False
            with self._lock:
                self._flags = {**dict.fromkeys(waiting), **self._flags}
            self._wake.set()
            return False
        if not self._is_heard:
            _log.warning("Redis answers again")
        self._is_heard = True
        return True

    def _send(self, channel: str, message: str) -> None:
        if channel == _POKES:
            self._celery = self._celery or self._connect_celery()
            app.send_task(
                "leadhub.drain_lane",
                kwargs={"lane": message},
                queue=message,
                expires=_POKE_EXPIRES_SECONDS,
                ignore_result=True,
                retry=False,
                connection=self._celery,
            )
        else:
            connect_redis().publish(channel, message)

    def _connect_celery(self) -> Connection:
        timeouts = {"socket_timeout": settings.REDIS_TIMEOUT_SECONDS, "max_retries": 0}
        timeouts["socket_connect_timeout"] = settings.REDIS_TIMEOUT_SECONDS
        return app.connection_for_write(transport_options=timeouts)

    def _disconnect(self) -> None:
        """Forget Celery's connection; a broken one is not worth a word."""
        celery, self._celery = self._celery, None
        if celery is not None:
            with contextlib.suppress(Exception):
                celery.release()


def ring(lane: str) -> None:
    """Tell a worker of the lane that something is due."""
    _bell.flag(_POKES, lane)


def publish(*, channel: str, message: dict[str, Any]) -> None:
    """Tell whoever listens on a Redis channel; ids only, since what listens is not asked who it is."""
    _bell.flag(channel, json.dumps(message, sort_keys=True))


def _start_anew() -> None:
    """Give a forked process a bell of its own: no thread but the forking one lives on in it."""
    global _bell  # noqa: PLW0603 (one bell a process)
    _bell = Bell()


_bell = Bell()
os.register_at_fork(after_in_child=_start_anew)
