"""What Django answers outside of any view: under /api/ the problem details of every other error, else a page."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views import defaults

from leadhub.lib.problems import CONTENT_TYPE, describe_problem
from leadhub.lib.sealing import is_unopened
from leadhub.tenancy.bounds import is_overrun

_PREFIX = "/api/"
OVERRUN = "This took too long, was stopped, and changed nothing. Ask for less at once, or try again in a minute."
RETRY_AFTER_SECONDS = "60"


def answer_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that nothing is at this URL."""
    if request.path.startswith(_PREFIX):
        return answer_problem(HTTPStatus.NOT_FOUND, "There is nothing at this URL.")
    return defaults.page_not_found(request, exception)


def answer_broken(request: HttpRequest) -> HttpResponse:
    """Answer that we failed, and why if we know; nothing of the request was kept. Called while the error is handled."""
    error = sys.exc_info()[1]
    if is_overrun(error):
        return _answer_overrun(request)
    if is_unopened(error):
        return HttpResponse(loader.render_to_string("lost_key.html"), status=HTTPStatus.SERVICE_UNAVAILABLE)
    if request.path.startswith(_PREFIX):
        return answer_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "We failed, and nothing was changed. Try again.")
    return defaults.server_error(request)


def _answer_overrun(request: HttpRequest) -> HttpResponse:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if request.path.startswith(_PREFIX):
        answer = answer_problem(status, OVERRUN)
    else:
        answer = HttpResponse(
            loader.render_to_string("503.html", {"may_repeat": request.method == "GET"}), status=status
        )
    answer["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def answer_problem(status: HTTPStatus, detail: str) -> HttpResponse:
    """Answer a program with problem details."""
    return JsonResponse(describe_problem(status=status, detail=detail), status=status, content_type=CONTENT_TYPE)
