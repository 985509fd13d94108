"""Count by key and window in Redis, so that all web processes share it. Called by the forms' door and the API.

Without Redis nothing waits longer than REDIS_TIMEOUT_SECONDS, nor is Redis asked again for some seconds; the caller
then counts for this process alone, or not at all.
"""

import time
from dataclasses import dataclass
from functools import cache

import redis

from leadhub.lib.cache import redis_client_options

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_REST_SECONDS = 5.0
_COUNTED_AT_MOST = 50_000
# One script, which nothing cuts in two (https://redis.io/docs/latest/commands/eval/): no count is left without an end.
_COUNT = """
local total = redis.call('INCR', KEYS[1])
if total == 1 or redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return total
"""


class BadRate(ValueError):
    """A rate of the settings is neither `off` nor such as `60/m`."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """At most `times` in each window of `seconds`."""

    times: int
    seconds: int


@cache
def parse_rate(text: str, setting: str = "LEADHUB_FORM_RATE") -> Rate | None:
    """Read `60/m`, `10/s`, `500/h`, `5000/d`; None for `off`; raise `BadRate`, which names the setting."""
    if text.strip().lower() == "off":
        return None
    times, _, unit = text.strip().partition("/")
    if not times.isdecimal() or unit not in _UNITS:
        raise BadRate(f"{setting} is {text!r}: write `60/m`, or `off`.")
    return Rate(times=int(times), seconds=_UNITS[unit])


class Counter:
    """Counts by key and window."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, **redis_client_options())
        self._rests_until = 0.0
        self._counts: dict[str, int] = {}

    def count(self, key: str, seconds: int) -> int:
        """Count one more and return the sum of the window; in this process alone while Redis is away."""
        total = self.count_shared(key, seconds)
        return self._count_here(key) if total is None else total

    def count_shared(self, key: str, seconds: int) -> int | None:
        """Count one more and return the sum of the window; None while Redis is away."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return int(self._redis.eval(_COUNT, 1, key, seconds))
        except (redis.RedisError, OSError):
            self._rests_until = time.monotonic() + _REST_SECONDS
            return None

    def _count_here(self, key: str) -> int:
        if len(self._counts) >= _COUNTED_AT_MOST:
            self._counts.clear()
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]


@cache
def get_counter(url: str) -> Counter:
    """Return the process's counter for a Redis."""
    return Counter(url)
