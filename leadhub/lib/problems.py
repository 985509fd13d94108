"""Problem details, the one shape of every error that a program reads (RFC 9457). Doors and API answer with it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """What is wrong with one field; an empty name means the whole."""

    field: str
    message: str


def describe_problem(*, status: int, detail: str, errors: tuple[FieldError, ...] = ()) -> dict[str, Any]:
    """Return the members of RFC 9457 section 3.1, and `errors` as [{field, message}] where fields are wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"field": error.field, "message": error.message} for error in errors]
    return body
