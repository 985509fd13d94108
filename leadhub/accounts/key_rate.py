"""How often a program may call with one API key. Called by every way in that takes a key, before it does anything.

A window's worth may come at once. The count is in Redis; without it every call passes (`docs/operations.md`): what
a program has to say must not be lost because a cache is down.
"""

import time
from dataclasses import dataclass

from django.conf import settings

from leadhub.accounts.apikeys import hash_key
from leadhub.lib.rates import get_counter, parse_rate


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a key may still do: `left` calls of `limit` until the window ends, in `resets_in_seconds`."""

    limit: int
    left: int
    resets_in_seconds: int
    is_spent: bool


def count_call(*, secret: str) -> Allowance | None:
    """Count a call by the key; None where calls are not counted, or cannot be."""
    rate = parse_rate(settings.API_RATE, "LEADHUB_API_RATE")
    if rate is None:
        return None
    window, elapsed = divmod(int(time.time()), rate.seconds)
    total = get_counter(settings.REDIS_URL).count_shared(f"api-rate:{hash_key(secret)}:{window}", rate.seconds)
    if total is None:
        return None
    left = max(rate.times - total, 0)
    return Allowance(limit=rate.times, left=left, resets_in_seconds=rate.seconds - elapsed, is_spent=total > rate.times)
