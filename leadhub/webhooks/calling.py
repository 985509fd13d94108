"""One call to an endpoint, signed as Standard Webhooks asks, and what came of it. Knows no model and no database.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from standardwebhooks import Webhook

from leadhub.lib.http_client import Answer, CallFailed, Limits, post
from leadhub.webhooks.payloads import write_json

LIMITS = Limits(seconds=10, step_seconds=5, body_bytes=4 * 1024)
_LONGEST_WAIT = timedelta(days=1)
# What says that the server, and not this one message, is in trouble.
_OVERLOADED = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One message to one endpoint. `id` is the same at every try, and so is the body."""

    id: UUID
    organization_id: UUID
    url: str
    secrets: Sequence[str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a call: `error` is empty where it was taken; `wait`: the server asked for that long.

    `is_gone`: it wants no more calls. `is_down`: the next message would fare no better.
    """

    error: str = ""
    status: int | None = None
    answer: str = ""
    is_gone: bool = False
    is_down: bool = False
    wait: timedelta | None = None


def write_body(content: Mapping[str, Any]) -> bytes:
    """Return the payload `{type, timestamp, data}` of a stored delivery."""
    told = {"type": content["subject"], "timestamp": content["timestamp"], "data": content["data"]}
    return write_json(told)


def sign(*, message_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the three headers; while a secret is replaced both sign, and either is enough."""
    signatures = [Webhook(secret).sign(msg_id=message_id, timestamp=at, data=body.decode()) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def make_call(call: Call, *, now: datetime) -> Outcome:
    """Call the endpoint once and return what came of it."""
    signed = sign(message_id=str(call.id), at=now, body=call.body, secrets=call.secrets)
    headers = {"Content-Type": "application/json", "User-Agent": "LeadHub-Webhooks/1", **signed}
    try:
        answer = post(call.url, body=call.body, headers=headers, limits=LIMITS)
    except CallFailed as failure:
        return Outcome(error=str(failure), is_down=True)
    return judge(answer, now=now)


def judge(answer: Answer, *, now: datetime) -> Outcome:
    """Return what the answer means: only a 2xx is a yes, and a redirect is not followed."""
    text = answer.body.decode(errors="replace").replace("\0", "")
    if answer.is_success:
        return Outcome(status=answer.status, answer=text)
    is_down = answer.status in _OVERLOADED
    return Outcome(
        error=f"The server answered {answer.status}{_name_status(answer.status)}.",
        status=answer.status,
        answer=text,
        is_gone=answer.status == HTTPStatus.GONE,
        is_down=is_down,
        wait=read_wait(answer.headers.get("retry-after", ""), now=now) if is_down else None,
    )


def read_wait(text: str, *, now: datetime) -> timedelta | None:
    """Return how long Retry-After asks to wait, seconds or a date (RFC 9110 section 10.2.3), at most a day."""
    try:
        wait = timedelta(seconds=int(text)) if text.isdecimal() else _read_date(text) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _read_date(text: str) -> datetime:
    at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _name_status(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def show_body(content: Mapping[str, Any]) -> str:
    """Return the payload as a person reads it."""
    return json.dumps(json.loads(write_body(content)), indent=2, ensure_ascii=False)
