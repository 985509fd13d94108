"""How amounts, spans and moments read on a page. Pure functions; the template filters call them."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

NOTHING = "–"
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "CHF": "CHF ", "BRL": "R$", "AUD": "A$"}
_WHOLE_UNITS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
_STAGES = {
    "mql": "Marketing qualified: met the bar for sales",
    "sal": "Sales accepted: its owner took it on",
    "sql": "Sales qualified: budget, authority, need and timeline are confirmed",
}
_SINGULARS = {"people": "person", "inquiries": "inquiry", "deliveries": "delivery", "addresses": "address"}
_STORED = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\S*)?$")
_SCALES = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1_000), "k"))
_ROUNDED_UP = Decimal("0.99995")  # from here on it would be 1000.0 of the scale below


def _symbol(currency: str) -> str:
    return _SYMBOLS.get(currency, f"{currency} " if currency else "")


def format_money(amount: Decimal | float | None, currency: str) -> str:
    """Write an amount with its currency; cents only where there are any."""
    if amount is None:
        return NOTHING
    exact = Decimal(str(amount))
    digits = 0 if currency in _WHOLE_UNITS or exact == exact.to_integral_value() else 2
    sign = "-" if exact < 0 else ""
    return f"{sign}{_symbol(currency)}{abs(exact):,.{digits}f}"


def format_money_short(amount: Decimal | float | None, currency: str) -> str:
    """Write an amount for a tile or an axis: three digits and a scale."""
    if amount is None:
        return NOTHING
    exact = Decimal(str(amount))
    for scale, letter in _SCALES:
        if abs(exact) >= scale * _ROUNDED_UP:
            figure = str(_round(abs(exact) / scale, "0.1")).removesuffix(".0")
            return f"{'-' if exact < 0 else ''}{_symbol(currency)}{figure}{letter}"
    return format_money(_round(exact, "1"), currency)


def _round(amount: Decimal, step: str) -> Decimal:
    """Round half up, as people do."""
    return amount.quantize(Decimal(step), ROUND_HALF_UP)


def format_stored(text: str) -> str:
    """Write a moment or day as a record keeps it (ISO 8601) as people read it; any other words as they are."""
    if not _STORED.match(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
        if "T" not in text:
            return f"{moment.day} {moment:%b %Y}"
        return format_moment(moment) if moment.tzinfo else text
    except (ValueError, OverflowError):  # a name that looks like one, or the calendar's end in another zone
        return text


def format_count(value: object) -> object:
    """Write a whole number with its thousands apart; anything else as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def name_counted(count: int, plural: str) -> str:
    """Return the noun as it follows the count: 1 import, 2 imports."""
    return plural if count != 1 else _SINGULARS.get(plural, plural.removesuffix("s"))


def explain_stage(stage: str) -> str:
    """Write out what a stage's letters stand for; nothing for a stage that is a word."""
    return _STAGES.get(str(stage).lower(), "")


def format_duration(span: timedelta | float | None) -> str:
    """Write a span, given as a timedelta or in seconds, with its two largest units."""
    if span is None:
        return NOTHING
    seconds = round(span.total_seconds() if isinstance(span, timedelta) else float(span))
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    days, hours = divmod(seconds // 3600, 24)
    minutes, rest = seconds // 60 % 60, seconds % 60
    units = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((index for index, unit in enumerate(units) if unit[0]), 3)
    shown = [units[first], *[unit for unit in units[first + 1 : first + 2] if unit[0]]]
    return sign + " ".join(f"{count} {name}" for count, name in shown)


def format_ago(moment: datetime, now: datetime) -> str:
    """Write how long ago a moment was, or how soon it comes; beyond a month, its date."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 45:
        return "just now" if seconds >= 0 else "now"
    if abs(seconds) > 30 * 86400:
        return format_moment(moment, "date")
    for size, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= size or name == "min":
            count = max(1, int(abs(seconds) // size))
            return f"{count} {name} ago" if seconds > 0 else f"in {count} {name}"
    raise AssertionError(seconds)


def format_label(name: str) -> str:
    """Write the name of a field or a kind for people: `postal_code` is “Postal code”."""
    return name.replace("_", " ").capitalize()


def format_moment(moment: datetime, style: str = "short") -> str:
    """Write a moment in the viewer's zone.

    Styles: `short` (22 Nov, 14:05; the year when it is another), `date`, `time`, `full` (with weekday and zone).
    """
    local = timezone.localtime(moment)
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    day = f"{local.day} {local:%b}{year}"
    written = {"date": day, "time": f"{local:%H:%M}", "full": f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"}
    return written.get(style, f"{day}, {local:%H:%M}")
