"""Read an amount as people write it: "$1,200", "1.234,50 €", "CHF 1'200", "10k". Called by validation and intake."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₩": "KRW", "₪": "ILS", "zł": "PLN"}
_FACTORS = {"k": 1_000, "m": 1_000_000, "": 1}
_SPACES = re.compile(r"[\s'’`_]")
_AMOUNT = re.compile(r"^(?P<number>\d[\d.,]*)(?P<factor>[kKmM]?)(?:[.,]-+)?$")
_CODE = re.compile(r"^(?P<before>[A-Za-z]{3})?(?P<rest>.*?)(?P<after>[A-Za-z]{3})?$", re.DOTALL)
LARGEST = Decimal(10) ** 12


class BadAmount(ValueError):
    """The text is not an amount of money."""


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount with two places, and the currency that its text names; empty where it names none."""

    amount: Decimal
    currency: str


def parse_money(value: str | int | float) -> Money:
    """Read a number or a text; raise `BadAmount` for what is neither, negative or beyond twelve digits."""
    if isinstance(value, str):
        return _parse_text(value)
    return Money(amount=_bound(Decimal(str(value))), currency="")


def _parse_text(text: str) -> Money:
    bare, currency = _take_currency(_SPACES.sub("", text))
    match = _AMOUNT.match(bare)
    if match is None:
        raise BadAmount(text)
    amount = _read_number(match["number"].rstrip(".,")) * _FACTORS[match["factor"].lower()]
    return Money(amount=_bound(amount), currency=currency)


def _take_currency(text: str) -> tuple[str, str]:
    for symbol, code in _SYMBOLS.items():
        if symbol in text:
            return text.replace(symbol, ""), code
    match = _CODE.match(text.replace("US$", "USD").replace("$", "").replace("¥", ""))
    if match is None or not (match["before"] or match["after"]):
        return text.replace("$", "").replace("¥", ""), ""
    return match["rest"], (match["before"] or match["after"]).upper()


def _read_number(digits: str) -> Decimal:
    """Tell the decimal point from the thousands': the last mark is a point unless it groups three digits."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    whole, fraction, mark = digits[:last], digits[last + 1 :], digits[last]
    is_repeated = mark in whole
    has_other_mark = "." in whole or "," in whole
    is_group = len(fraction) == 3 and not has_other_mark and len(whole) <= 3 and not whole.startswith("0")
    plain = whole.replace(".", "").replace(",", "")
    try:
        return Decimal(plain + fraction) if is_repeated or is_group else Decimal(f"{plain}.{fraction}")
    except InvalidOperation as error:
        raise BadAmount(digits) from error


def _bound(amount: Decimal) -> Decimal:
    if not amount.is_finite() or amount < 0 or amount >= LARGEST:
        raise BadAmount(str(amount))
    return amount.quantize(Decimal("0.01"))
