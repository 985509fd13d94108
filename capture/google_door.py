"""The door of lead forms of Google Ads: each form has one, opened by a key that its admin pastes there. Public.

https://developers.google.com/google-ads/webhook/docs/implementation: 200 and `{}` is success, a 4xx tells what to mend,
a 5xx is tried again. It only stores, as the form's own door does: in one statement, once for ever by its `lead_id`.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from capture.callers import describe_request, get_address
from capture.definitions import FormDefinition, find_form
from capture.doors import Arrival, store_submission
from capture.google_ads import GoogleLead, hide_key, is_key, name_submission, read_lead, set_doubtful_aside
from capture.models import Submission
from capture.payloads import PayloadMalformed, Values
from capture.rate import FLOOD, measure_rate
from capture.validation import list_errors
from leadhub.accounts.access import public_view
from leadhub.leads.models import Door
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id

TEST_REASON = "A test of Google Ads: it arrived, and makes no lead."
_NO_KEY = "google_key is not this form's: copy it from the form's page in LeadHub into Google Ads again."
_Status = Submission.Status


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    """What becomes of a message. `message` is what Google shows to its admin; `reason` is for the ledger."""

    status: Submission.Status
    http_status: HTTPStatus
    message: str = ""
    reason: str = ""
    values: Values


@csrf_exempt
@public_view
def google_door(request: HttpRequest, key: str) -> HttpResponse:
    """Take a lead of Google Ads in."""
    form = find_form(key)
    if form is None:
        return _answer(HTTPStatus.NOT_FOUND, "No form has this key: copy the webhook's URL from LeadHub again.")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        body = request.read(settings.FORM_MAX_BYTES + 1)
    except UnreadablePostError:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)  # the sender hung up: nobody reads this
    return _receive(request, form, body=body, now=utc_now())


def _receive(request: HttpRequest, form: FormDefinition, *, body: bytes, now: datetime) -> HttpResponse:
    """Judge, store and answer one message; a flood of strangers' is not stored."""
    lead, fault = _read(body)
    is_google = lead is not None and is_key(lead.key, sha256=form.google_key_sha256)
    if not is_google and measure_rate(form_key=form.key, address=get_address(request)) > FLOOD:
        return _answer(HTTPStatus.TOO_MANY_REQUESTS, "Too many posts came from this address: wait, then try again.")
    verdict = _judge(lead, form) if lead and is_google else _turn_away(lead, fault)
    is_taken = verdict.status == _Status.PENDING  # what was refused may be sent again, and be taken then
    name = name_submission(lead, form_id=form.id) if lead and is_taken else None
    arrival = Arrival(
        door=Door.AD,
        form_id=form.id,
        body=hide_key(body[: settings.FORM_MAX_BYTES]),
        content_type=request.META.get("CONTENT_TYPE", ""),
        request=describe_request(request),
        values=verdict.values,
    )
    store_submission(
        organization_id=form.organization_id,
        submission_id=name or new_id(),
        arrival=arrival,
        status=verdict.status,
        reasons=[verdict.reason] if verdict.reason else [],
        now=now,
    )
    return _answer(verdict.http_status, verdict.message)


def _read(body: bytes) -> tuple[GoogleLead | None, str]:
    """Return the lead, or why there is none."""
    if len(body) > settings.FORM_MAX_BYTES:
        return None, f"The post is too large: send at most {settings.FORM_MAX_BYTES // 1024} KB."
    try:
        return read_lead(body), ""
    except PayloadMalformed as malformed:
        return None, str(malformed)


def _judge(lead: GoogleLead, form: FormDefinition) -> _Verdict:
    """Judge what Google certainly sent."""
    values = set_doubtful_aside(lead.values, country=form.country)
    if lead.is_test:
        return _Verdict(status=_Status.REJECTED, http_status=HTTPStatus.OK, reason=TEST_REASON, values=values)
    if not form.is_active:
        return _refuse(HTTPStatus.GONE, "This form is closed in LeadHub.", values)
    errors = list_errors(values=values, country=form.country)
    if errors:
        told = " ".join(f"{error.field}: {error.message}" for error in errors)
        return _refuse(HTTPStatus.UNPROCESSABLE_ENTITY, told, values)
    return _Verdict(status=_Status.PENDING, http_status=HTTPStatus.OK, values=values)


def _turn_away(lead: GoogleLead | None, fault: str) -> _Verdict:
    """Refuse what does not prove that Google sent it."""
    if lead is None:
        return _refuse(HTTPStatus.BAD_REQUEST, fault, {})
    return _refuse(HTTPStatus.FORBIDDEN, _NO_KEY, lead.values)


def _refuse(http_status: HTTPStatus, message: str, values: Values) -> _Verdict:
    status = _Status.REJECTED
    return _Verdict(status=status, http_status=http_status, message=message, reason=message, values=values)


def _answer(status: HTTPStatus, message: str = "") -> HttpResponse:
    return JsonResponse({"message": message} if message else {}, status=status)
