"""How many long files one web process writes out at once. Called by `web.export`.

A process has four threads, and a reader who lets a download stand holds one: the server buffers some megabytes, then
waits for as long as the connection lives, without a limit of time (tried with granian). So a few may do that, and the
one too many is told to come back.
"""

import threading
import weakref
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.http import StreamingHttpResponse
from django.template import loader

_WAIT_SECONDS = 1.0
_RETRY_AFTER_SECONDS = "30"


class Place:
    """One of the few, free again when the answer was closed or forgotten."""

    def __init__(self, places: threading.Semaphore) -> None:
        self._places = places
        self._given_back = threading.Lock()

    def give_back(self) -> None:
        """Free it, once."""
        if self._given_back.acquire(blocking=False):
            self._places.release()


class Download(StreamingHttpResponse):
    """A file on its way. The server closes it when it is out, or when its reader has gone."""

    def __init__(self, content: Iterable[bytes], *, place: Place, content_type: str) -> None:
        super().__init__(content, content_type=content_type)
        self._place = place
        weakref.finalize(self, place.give_back)

    def close(self) -> None:
        """Free the place."""
        super().close()
        self._place.give_back()


def take_place() -> Place | None:
    """Return a place, or None where all are taken and none gets free in a moment."""
    places = _load_places(settings.DOWNLOADS_AT_ONCE)
    return Place(places) if places.acquire(timeout=_WAIT_SECONDS) else None


def answer_busy() -> StreamingHttpResponse:
    """Answer that others are being served, and when to try again."""
    page = loader.render_to_string("downloads_busy.html").encode()
    answer = StreamingHttpResponse([page], status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = _RETRY_AFTER_SECONDS
    return answer


@cache
def _load_places(count: int) -> threading.Semaphore:
    return threading.Semaphore(count)
