"""Make a call of the API from within a request: the same view, with the key of whoever asks. Called by `running`.

Nothing of the API is passed by: authentication, scopes, permissions, validation, the key of a retry, the transaction
that is rolled back on any error. Only the counting is left out, since the message was counted.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from leadhub.web.nul import RefuseNul

_NOT_HANDED_ON = frozenset({"HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_IDEMPOTENCY_KEY"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the API; `body` is None where it has none."""

    method: str
    path: str
    query: dict[str, Any]
    body: dict[str, Any] | None = None
    retry_key: str = ""

    @property
    def record_id(self) -> str:
        """Return the id of the record that the call is about; '' where it is about none."""
        return (*self.path.split("/"), "")[4]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the API answered: `content` is its JSON, None where there is none."""

    status: int
    content: Any

    @property
    def is_error(self) -> bool:
        """Say whether the call failed, and so changed nothing."""
        return self.status >= HTTPStatus.BAD_REQUEST


def make_call(outer: HttpRequest, call: Call) -> Answer:
    """Make the call with the key of the outer request; every failure is an answer."""
    response: Any = _answer(_build_request(outer, call))
    return Answer(status=response.status_code, content=json.loads(response.content) if response.content else None)


def _resolve_and_answer(request: HttpRequest) -> HttpResponse:
    match = resolve(request.path_info)
    view = match.func.view_class.as_view(is_counted=False)  # type: ignore[attr-defined]
    response: Any = view(request, *match.args, **match.kwargs)
    if not getattr(response, "is_rendered", True):
        response.render()
    answer: HttpResponse = response
    return answer


_answer = convert_exception_to_response(RefuseNul(_resolve_and_answer))


def _build_request(outer: HttpRequest, call: Call) -> WSGIRequest:
    body = b"" if call.body is None else json.dumps(call.body).encode()
    environ = {name: value for name, value in outer.META.items() if name not in _NOT_HANDED_ON}
    environ |= {
        "REQUEST_METHOD": call.method,
        "PATH_INFO": call.path,
        "QUERY_STRING": urlencode(call.query, doseq=True),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_ACCEPT": "application/json",
        "wsgi.input": BytesIO(body),
    }
    if call.retry_key:
        environ["HTTP_IDEMPOTENCY_KEY"] = call.retry_key
    return WSGIRequest(environ)
