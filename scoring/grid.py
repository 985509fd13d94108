"""The grid A–D × 1–4: where a lead stands relative to the bar, in Python and as SQL (docs/adr on the score grid).

Fit A from 1.5 times the bar, B from the bar, C from half of it, D below; engagement 1–4 alike, by the line that counts
as its bar (`points`). So the MQL bar is met in the cells A1, A2, B1, B2, and the grid moves with the bar.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Concat
from django.db.models.lookups import GreaterThanOrEqual

STEPS = (1.5, 1.0, 0.5)
FIT_LETTERS = "ABCD"
ENGAGEMENT_DIGITS = "1234"
GRADES = tuple(letter + digit for letter in FIT_LETTERS for digit in ENGAGEMENT_DIGITS)
TREATMENTS = {
    "high_high": "Route now",
    "high_low": "Nurture: fits, not interested yet",
    "low_high": "Qualify first: interested, may not fit",
    "low_low": "Park",
}


def find_grade(*, fit: float, engagement: float, fit_bar: float, line: float) -> str:
    """Return the cell, as in `B2`."""
    return _cell(fit, fit_bar, FIT_LETTERS) + _cell(engagement, line, ENGAGEMENT_DIGITS)


def find_treatment(grade: str) -> str:
    """Return in words what a cell of the grid asks for."""
    fit = "high" if grade[0] in FIT_LETTERS[:2] else "low"
    engagement = "high" if grade[1] in ENGAGEMENT_DIGITS[:2] else "low"
    return TREATMENTS[f"{fit}_{engagement}"]


def grade_expression(*, fit: Any, engagement: Any, fit_bar: Any, line: Any) -> Concat:
    """Return the cell in SQL; every argument is an expression."""
    letter = _cell_expression(fit, fit_bar, FIT_LETTERS)
    digit = _cell_expression(engagement, line, ENGAGEMENT_DIGITS)
    return Concat(letter, digit, output_field=CharField())


def grade_sql(*, fit: str, engagement: str, fit_bar: str, line: str) -> str:
    """Return the cell as SQL text, for statements written by hand; every argument is SQL text of our own."""
    return f"({_cell_sql(fit, fit_bar, FIT_LETTERS)} || {_cell_sql(engagement, line, ENGAGEMENT_DIGITS)})"


def _cell(value: float, bar: float, names: Sequence[str]) -> str:
    return next((name for step, name in zip(STEPS, names, strict=False) if value >= step * bar), names[-1])


def _cell_expression(value: Any, bar: Any, names: Sequence[str]) -> Case:
    whens = [
        When(GreaterThanOrEqual(value, bar * Value(step)), then=Value(name))
        for step, name in zip(STEPS, names, strict=False)
    ]
    return Case(*whens, default=Value(names[-1]), output_field=CharField())


def _cell_sql(value: str, bar: str, names: str) -> str:
    """Return the cell's name by how many of the lines are reached: the value is worked out once."""
    lines = ", ".join(f"{step} * {bar}" for step in sorted(STEPS))
    return f"substr('{names[::-1]}', width_bucket({value}, ARRAY[{lines}]::float8[]) + 1, 1)"
