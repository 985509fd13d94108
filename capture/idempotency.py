"""`Idempotency-Key`: the same key and body get the first answer again (ADR 5). Doors and API call it.

A request holds an advisory lock for its transaction, so that a second one in flight is told at once instead of
waiting for the first.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from capture.models import IdempotencyKey
from leadhub.lib.errors import DomainError
from leadhub.tenancy.scope import get_organization_id

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255
_SWEPT_AT_ONCE = 20


class KeyTooLong(DomainError):
    """The header is longer than 255 characters."""


class KeyInFlight(DomainError):
    """The first request with this key has not been answered yet."""


class KeyReused(DomainError):
    """The key came before with another body."""


@dataclass(frozen=True, kw_only=True)
class FirstAnswer:
    """What the first request with the key was answered."""

    status_code: int
    answer: dict[str, Any]


def hash_body(body: bytes) -> str:
    """Return the SHA-256 of a body in hex."""
    return hashlib.sha256(body).hexdigest()


def find_first_answer(*, scope: str, key: str, body_sha256: str, now: datetime) -> FirstAnswer | None:
    """Return the answer of the first request, or None when this is the first; holds the key till the commit.

    Raises `KeyTooLong`, `KeyInFlight`, `KeyReused`. A key older than 24 h is forgotten.
    """
    if len(key) > LONGEST_KEY:
        raise KeyTooLong("An Idempotency-Key has at most 255 characters.")
    if not _lock(f"idempotency:{get_organization_id()}:{scope}:{key}"):
        raise KeyInFlight("The first request with this Idempotency-Key is still being answered: ask again.")
    IdempotencyKey.objects.filter(scope=scope, key=key, created_at__lte=now - KEPT_FOR).delete()
    forget_old_keys(now=now)
    known = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if known is None or known.status_code is None:
        return None
    if known.body_sha256 != body_sha256:
        raise KeyReused("This Idempotency-Key came before with another body: use a new key.")
    return FirstAnswer(status_code=known.status_code, answer=known.answer or {})


def forget_old_keys(*, now: datetime) -> int:
    """Delete some of the organization's keys that are older than 24 h and nobody holds; return how many.

    Whoever brings a key sweeps a few others away, so that no job is needed and nobody waits.
    """
    old = IdempotencyKey.objects.filter(created_at__lte=now - KEPT_FOR).order_by("created_at")
    some = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_SWEPT_AT_ONCE]
    deleted, _ = IdempotencyKey.objects.filter(pk__in=list(some)).delete()
    return deleted


def _lock(name: str) -> bool:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
