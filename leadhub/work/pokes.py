"""Pokes as a worker hears them: a stale one is dropped only where another was heeded lately. Named by `broker.Task`.

Celery drops what expired by this machine's clock, and when that is was said by the clock of whoever rang. Where the two
were more than a few seconds apart every poke looked stale: the worker took each off its queue, did nothing, and showed
all signs of life. So one a second is heeded however old it looks, which is as often as beat rings; what piled up while
nobody listened is dropped all the same.
"""

from time import monotonic
from typing import Literal

from celery.worker.request import Request

_SECONDS = 1.0
_heeded_at: dict[str, float] = {}


class Poke(Request):
    """One message, from when it is heard until it is done."""

    is_heeded = False

    def maybe_expire(self) -> Literal[True] | None:
        """Say whether to drop it. Celery asks when it is heard, and again before it is done."""
        if self.is_heeded:
            return None
        lane, moment = f"{self.name} {self.kwargsrepr}", monotonic()
        was_heeded_lately = moment - _heeded_at.get(lane, -_SECONDS) < _SECONDS
        if was_heeded_lately and super().maybe_expire():
            return True
        self.is_heeded = True
        _heeded_at[lane] = moment
        return None
