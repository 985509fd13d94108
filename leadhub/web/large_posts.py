"""How many large posts one web process takes in at once. A middleware, before anything reads a body.

A process has four threads, and a sender who dawdles holds one: granian has no limit of time for a body. Up to 4 MiB
the proxy passes a post on when it is whole (deploy/Caddyfile); of larger ones, which are files to import and long
mails, a few may come at once, and the one too many is told to come back.
"""

import threading
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from leadhub.lib.problems import CONTENT_TYPE, describe_problem

GetResponse = Callable[[HttpRequest], HttpResponse]
PASSED_ON_WHOLE_BYTES = 4 * 1024 * 1024
BUSY = "Others are sending large files just now. Try again in half a minute."
_RETRY_AFTER_SECONDS = "30"


class FewLargePosts:
    """Middleware: 503 for a large post while as many as may be are being taken in."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._places = threading.Semaphore(settings.UPLOADS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, with a place where it is large."""
        if read_length(request) <= PASSED_ON_WHOLE_BYTES:
            return self._get_response(request)
        if not self._places.acquire(blocking=False):
            return answer_busy(request)
        try:
            return self._get_response(request)
        finally:
            self._places.release()


def read_length(request: HttpRequest) -> int:
    """Return how long the body is said to be; Django reads no more, and nothing where nothing is said."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def answer_busy(request: HttpRequest) -> HttpResponse:
    """Answer that others are being served, and when to try again."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if request.path.startswith("/api/"):
        problem = describe_problem(status=status, detail=BUSY)
        answer: HttpResponse = JsonResponse(problem, status=status, content_type=CONTENT_TYPE)
    else:
        answer = HttpResponse(loader.render_to_string("uploads_busy.html"), status=status)
    answer["Retry-After"] = _RETRY_AFTER_SECONDS
    return answer
