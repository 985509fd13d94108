"""Dates and amounts as files have them: which way they are written, and reading them. Pure; called by plan, reading."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from capture.money import BadAmount, Money, parse_money

DATE_FORMATS = {"iso": "2026-12-31 (year first)", "dmy": "31.12.2026 (day first)", "mdy": "12/31/2026 (month first)"}
DECIMALS = {"point": "1,200.50", "comma": "1.200,50"}
_PARTED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?)\s*([ap]m)?)?", re.I)
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_COMMA_CENTS = re.compile(r",\d{1,2}\D*$")
_POINT_CENTS = re.compile(r"\.\d{1,2}\D*$")
# A mark that groups no three digits (two within India's lakhs), or that stands behind the cents' mark.
_MISGROUPED = {
    "point": re.compile(r",(?!\d{3}(?!\d)|\d{2},)|\d\.\d+,"),
    "comma": re.compile(r"\.(?!\d{3}(?!\d))|\d,\d+\."),
}


class BadDate(ValueError):
    """The text is no date in the format."""


def detect_date_format(texts: Iterable[str]) -> str:
    """Return the format that reads the most of the texts; a day over twelve tells day and month apart."""
    known = [text for text in texts if text]
    counts = {"iso": 0, "dmy": 0, "mdy": 0}
    for text in known:
        match = _PARTED.match(text)
        if match is None:
            counts["iso"] += 1
            continue
        first, second = int(match[1]), int(match[2])
        counts["dmy"] += first > 12 or ("." in text and second <= 12)
        counts["mdy"] += second > 12
    found = max(counts, key=lambda name: counts[name])
    has_parts = any(_PARTED.match(text) for text in known)
    return "mdy" if has_parts and not counts[found] else found


def detect_decimal(texts: Iterable[str]) -> str:
    """Return what the cents stand behind."""
    known = [text for text in texts if text]
    commas = sum(bool(_COMMA_CENTS.search(text)) for text in known)
    return "comma" if commas > sum(bool(_POINT_CENTS.search(text)) for text in known) else "point"


def read_instant(text: str, *, date_format: str, zone: ZoneInfo) -> datetime:
    """Return the instant; a date alone is its first minute in the zone. Raises `BadDate`."""
    try:
        found = _read_parted(text, date_format) if date_format != "iso" else _read_iso(text)
        aware = found if found.tzinfo else found.replace(tzinfo=zone)
    except ValueError as error:
        raise BadDate(text) from error
    if not 1990 <= aware.year <= 2100:
        raise BadDate(text)
    return aware


def read_amount(text: str, *, decimal: str) -> Money:
    """Return the amount; raises `capture.money.BadAmount`, also for one that is written the other way."""
    if _MISGROUPED[decimal].search(text):
        raise BadAmount(text)
    text = text.replace(".", "").replace(",", ".") if decimal == "comma" else text.replace(",", "")
    whole, point, cents = text.rpartition(".")
    if point and len(cents) > 2 and cents.isdecimal() and whole.isdecimal():
        return parse_money(float(Decimal(text)))
    return parse_money(text)


def _read_iso(text: str) -> datetime:
    slashed = _SLASHED.match(text)
    if slashed:
        text = f"{slashed[1]}-{slashed[2]:0>2}-{slashed[3]:0>2}{text[slashed.end() :]}"
    return datetime.fromisoformat(text)


def _read_parted(text: str, date_format: str) -> datetime:
    match = _PARTED.fullmatch(text)
    if match is None:
        return _read_iso(text)
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    day, month = (first, second) if date_format == "dmy" else (second, first)
    clock = time.fromisoformat(f"{match[4]:0>5}") if match[4] else time.min
    if match[5]:
        clock = clock.replace(hour=clock.hour % 12 + (12 if match[5].lower() == "pm" else 0))
    return datetime.combine(date(year + 2000 if year < 100 else year, month, day), clock)
