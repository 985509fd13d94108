"""The secrets of two-step log-in are stored sealed: what a code is computed from must not be read off a backup.

allauth calls the adapter (`MFA_ADAPTER`); a migration, `leadhub reseal` and `leadhub doctor` the functions.
"""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.db import models, transaction

from leadhub.lib.sealing import NotOpened, is_sealed_by_first, open_sealed, seal

_SECRETS = ("secret", "seed")
Rows = models.Manager[Any]


class Seal(StrEnum):
    """How one row's secrets are stored."""

    FIRST = "by the first key"
    FORMER = "not, or by a former key"
    LOST = "by a key that is gone"


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How allauth stores the secret of an authenticator app and the seed of recovery codes."""

    def encrypt(self, text: str) -> str:
        """Seal what is to be stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was stored; where the key is gone, tell whoever types a code whom to ask."""
        try:
            return open_sealed(encrypted_text)
        except NotOpened as error:
            message = "This server has lost the key to your two-step log-in. Ask whoever runs it to put it back."
            raise ValidationError(message) from error


def reseal_second_steps(rows: Rows) -> int:
    """Seal under the first key what is not yet, and leave what no key opens; return how many rows changed."""
    return _rewrite(rows, lambda text: text if is_sealed_by_first(text) else seal(open_sealed(text)))


def unseal_second_steps(rows: Rows) -> int:
    """Store the secrets unsealed again: the way back of the migration."""
    return _rewrite(rows, open_sealed)


def forget_lost_second_steps(rows: Rows) -> int:
    """Delete what no key opens, so that its owner logs in by password and sets it up anew; return how many rows."""
    with transaction.atomic(using=rows.db):
        lost = [row.pk for row in rows.select_for_update() if _judge(row.data) is Seal.LOST]
        rows.filter(pk__in=lost).delete()
    return len(lost)


def count_seals(rows: Rows) -> Counter[Seal]:
    """Return how many rows are sealed how."""
    return Counter(_judge(row.data) for row in rows.only("data").iterator())


def _rewrite(rows: Rows, write: Callable[[str], str]) -> int:
    """Lock each row, as allauth does where a recovery code is used up: no use of one is undone."""
    changed = 0
    with transaction.atomic(using=rows.db):
        for row in rows.select_for_update().order_by("pk"):
            try:
                data = _map_secrets(row.data, write)
            except NotOpened:
                continue
            if data != row.data:
                row.data = data
                row.save(update_fields=["data"])
                changed += 1
    return changed


def _map_secrets(stored: dict[str, Any], write: Callable[[str], str]) -> dict[str, Any]:
    return {**stored, **{name: write(stored[name]) for name in _SECRETS if name in stored}}


def _judge(stored: dict[str, Any]) -> Seal:
    texts = [stored[name] for name in _SECRETS if name in stored]
    if all(is_sealed_by_first(text) for text in texts):
        return Seal.FIRST
    try:
        _map_secrets(stored, open_sealed)
    except NotOpened:
        return Seal.LOST
    return Seal.FORMER
