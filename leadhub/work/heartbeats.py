"""Signs of life of workers and beat, in Redis: how /readyz and `leadhub doctor` know that jobs are being done.

`leadhub.celery` calls `install_heartbeats` in every Celery process. A sign expires, so that silence shows.
"""

from typing import Any

import redis
from celery import Celery
from celery.signals import beat_init, before_task_publish, heartbeat_sent
from django.conf import settings

from leadhub.lib.cache import redis_client_options

_PREFIX = "leadhub:heartbeat:"
_EXPIRES_SECONDS = 15
BEAT = "beat"


def install_heartbeats(app: Celery) -> None:
    """Let the workers of this Celery app, and its beat on each tick, leave their signs."""

    def on_worker_heartbeat(**_: Any) -> None:
        leave_sign(*app.amqp.queues.consume_from)

    def on_beat_start(**_: Any) -> None:
        before_task_publish.connect(on_beat_tick, weak=False)

    heartbeat_sent.connect(on_worker_heartbeat, weak=False)
    beat_init.connect(on_beat_start, weak=False)


def on_beat_tick(**_: Any) -> None:
    """Beat is about to publish what is due."""
    leave_sign(BEAT)


def leave_sign(*names: str) -> None:
    """Say that these are alive; without Redis nobody hears it, which is what the checks report then."""
    client = connect_redis()
    try:
        for name in names:
            client.set(_PREFIX + name, 1, ex=_EXPIRES_SECONDS)
    except redis.RedisError:
        return
    finally:
        client.close()


def read_signs(*names: str) -> dict[str, bool]:
    """Return which of these left a sign lately.

    Raises redis.RedisError.
    """
    client = connect_redis()
    try:
        found = client.mget([_PREFIX + name for name in names])
    finally:
        client.close()
    return {name: sign is not None for name, sign in zip(names, found, strict=True)}


def connect_redis() -> "redis.Redis":
    """Return a client with our short time limits; the caller closes it."""
    return redis.Redis.from_url(settings.REDIS_URL, **redis_client_options())
