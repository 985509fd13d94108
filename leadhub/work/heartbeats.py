"""Signs of life of workers and beat, in Redis: how /readyz and `leadhub doctor` know that jobs are being done.

`leadhub.celery` calls `install_heartbeats` in every Celery process. A sign expires, so that silence shows.
"""

import contextlib
from typing import Any

import redis
from celery import Celery, bootsteps
from celery.signals import beat_init, before_task_publish

from leadhub.lib.cache import connect_redis

_PREFIX = "leadhub:heartbeat:"
_EXPIRES_SECONDS = 15
_EVERY_SECONDS = 2.0
BEAT = "beat"


def install_heartbeats(app: Celery) -> None:
    """Let the workers of this Celery app, and its beat on each tick, leave their signs."""

    def on_beat_start(**_: Any) -> None:
        before_task_publish.connect(on_beat_tick, weak=False)

    app.steps["consumer"].add(WorkerSigns)
    beat_init.connect(on_beat_start, weak=False)


class WorkerSigns(bootsteps.StartStopStep):
    """The signs of a worker, for as long as it hears Redis.

    In place of Celery's heartbeat: nobody listens to it, and with a Redis that hangs it waits, and the worker with it.
    """

    requires = ("celery.worker.consumer.connection:Connection",)
    _entry: Any = None

    def start(self, parent: Any) -> None:
        """Leave a sign for each lane, now and every two seconds."""
        lanes = tuple(parent.app.amqp.queues.consume_from)
        leave_sign(*lanes)
        self._entry = parent.timer.call_repeatedly(_EVERY_SECONDS, leave_sign, lanes)

    def stop(self, parent: Any) -> None:  # noqa: ARG002
        """Leave no more."""
        if self._entry is not None:
            self._entry.cancel()


def on_beat_tick(**_: Any) -> None:
    """Beat is about to publish what is due."""
    leave_sign(BEAT)


def leave_sign(*names: str) -> None:
    """Say that these are alive; without Redis nobody hears it, which is what the checks report then."""
    with contextlib.suppress(redis.RedisError):
        for name in names:
            connect_redis().set(_PREFIX + name, 1, ex=_EXPIRES_SECONDS)


def read_signs(*names: str) -> dict[str, bool]:
    """Return which of these left a sign lately.

    Raises redis.RedisError.
    """
    found: Any = connect_redis().mget([_PREFIX + name for name in names])
    return {name: sign is not None for name, sign in zip(names, found, strict=True)}
