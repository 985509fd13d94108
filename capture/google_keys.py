"""Set and end the key that opens a form's door to Google Ads. Called by the form's page and the API."""

import secrets
from datetime import datetime

from capture.definitions import forget_form
from capture.google_ads import hash_key
from capture.models import Form
from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership

SHORTEST, LONGEST = 16, 50
_BYTES = 24  # 32 characters


def choose_google_key() -> str:
    """Return a key that nobody guesses."""
    return secrets.token_urlsafe(_BYTES)


def set_google_key(*, form: Form, key: str, actor: Membership, now: datetime) -> None:
    """Open the form's door to who sends the key, which nobody can read again; the former opens nothing any more."""
    _write(form, sha256=hash_key(key), words="Set the key", actor=actor, now=now)


def end_google_key(*, form: Form, actor: Membership, now: datetime) -> None:
    """Close the form's door to Google Ads."""
    _write(form, sha256="", words="Ended the key", actor=actor, now=now)


def _write(form: Form, *, sha256: str, words: str, actor: Membership, now: datetime) -> None:
    """Write the key; what is so already writes nothing."""
    before = form.google_key_sha256
    if before == sha256:
        return
    form.google_key_sha256 = sha256
    form.save(update_fields=["google_key_sha256"])
    record_change(
        actor=actor,
        action="form.google_key",
        target_kind="form",
        target_id=form.pk,
        summary=f"{words} for lead forms of Google Ads: {form.name}"[:300],
        now=now,
        before={"has_google_key": bool(before)},
        after={"has_google_key": bool(sha256)},
    )
    forget_form(form.key)
