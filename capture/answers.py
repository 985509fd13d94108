"""Answer at the form door: 202 or a problem for programs, 303 or the form again for browsers, CORS for both."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from capture.callers import get_origin, is_welcome, wants_json
from capture.definitions import FormDefinition
from capture.hosted_page import show_form_again
from capture.idempotency import FirstAnswer
from capture.judgement import Judgement
from leadhub.lib import problems
from leadhub.lib.clock import utc_now

_PREFLIGHT_SECONDS = 86_400


def answer_accepted(request: HttpRequest, form: FormDefinition, submission_id: UUID) -> HttpResponse:
    """Answer that the post is stored: also what a quarantined one is told."""
    if wants_json(request):
        answer: HttpResponse = JsonResponse({"submission_id": str(submission_id)}, status=HTTPStatus.ACCEPTED)
    else:
        answer = HttpResponseRedirect(form.redirect_url or reverse("form_thanks", args=[form.key]))
        answer.status_code = HTTPStatus.SEE_OTHER
    return _allow_origin(request, form, answer)


def answer_refused(request: HttpRequest, form: FormDefinition, judgement: Judgement) -> HttpResponse:
    """Answer what is wrong: problem details, or the form with the errors at its fields and what was typed."""
    if wants_json(request):
        body = problems.describe_problem(status=judgement.http_status, detail=judgement.detail, errors=judgement.errors)
        answer: HttpResponse = JsonResponse(body, status=judgement.http_status, content_type=problems.CONTENT_TYPE)
    else:
        answer = show_form_again(request, form, judgement=judgement, now=utc_now())
    if judgement.http_status == HTTPStatus.CONFLICT:
        answer["Retry-After"] = "1"
    if judgement.http_status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["Retry-After"] = "60"
    return _allow_origin(request, form, answer)


def answer_first_again(request: HttpRequest, form: FormDefinition, first: FirstAnswer) -> HttpResponse:
    """Answer what the first request with the same `Idempotency-Key` was answered."""
    if first.status_code == HTTPStatus.ACCEPTED:
        return answer_accepted(request, form, UUID(first.answer["submission_id"]))
    answer = JsonResponse(first.answer, status=first.status_code, content_type=problems.CONTENT_TYPE)
    return _allow_origin(request, form, answer)


def answer_preflight(request: HttpRequest, form: FormDefinition) -> HttpResponse:
    """Answer a browser that asks before it posts (CORS preflight, fetch.spec.whatwg.org)."""
    if not is_welcome(request, form):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    answer["Access-Control-Allow-Methods"] = "POST"
    answer["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
    answer["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
    return _allow_origin(request, form, answer)


def answer_unknown(request: HttpRequest) -> HttpResponse:
    """Answer that no form has this key. Nothing is kept: there is no organization to keep it for."""
    if wants_json(request):
        body = problems.describe_problem(status=HTTPStatus.NOT_FOUND, detail="No form has this key.")
        return JsonResponse(body, status=HTTPStatus.NOT_FOUND, content_type=problems.CONTENT_TYPE)
    return render(request, "capture/unknown_form.html", status=HTTPStatus.NOT_FOUND)


def _allow_origin(request: HttpRequest, form: FormDefinition, answer: HttpResponse) -> HttpResponse:
    if get_origin(request) and is_welcome(request, form):
        answer["Access-Control-Allow-Origin"] = request.META["HTTP_ORIGIN"]
    patch_vary_headers(answer, ["Origin", "Accept"])
    return answer
