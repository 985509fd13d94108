"""Whole numbers and ids that a request names."""

import pytest

from leadhub.lib.ids import new_id, read_id
from leadhub.lib.numbers import read_whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("99999", 99_999)])
def test_a_short_whole_number_is_read(text: str, number: int) -> None:
    assert read_whole_number(text) == number


@pytest.mark.parametrize("text", ["100000", "9" * 5_000, "-1", "1.5", "", "x"])
def test_anything_else_is_none(text: str) -> None:
    assert read_whole_number(text) is None


def test_an_id_is_read() -> None:
    known = new_id()
    assert (read_id(known), read_id(str(known))) == (known, known)


@pytest.mark.parametrize("value", ["", None, "1", {}])
def test_what_is_no_id_is_none(value: object) -> None:
    assert read_id(value) is None
