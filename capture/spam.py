"""The signs of spam at a door: honeypot, signed timestamp, rate, disposable mail, a link for a name.

They quarantine, never refuse. Whoever writes a link as a name, and somebody else's address, would have us mail it:
acknowledgements greet by name.
"""

import re
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils.crypto import constant_time_compare, salted_hmac

from capture.payloads import Values, read_text

HONEYPOT = "lh_website"
STAMP = "lh_stamp"
FASTEST_SECONDS = 2
OLDEST_SECONDS = 24 * 3600
_LONGEST_DOMAIN = 255  # RFC 1035 section 2.3.4; each of its labels is looked at with those behind it
_NAMES = ("name", "first_name", "last_name")
_LINK = re.compile(r"://|\bwww\.|\w\.(?:com|net|org|info|biz|ru|cn|xyz|top|site|shop)\b", re.IGNORECASE)


def make_stamp(*, form_key: str, now: datetime) -> str:
    """Return the signed instant that a rendered form carries."""
    instant = str(round(now.timestamp() * 1000))
    return f"{instant}.{_sign(form_key, instant)}"


def list_signs(*, values: Values, form_key: str, now: datetime, is_over_rate: bool) -> list[str]:
    """Return why a post is suspect, a sentence each; a post without a timestamp is judged by the other signs."""
    signs = []
    if read_text(values, HONEYPOT):
        signs.append("A field that people cannot see was filled in.")
    if STAMP in values and (sign := _judge_stamp(read_text(values, STAMP), form_key=form_key, now=now)):
        signs.append(sign)
    if is_over_rate:
        signs.append("Too many posts came from this address.")
    if is_disposable(read_text(values, "email")):
        signs.append("The e-mail address is a disposable one.")
    if any(_LINK.search(read_text(values, name)) for name in _NAMES):
        signs.append("The name is a link.")
    return signs


def has_stamp(values: Values) -> bool:
    """Say whether a form of ours was rendered for this post."""
    return STAMP in values


def is_disposable(email: str) -> bool:
    """Say whether the address belongs to a provider of throw-away mailboxes."""
    labels = email.rpartition("@")[2].strip()[-_LONGEST_DOMAIN:].lower().split(".")
    known = _load_disposable()
    return any(".".join(labels[start:]) in known for start in range(len(labels) - 1))


def _judge_stamp(stamp: str, *, form_key: str, now: datetime) -> str:
    instant, _, signature = stamp.partition(".")
    if not instant.isdecimal() or not constant_time_compare(signature, _sign(form_key, instant)):
        return "The form's timestamp is not ours."
    seconds = now.timestamp() - int(instant) / 1000
    if seconds < FASTEST_SECONDS:
        return f"The form was sent {max(seconds, 0):.1f} s after it was shown."
    if seconds > OLDEST_SECONDS:
        return "The form was shown more than a day ago."
    return ""


def _sign(form_key: str, instant: str) -> str:
    return salted_hmac("capture.stamp", f"{form_key}:{instant}", algorithm="sha256").hexdigest()[:32]


@cache
def _load_disposable() -> frozenset[str]:
    lines = Path(__file__).with_name("disposable_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
