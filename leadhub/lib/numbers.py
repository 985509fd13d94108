"""Whole numbers that a request names: a page, a place, a version, a count."""

_MOST_DIGITS = 5


def read_whole_number(text: str) -> int | None:
    """Return the number, from 0 to 99,999; None for anything else, thousands of digits too, which Python refuses."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
