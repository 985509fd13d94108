"""Django's Redis cache that fails open: without Redis a read misses and a write is dropped, quickly.

Redis is a cache and a doorbell here. A page must not fail, nor wait longer than REDIS_TIMEOUT_SECONDS,
because it is down; what must be right without it does not use the cache.

Values are JSON, not Django's pickle: whoever can write to Redis must not make our processes run code.
"""

import json
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

_log = logging.getLogger(__name__)


def redis_client_options() -> dict[str, Any]:
    """Return the options of every Redis client of ours: short time limits and no second try."""
    return {
        "socket_timeout": settings.REDIS_TIMEOUT_SECONDS,
        "socket_connect_timeout": settings.REDIS_TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def connect_redis() -> "redis.Redis":
    """Return this process's client: threads share it, a forked child opens connections of its own; nobody closes it."""
    return _connect(settings.REDIS_URL)


@cache
def _connect(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, **redis_client_options())


class JsonSerializer:
    """How values are kept; whole numbers stay bare, so that Redis can count them."""

    def dumps(self, value: Any) -> Any:
        """Return what Redis keeps."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, kept: bytes) -> Any:
        """Return the value; raises ValueError for what was not kept by us."""
        return json.loads(kept)


class FailOpenRedisCache(RedisCache):
    """The cache of every process; it never raises for a Redis that is down, slow or full."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"serializer": JsonSerializer, **redis_client_options(), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Add unless there; True when Redis cannot say, as if the key had been free."""
        return bool(_attempt(lambda: super(FailOpenRedisCache, self).add(*args, **kwargs), otherwise=True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or the default when Redis cannot say."""
        return _attempt(lambda: super(FailOpenRedisCache, self).get(key, default, version), otherwise=default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store the value, or drop it."""
        _attempt(lambda: super(FailOpenRedisCache, self).set(*args, **kwargs), otherwise=None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Prolong the key; False when Redis cannot say."""
        return bool(_attempt(lambda: super(FailOpenRedisCache, self).touch(*args, **kwargs), otherwise=False))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Delete the key; False when Redis cannot say."""
        return bool(_attempt(lambda: super(FailOpenRedisCache, self).delete(*args, **kwargs), otherwise=False))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """Return the values found; none when Redis cannot say."""
        found: dict[Any, Any] = _attempt(
            lambda: super(FailOpenRedisCache, self).get_many(*args, **kwargs), otherwise={}
        )
        return found

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Tell whether the key is there; False when Redis cannot say."""
        return bool(_attempt(lambda: super(FailOpenRedisCache, self).has_key(*args, **kwargs), otherwise=False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count up; the step itself when Redis cannot say. Raises ValueError for an unknown key."""
        count: int = _attempt(lambda: super(FailOpenRedisCache, self).incr(key, delta, version), otherwise=delta)
        return count

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Store the values, or drop them."""
        dropped: list[Any] = _attempt(lambda: super(FailOpenRedisCache, self).set_many(*args, **kwargs), otherwise=[])
        return dropped

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        """Delete the keys, or leave them to expire."""
        _attempt(lambda: super(FailOpenRedisCache, self).delete_many(*args, **kwargs), otherwise=None)

    def clear(self) -> None:
        """Empty the cache, or leave it as it is."""
        _attempt(super().clear, otherwise=None)


def _attempt(call: Callable[[], Any], *, otherwise: Any) -> Any:
    """Return what the call returns, or the other value when Redis is down, slow or refuses."""
    try:
        return call()
    except (redis.RedisError, OSError) as error:
        _log.warning("Redis is unavailable to the cache: %s", type(error).__name__)
        return otherwise
