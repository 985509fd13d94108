"""Turn every failure of the API into problem details (RFC 9457), the shape of `leadhub.lib.problems`."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from leadhub.api.unrouted import OVERRUN, RETRY_AFTER_SECONDS
from leadhub.lib.errors import DomainError
from leadhub.lib.problems import CONTENT_TYPE, FieldError, describe_problem
from leadhub.line.entry import NotEntered
from leadhub.tenancy.bounds import is_overrun
from leadhub.tenancy.forms import field_error


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn every anticipated failure into a problem; None lets an unexpected one be a 500."""
    anticipated = _from_domain(error) or _from_database(error) or _from_body(error)
    if anticipated is not None:
        return anticipated
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(*error.args)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    return _from_api_exception(error, response)


def _from_domain(error: Exception) -> Response | None:
    if isinstance(error, NotEntered):
        return build_problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, error.errors)
    if isinstance(error, DomainError):
        return build_problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, [(error.field, error.message)])
    if isinstance(error, ValidationError):
        return build_problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(error.messages), [])
    return None


def _from_database(error: Exception) -> Response | None:
    if isinstance(error, (Http404, ObjectDoesNotExist)):
        return build_problem(HTTPStatus.NOT_FOUND, "There is nothing here that this key may see.", [])
    if is_overrun(error):
        return _tell_overrun()
    found = field_error(error) if isinstance(error, IntegrityError) else None
    return build_problem(HTTPStatus.CONFLICT, found[1], [found]) if found else None


def _tell_overrun() -> Response:
    problem = build_problem(HTTPStatus.SERVICE_UNAVAILABLE, OVERRUN, [])
    problem["Retry-After"] = RETRY_AFTER_SECONDS
    return problem


def _from_body(error: Exception) -> Response | None:
    if isinstance(error, RequestDataTooBig):
        detail = "This is more than 2 MB: send less at once, or a file to `imports/`."
        return build_problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, [])
    if isinstance(error, SuspiciousOperation):
        return build_problem(HTTPStatus.BAD_REQUEST, "This body cannot be read.", [])
    return None


def build_problem(status: int, detail: str, errors: list[tuple[str, str]]) -> Response:
    """Return a problem answer; `errors` are (field, message) pairs, kept where they name a field."""
    kept = tuple(FieldError(field=field, message=message) for field, message in errors if field)
    body = describe_problem(status=int(status), detail=detail, errors=kept)
    return Response(body, status=status, content_type=CONTENT_TYPE)


def _from_api_exception(error: exceptions.APIException, response: Response) -> Response:
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flatten(error.detail, ""))
        problem = build_problem(HTTPStatus.BAD_REQUEST, "Some fields need mending.", errors)
        if "errors" not in problem.data:
            problem.data["detail"] = "; ".join(message for _, message in errors)
        return problem
    problem = build_problem(response.status_code, str(error.detail), [])
    for name in ("WWW-Authenticate", "Retry-After"):
        if response.has_header(name):
            problem[name] = response[name]
    return problem


def _flatten(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flatten(inner, _join(path, "" if name == "non_field_errors" else str(name)))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from _flatten(inner, _join(path, str(place)) if isinstance(inner, dict) else path)
    else:
        yield path, str(detail)


def _join(*parts: str) -> str:
    return ".".join(filter(None, parts))
