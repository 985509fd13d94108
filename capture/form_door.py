"""The web's door: a form's hosted page, its embed script, and the post. Public; no session, no cookie.

The post is the product's hot path (ADR 50): judge in memory, store in one statement, answer.
"""

from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from capture.answers import answer_accepted, answer_first_again, answer_preflight, answer_refused, answer_unknown
from capture.callers import describe_request
from capture.definitions import FormDefinition, find_form
from capture.doors import Arrival, KeptAnswer, store_submission
from capture.hosted_page import show_closed, show_form, show_thanks
from capture.idempotency import FirstAnswer, KeyInFlight, KeyReused, KeyTooLong, find_first_answer, hash_body
from capture.judgement import Judgement, judge_post
from capture.models import Submission
from leadhub.accounts.access import public_view
from leadhub.leads.models import Door
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from leadhub.lib.problems import describe_problem
from leadhub.tenancy.scope import scope

_KEY_FAULTS = {
    KeyTooLong: HTTPStatus.BAD_REQUEST,
    KeyInFlight: HTTPStatus.CONFLICT,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
}


@csrf_exempt
@xframe_options_exempt
@public_view
def form_door(request: HttpRequest, key: str) -> HttpResponse:
    """Show a form, take its post, or answer a browser's preflight."""
    form = find_form(key)
    if form is None:
        return answer_unknown(request)
    if request.method == "POST":
        return receive_post(request, form)
    if request.method == "OPTIONS":
        return answer_preflight(request, form)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "POST", "OPTIONS"])
    return show_form(request, form, now=utc_now()) if form.is_active else show_closed(request, form)


@xframe_options_exempt
@public_view
def thanks(request: HttpRequest, key: str) -> HttpResponse:
    """Thank a browser that posted."""
    form = find_form(key)
    return show_thanks(request, form) if form else answer_unknown(request)


def receive_post(request: HttpRequest, form: FormDefinition) -> HttpResponse:
    """Judge, store and answer one post; a flood is not stored. A repeated `Idempotency-Key` is answered from the
    first.
    """
    now = utc_now()
    try:
        body = request.read(settings.FORM_MAX_BYTES + 1)
    except UnreadablePostError:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)  # the sender hung up: nobody reads this
    judgement = judge_post(request=request, form=form, body=body, now=now)
    if judgement.http_status == HTTPStatus.TOO_MANY_REQUESTS:
        return answer_refused(request, form, judgement)
    submission_id = new_id()
    try:
        first = _store(request, form, body=body, judgement=judgement, submission_id=submission_id, now=now)
    except (KeyTooLong, KeyInFlight, KeyReused) as error:
        return answer_refused(request, form, _describe(_KEY_FAULTS[type(error)], error.message))
    if first is not None:
        return answer_first_again(request, form, first)
    if judgement.status == Submission.Status.REJECTED:
        return answer_refused(request, form, judgement)
    return answer_accepted(request, form, submission_id)


def _store(
    request: HttpRequest,
    form: FormDefinition,
    *,
    body: bytes,
    judgement: Judgement,
    submission_id: UUID,
    now: datetime,
) -> FirstAnswer | None:
    """Store the post in one transaction, unless its key was answered before: then return that answer."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip()
    arrival = Arrival(
        door=Door.FORM,
        form_id=form.id,
        body=body[: settings.FORM_MAX_BYTES],
        content_type=request.META.get("CONTENT_TYPE", ""),
        request=describe_request(request),
        values=judgement.values,
    )
    store = partial(
        store_submission,
        organization_id=form.organization_id,
        submission_id=submission_id,
        arrival=arrival,
        status=judgement.status,
        reasons=list(judgement.reasons),
        now=now,
    )
    if not key:
        store()
        return None
    kept = _keep_answer(form, key, body, judgement, submission_id)
    with scope(form.organization_id):
        first = find_first_answer(scope=kept.scope, key=kept.key, body_sha256=kept.body_sha256, now=now)
        if first is None:
            store(kept=kept)
    return first


def _describe(status: HTTPStatus, detail: str) -> Judgement:
    return Judgement(status=Submission.Status.REJECTED, http_status=status, detail=detail)


def _keep_answer(form: FormDefinition, key: str, body: bytes, judgement: Judgement, submission_id: UUID) -> KeptAnswer:
    """Return what a repetition of this request will be answered."""
    answer: dict[str, Any] = {"submission_id": str(submission_id)}
    if judgement.status == Submission.Status.REJECTED:
        answer = describe_problem(status=judgement.http_status, detail=judgement.detail, errors=judgement.errors)
    return KeptAnswer(
        scope=form.key, key=key, body_sha256=hash_body(body), status_code=judgement.http_status, answer=answer
    )
