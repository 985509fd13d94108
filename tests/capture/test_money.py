"""Amounts as people write them."""

from decimal import Decimal

import pytest

from capture.money import BadAmount, parse_money


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1200", "1200", ""),
        ("$1,200", "1200", ""),
        ("$1,200.50", "1200.50", ""),
        ("1.234,50 €", "1234.50", "EUR"),
        ("€ 1.234,50", "1234.50", "EUR"),
        ("1.234 €", "1234", "EUR"),
        ("1 234,5", "1234.50", ""),
        ("1\u202f234\u00a0€", "1234", "EUR"),
        ("CHF 1'200.-", "1200", "CHF"),
        ("1200 usd", "1200", "USD"),
        ("US$ 90", "90", "USD"),
        ("£12", "12", "GBP"),
        ("0.500", "0.50", ""),
        ("1234.567", "1234.57", ""),
        ("1.000.000", "1000000", ""),
        ("1,000,000.99", "1000000.99", ""),
        ("10k", "10000", ""),
        ("1.5M", "1500000", ""),
        (250, "250", ""),
        (99.9, "99.90", ""),
    ],
)
def test_reads_what_people_write(text: str | float, amount: str, currency: str) -> None:
    money = parse_money(text)
    assert (money.amount, money.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["", "a lot", "-5", "10-20", "1e400", "9" * 13, "NaN", "1.2.3,4,5x", -1, float("inf")])
def test_refuses_what_is_no_amount(text: str | float) -> None:
    with pytest.raises(BadAmount):
        parse_money(text)
