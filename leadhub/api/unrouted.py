"""What Django answers outside of any view: under /api/ the problem details of every other error, else a page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from leadhub.lib.problems import CONTENT_TYPE, describe_problem

_PREFIX = "/api/"


def answer_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that nothing is at this URL."""
    if request.path.startswith(_PREFIX):
        return answer_problem(HTTPStatus.NOT_FOUND, "There is nothing at this URL.")
    return defaults.page_not_found(request, exception)


def answer_broken(request: HttpRequest) -> HttpResponse:
    """Answer that we failed; nothing of the request was kept."""
    if request.path.startswith(_PREFIX):
        return answer_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "We failed, and nothing was changed. Try again.")
    return defaults.server_error(request)


def answer_problem(status: HTTPStatus, detail: str) -> HttpResponse:
    """Answer a program with problem details."""
    return JsonResponse(describe_problem(status=status, detail=detail), status=status, content_type=CONTENT_TYPE)
