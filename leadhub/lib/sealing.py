"""Seal secrets that must be read again, so that a copy of the database alone opens nothing. No models here.

A secret that need only be recognised is hashed instead (API keys, passwords). What is sealed is a Fernet token
(https://github.com/fernet/spec) under a key derived from one of `settings.ENCRYPTION_KEYS` by HKDF (RFC 5869) with a
label of its own, since `SECRET_KEY` signs sessions as well. The first key seals, any of them opens: that is how keys
are replaced. What was stored before there was sealing has no mark and is read as it is.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_MARK = "fernet:"
_LABEL = b"leadhub.sealing"


class NotOpened(Exception):
    """The secret was sealed under a key that this installation no longer has."""


def seal(text: str) -> str:
    """Return the text sealed under the first key."""
    return _MARK + _load_ring(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def open_sealed(text: str) -> str:
    """Return what was sealed under any of the keys, and what never was as it is. Raises `NotOpened`."""
    if not text.startswith(_MARK):
        return text
    try:
        return _load_ring(tuple(settings.ENCRYPTION_KEYS)).decrypt(text.removeprefix(_MARK)).decode()
    except InvalidToken:
        raise NotOpened("No key of LEADHUB_ENCRYPTION_KEYS opens this secret.") from None


def is_unopened(error: BaseException | None) -> bool:
    """Say whether something failed because a key is lost."""
    while error is not None:
        if isinstance(error, NotOpened):
            return True
        error = error.__cause__
    return False


def is_sealed_by_first(text: str) -> bool:
    """Say whether the first key opens it, so that the others could go."""
    if not text.startswith(_MARK):
        return False
    try:
        _load_ring(tuple(settings.ENCRYPTION_KEYS[:1])).decrypt(text.removeprefix(_MARK))
    except InvalidToken:
        return False
    return True


@cache
def _load_ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_LABEL).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
