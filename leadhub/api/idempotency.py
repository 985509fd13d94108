"""`Idempotency-Key` for every POST of the API: a retry gets the first answer again (ADR 5)."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from capture.idempotency import FirstAnswer, KeyInFlight, find_first_answer, hash_body
from capture.models import IdempotencyKey
from leadhub.accounts.models import ApiKey
from leadhub.lib.clock import utc_now


class AnsweredBefore(Exception):
    """Carries the first answer past the view."""

    def __init__(self, first: FirstAnswer) -> None:
        super().__init__("answered before")
        self.first = first


class InFlight(exceptions.APIException):
    """The first request with the key is still at work."""

    status_code = HTTPStatus.CONFLICT


def has_key(request: Request) -> bool:
    """Say whether the call may be repeated."""
    return request.method == "POST" and bool(request.headers.get("Idempotency-Key"))


def hash_parts(parts: QueryDict) -> str:
    """Return the SHA-256 of a multipart body's fields and files in hex, however large the files are."""
    digest = hashlib.sha256()
    for name, values in sorted(parts.lists()):
        for value in values:
            pieces = value.chunks() if isinstance(value, UploadedFile) else [str(value).encode()]
            inner = hashlib.sha256()
            for piece in pieces:
                inner.update(piece)
            digest.update(f"{name}:{inner.hexdigest()}\n".encode())
    return digest.hexdigest()


def replay_answer(request: Request, *, body_sha256: str) -> None:
    """Raise `AnsweredBefore` when a POST with this key was answered; hold the key until the commit."""
    try:
        first = find_first_answer(
            scope=_scope(request), key=request.headers["Idempotency-Key"], body_sha256=body_sha256, now=utc_now()
        )
    except KeyInFlight as error:
        raise InFlight(error.message) from error
    if first is not None:
        raise AnsweredBefore(first)


def keep_answer(request: Request, response: Response, *, body_sha256: str) -> None:
    """Remember a success for 24 hours, in the request's own transaction."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return
    answer: Any = json.loads(JSONRenderer().render(response.data))
    IdempotencyKey.objects.create(
        scope=_scope(request),
        key=request.headers["Idempotency-Key"],
        body_sha256=body_sha256,
        status_code=response.status_code,
        answer=answer,
        created_at=utc_now(),
    )


def _scope(request: Request) -> str:
    caller = request.auth.id if isinstance(request.auth, ApiKey) else request.user.pk
    return f"{caller}:{hash_body(request.path.encode())[:32]}"
