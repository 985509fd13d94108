"""Read a lead that a lead form of Google Ads sends. Pure; called by `google_door`.

https://developers.google.com/google-ads/webhook/docs/implementation has the format. Fields that it does not name are
left out, as it asks for; what people answered is kept whatever its name.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from capture.payloads import PayloadMalformed, Values, clean_value, read_text, read_values
from capture.validation import list_errors

# What Google calls an answer → what it is here. Work address and phone stand in where there is no other.
_COLUMNS = {
    "FULL_NAME": "name",
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "COMPANY_NAME": "company",
    "JOB_TITLE": "title",
    "STREET_ADDRESS": "street",
    "POSTAL_CODE": "postal_code",
    "CITY": "city",
    "REGION": "region",
    "COUNTRY": "country",
}
_STAND_INS = {"WORK_EMAIL": ("work_email", "email"), "WORK_PHONE": ("work_phone", "phone")}
# Google names no campaign, only its number.
_ATTRIBUTION = {"gcl_id": "gclid", "campaign_id": "utm_campaign", "creative_id": "utm_content"}
_KEPT = ("lead_id", "form_id", "adgroup_id", "asset_group_id", "lead_submit_time")
_KEY = re.compile(rb'("google_key"\s*:\s*")(?:[^"\\]|\\.)*', re.DOTALL)
_NO_LEAD = "This is no lead of Google Ads: a JSON object with user_column_data."


@dataclass(frozen=True, kw_only=True)
class GoogleLead:
    """One message: who answered what by which ad; `key` is what proves that Google sent it."""

    key: str
    lead_id: str
    is_test: bool
    values: Values


def read_lead(body: bytes) -> GoogleLead:
    """Return the lead of a message; raise `PayloadMalformed` where it is none."""
    try:
        told = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PayloadMalformed("The body is not well-formed JSON.") from error
    if not isinstance(told, dict) or not isinstance(told.get("user_column_data"), list):
        raise PayloadMalformed(_NO_LEAD)
    ours = {*_COLUMNS.values(), *(work for work, _usual in _STAND_INS.values())}
    # A question of the advertiser's own may be called “Email”: Google's own columns come last, and so count.
    answers = dict(sorted(_read_answers(told["user_column_data"]), key=lambda answer: answer[0] in ours))
    for work, usual in _STAND_INS.values():
        if work in answers and not answers.get(usual):
            answers[usual] = answers.pop(work)
    return GoogleLead(
        key=_read_word(told, "google_key"),
        lead_id=_read_word(told, "lead_id"),
        is_test=told.get("is_test") is True,
        values={**read_values(answers), **_read_origin(told)},
    )


def hash_key(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_key(given: str, *, sha256: str) -> bool:
    """Say whether the key is the form's; a form that has none knows none."""
    return bool(sha256) and hmac.compare_digest(hash_key(given), sha256)


def name_submission(lead: GoogleLead, *, form_id: UUID) -> UUID | None:
    """Return the id under which the lead is stored once for ever; None for a test, whose lead id is always the same."""
    return None if lead.is_test or not lead.lead_id else uuid5(form_id, f"google_ads:{lead.lead_id}")


def set_doubtful_aside(values: Values, *, country: str) -> Values:
    """Return the values with what is wrong under another name, where the person can be answered all the same.

    Nobody would see the refusal of an ad's lead: an amount or a second way to reach them that makes no sense costs that
    alone.
    """
    wrong = {error.field for error in list_errors(values=values, country=country)}
    aside = {(f"{name}_as_sent" if name in wrong else name): value for name, value in values.items()}
    return aside if read_text(aside, "email") or read_text(aside, "phone") else values


def hide_key(body: bytes) -> bytes:
    """Return the bytes without the key, which opens the door to whoever may read the ledger.

    It is found by its name: JSON may escape any sign of it, and what cannot be read may hold it all the same.
    """
    return _KEY.sub(rb"\1***", body)


def _read_answers(columns: list[Any]) -> Iterator[tuple[str, Any]]:
    for column in columns:
        if isinstance(column, dict):
            column_id = _read_word(column, "column_id").upper()
            asked = _read_word(column, "column_name") or _read_word(column, "column_id")
            name = _COLUMNS.get(column_id) or _STAND_INS.get(column_id, ("",))[0] or asked
            if name:
                yield name, column.get("string_value")


def _read_origin(told: Mapping[str, Any]) -> Values:
    """Return the touch and the numbers that find the ad again."""
    named = {ours: _read_word(told, theirs) for theirs, ours in _ATTRIBUTION.items()}
    numbers = {f"google_{name}": _read_word(told, name) for name in _KEPT}
    found = {name: value for name, value in (named | numbers).items() if value}
    return read_values({"utm_source": "google", "utm_medium": "cpc", **found})


def _read_word(told: Mapping[str, Any], name: str) -> str:
    """Return a text or a number as text; both come, since JavaScript cannot hold numbers of eight bytes."""
    value = told.get(name)
    is_word = isinstance(value, str | int) and not isinstance(value, bool)
    return str(clean_value(str(value))).strip() if is_word else ""
