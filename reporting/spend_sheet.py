"""Read spend from the rows of a file, as ad platforms export them. Pure; called by `spend_upload`.

Headers are known by many names, days and amounts in many spellings. Rows of the same level and days are added up:
an export by ad group has many for one campaign and day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from leadhub.leads.models import Channel
from leadhub.lib.errors import DomainError
from reporting.spend import SpendLine, read_key, require_line

MOST_ROWS = 20_000
_LONGEST_HEADER, _QUOTED = 120, 60
HEADERS: dict[str, tuple[str, ...]] = {
    "channel": ("channel", "channel group", "default channel group"),
    "source": ("source", "platform", "network", "utm_source"),
    "campaign": ("campaign", "campaign name", "utm_campaign"),
    "first_on": ("day", "date", "from", "first day", "start date", "reporting starts"),
    "last_on": ("to", "last day", "until", "end date", "reporting ends"),
    "amount": ("amount", "cost", "spend", "amount spent", "ad spend", "spent"),
    "currency": ("currency", "currency code", "account currency"),
}
_CHANNELS = {name.casefold(): Channel(value) for value, label in Channel.choices for name in (value, str(label))}
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class UnreadableSpend(DomainError):
    """The file has no day or no amount, or too many rows."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What a file leaves unsaid: the channel and source of all its rows, the currency, the order of 3/4/2026."""

    channel: str = ""
    source: str = ""
    currency: str
    has_month_first: bool


@dataclass(frozen=True, kw_only=True)
class RowError:
    """What is wrong with a row of the file, counted as a spreadsheet does."""

    number: int
    message: str


def read_lines(rows: Iterable[tuple[int, list[str]]], habits: Habits) -> tuple[list[SpendLine], list[RowError]]:
    """Return the lines of the numbered rows and what is wrong with the rows left out. Raises `UnreadableSpend`."""
    remaining = iter(rows)
    places = _find_columns(next(remaining, (1, []))[1])
    lines: dict[tuple[Any, ...], SpendLine] = {}
    errors: list[RowError] = []
    for count, (number, row) in enumerate(remaining, start=1):
        if count > MOST_ROWS:
            raise UnreadableSpend(f"This file has more than {MOST_ROWS:,} rows: split it by months.", field="file")
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        try:
            line = require_line(_read_line(cells, habits))
            lines[read_key(line)] = _add(line, lines.get(read_key(line)))
        except DomainError as error:
            errors.append(RowError(number=number, message=error.message))
    return list(lines.values()), errors


def _add(line: SpendLine, former: SpendLine | None) -> SpendLine:
    """Return the line with what earlier rows had for the same level and days."""
    if former is None:
        return line
    if former.currency != line.currency:
        raise UnreadableSpend(f"An earlier row has this level and these days in {former.currency}.")
    return require_line(replace(line, amount=line.amount + former.amount))


def read_day(text: str, *, has_month_first: bool) -> date:
    """Read 2026-03-04, 4.3.2026 and 3/4/2026. Raises `UnreadableSpend`."""
    try:
        if match := _DOTTED.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _SLASHED.fullmatch(text):
            month, day = (match[1], match[2]) if has_month_first else (match[2], match[1])
            return date(int(match[3]), int(month), int(day))
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise UnreadableSpend(f"“{text[:_QUOTED]}” is no day: write it as YYYY-MM-DD.") from error


def read_amount(text: str) -> Decimal:
    """Read 1,234.50, 1.234,50 and $12. Raises `UnreadableSpend`."""
    figures = re.sub(r"[^\d.,-]", "", text)
    if figures.rfind(",") > figures.rfind(".") and not re.search(r",\d{3}$", figures):
        figures = figures.replace(".", "").replace(",", ".")
    try:
        return Decimal(figures.replace(",", ""))
    except InvalidOperation as error:
        raise UnreadableSpend(f"“{text[:_QUOTED]}” is no amount." if text else "The amount is missing.") from error


def _find_columns(header: list[str]) -> dict[str, int]:
    known = [re.sub(r"\s*\(.*\)$", "", name[:_LONGEST_HEADER]).strip().casefold() for name in header]
    places = {
        field: place
        for field, names in HEADERS.items()
        if (place := next((known.index(name) for name in names if name in known), None)) is not None
    }
    for field, words in (("first_on", "the day (Day, Date or From)"), ("amount", "the amount (Amount, Cost or Spend)")):
        if field not in places:
            raise UnreadableSpend(f"No column of this file is {words}: name it in the first row.", field="file")
    return places


def _read_line(cells: dict[str, str], habits: Habits) -> SpendLine:
    first_on = read_day(cells["first_on"], has_month_first=habits.has_month_first)
    last = cells.get("last_on", "")
    return SpendLine(
        channel=_read_channel(cells.get("channel", "") or habits.channel),
        source=cells.get("source", "") or habits.source,
        campaign=cells.get("campaign", ""),
        first_on=first_on,
        last_on=read_day(last, has_month_first=habits.has_month_first) if last else first_on,
        amount=read_amount(cells["amount"]),
        currency=cells.get("currency", "") or habits.currency,
    )


def _read_channel(text: str) -> Channel:
    if not text:
        raise UnreadableSpend("The channel is missing: choose one for the whole file.")
    if text.casefold() not in _CHANNELS:
        raise UnreadableSpend(f"“{text[:_QUOTED]}” is no channel, such as Paid Search.")
    return _CHANNELS[text.casefold()]


def to_json(lines: Iterable[SpendLine]) -> Iterator[dict[str, str]]:
    """Yield the lines as an upload keeps them."""
    for line in lines:
        yield {
            **{name: str(getattr(line, name)) for name in ("source", "campaign", "first_on", "last_on", "amount")},
            "channel": line.channel.value,
            "currency": line.currency,
        }


def from_json(kept: Iterable[dict[str, str]]) -> list[SpendLine]:
    """Return the lines that an upload keeps."""
    return [
        SpendLine(
            channel=Channel(line["channel"]),
            source=line["source"],
            campaign=line["campaign"],
            first_on=date.fromisoformat(line["first_on"]),
            last_on=date.fromisoformat(line["last_on"]),
            amount=Decimal(line["amount"]),
            currency=line["currency"],
        )
        for line in kept
    ]
