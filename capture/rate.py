"""Count the posts of one address at one form. Called by the door; too many mark a post as suspect, a flood is refused.

Of IPv6 a sender has a whole network of 2^64 addresses, which count as one.

The count is in Redis, so that all web processes share it. Without Redis each process counts for itself: a
sender may then post once as often per process, and no post waits longer than REDIS_TIMEOUT_SECONDS, nor is
Redis asked again for some seconds.
"""

import ipaddress
import time
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings

from leadhub.lib.cache import redis_client_options

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FLOOD = 10  # so many times the rate would fill the disk with what nobody will look at
_REST_SECONDS = 5.0
_COUNTED_AT_MOST = 50_000


class BadRate(ValueError):
    """LEADHUB_FORM_RATE is neither `off` nor such as `60/m`."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """At most `posts` in each window of `seconds`."""

    posts: int
    seconds: int


@cache
def parse_rate(text: str) -> Rate | None:
    """Read `60/m`, `10/s`, `500/h`, `5000/d`; None for `off`; raise `BadRate`."""
    if text.strip().lower() == "off":
        return None
    posts, _, unit = text.strip().partition("/")
    if not posts.isdecimal() or unit not in _UNITS:
        raise BadRate(f"LEADHUB_FORM_RATE is {text!r}: write `60/m`, or `off`.")
    return Rate(posts=int(posts), seconds=_UNITS[unit])


class Counter:
    """Counts by key and window, in Redis or, while that is away, here."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, **redis_client_options())
        self._rests_until = 0.0
        self._counts: dict[str, int] = {}

    def count(self, key: str, seconds: int) -> int:
        """Count one more and return the sum of the window."""
        if time.monotonic() < self._rests_until:
            return self._count_here(key)
        try:
            total = self._redis.incr(key)
            if total == 1:
                self._redis.expire(key, seconds)
            return total
        except (redis.RedisError, OSError):
            self._rests_until = time.monotonic() + _REST_SECONDS
            return self._count_here(key)

    def _count_here(self, key: str) -> int:
        if len(self._counts) >= _COUNTED_AT_MOST:
            self._counts.clear()
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]


@cache
def get_counter(url: str) -> Counter:
    """Return the process's counter for a Redis."""
    return Counter(url)


def measure_rate(*, form_key: str, address: str) -> float:
    """Count this post and return how many times what is allowed its address has posted to the form: over 1 is much."""
    rate = parse_rate(settings.FORM_RATE)
    if rate is None:
        return 0
    window = int(time.time()) // rate.seconds
    key = f"form-rate:{form_key}:{name_sender(address)}:{window}"
    return get_counter(settings.REDIS_URL).count(key, rate.seconds) / max(rate.posts, 0.5)


def name_sender(address: str) -> str:
    """Return the address, or the network of an IPv6 one (RFC 4291 section 2.5.1)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4 or parsed.ipv4_mapped:
        return str(parsed if parsed.version == 4 else parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
