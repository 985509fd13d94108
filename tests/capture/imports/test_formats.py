"""Amounts of a file are read the way that was chosen, and refused where they are written the other way."""

from decimal import Decimal

import pytest

from capture.imports.formats import read_amount
from capture.money import BadAmount


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1,234.50", "point", "1234.50"),
        ("1,00,000", "point", "100000"),
        ("$1,234", "point", "1234"),
        ("1234.5", "point", "1234.50"),
        ("12.5k", "point", "12500"),
        ("1.234,50 €", "comma", "1234.50"),
        ("1.234.567", "comma", "1234567"),
        ("1234,5", "comma", "1234.50"),
        ("1234", "comma", "1234"),
    ],
)
def test_an_amount_is_read_the_way_that_was_chosen(text: str, decimal: str, amount: str) -> None:
    assert read_amount(text, decimal=decimal).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("1.234,50", "point"), ("12,50", "point"), ("1.234,500", "point"), ("1,234.50", "comma"), ("1234.5", "comma")],
)
def test_an_amount_written_the_other_way_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(BadAmount):
        read_amount(text, decimal=decimal)
