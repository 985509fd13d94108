"""Refuse addresses with a NUL in them: PostgreSQL's text cannot hold one, so that every filter would fail on it."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from leadhub.lib.problems import CONTENT_TYPE, describe_problem

GetResponse = Callable[[HttpRequest], HttpResponse]
# A door stores whatever arrives, its query as it was sent.
_DOORS = "/f/"
_API = "/api/"


class RefuseNul:
    """Middleware: 400 for a NUL in the path, or in the query of anything but a door."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse the request or pass it on."""
        query = request.META.get("QUERY_STRING", "")
        has_nul = "%00" in query or "\0" in query
        if "\0" in request.path or (has_nul and not request.path.startswith(_DOORS)):
            return _refuse(request)
        return self._get_response(request)


def _refuse(request: HttpRequest) -> HttpResponse:
    words, status = "This address has a NUL character in it.", HTTPStatus.BAD_REQUEST
    if request.path.startswith(_API):
        return JsonResponse(describe_problem(status=status, detail=words), status=status, content_type=CONTENT_TYPE)
    return HttpResponse(words, status=status)
