"""Judge a post at the form door: rejected with a clear answer, quarantined in silence, or pending."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest

from capture.callers import get_address, is_welcome
from capture.definitions import FormDefinition
from capture.models import Submission
from capture.payloads import PayloadMalformed, Values, parse_payload
from capture.rate import FLOOD, measure_rate
from capture.spam import HONEYPOT, STAMP, has_stamp, list_signs
from capture.validation import list_errors
from leadhub.lib.problems import FieldError

_Status = Submission.Status


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What becomes of a post. `detail` is what a rejected sender is told; `reasons` is for the ledger."""

    status: Submission.Status
    values: Values = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    http_status: HTTPStatus = HTTPStatus.ACCEPTED
    detail: str = ""
    errors: tuple[FieldError, ...] = ()


def judge_post(*, request: HttpRequest, form: FormDefinition, body: bytes, now: datetime) -> Judgement:
    """Return the judgement of a post; reads nothing but the request, and counts its address."""
    times_the_rate = measure_rate(form_key=form.key, address=get_address(request))
    if times_the_rate > FLOOD:
        return _reject(HTTPStatus.TOO_MANY_REQUESTS, "Too many posts came from this address: wait, then try again.")
    if not form.is_active:
        return _reject(HTTPStatus.GONE, "This form is closed.")
    if not is_welcome(request, form):
        return _reject(HTTPStatus.FORBIDDEN, "This form does not take posts from that site.")
    if len(body) > settings.FORM_MAX_BYTES:
        kilobytes = settings.FORM_MAX_BYTES // 1024
        return _reject(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The post is too large: send at most {kilobytes} KB.")
    try:
        values = parse_payload(request, body)
    except PayloadMalformed as error:
        return _reject(HTTPStatus.BAD_REQUEST, str(error))
    return _judge_values(values, form=form, now=now, is_crowded=times_the_rate > 1)


def _judge_values(values: Values, *, form: FormDefinition, now: datetime, is_crowded: bool) -> Judgement:
    asked = tuple(item.name for item in form.fields if item.is_required) if has_stamp(values) else ()
    errors = list_errors(values=values, country=form.country, required=asked)
    signs = list_signs(values=values, form_key=form.key, now=now, is_over_rate=is_crowded)
    kept = {name: value for name, value in values.items() if name not in (HONEYPOT, STAMP)}
    if errors:
        detail = "Some fields need your attention."
        reasons = tuple(f"{error.field}: {error.message}" for error in errors)
        return Judgement(
            status=_Status.REJECTED,
            values=kept,
            reasons=reasons,
            http_status=HTTPStatus.UNPROCESSABLE_ENTITY,
            detail=detail,
            errors=errors,
        )
    status = _Status.QUARANTINED if signs else _Status.PENDING
    return Judgement(status=status, values=kept, reasons=tuple(signs))


def _reject(http_status: HTTPStatus, detail: str) -> Judgement:
    return Judgement(status=_Status.REJECTED, reasons=(detail,), http_status=http_status, detail=detail)
