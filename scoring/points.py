"""How points are counted: whole, as pages show them. The one place that says when engagement reaches the bar.

Decay takes something off the moment an event is over, so exact points would never be worth what a rule says: 19.9999
of 20 is shown as 20 and counts as 20. So the line that engagement is held against is half a point below the bar, in
Python and in SQL alike, and a lead cools when the number that is shown falls below the bar (ADR 31). Pure.
"""

import math
from typing import Any

from django.db.models import FloatField, Func


def count_whole(points: float) -> int:
    """Return the points as they are shown: rounded, halves up."""
    return math.floor(points + 0.5)


def find_line(bar: float) -> float:
    """Return the least engagement that reaches the bar once it is counted whole. The bar is above 0, so is the line."""
    return math.ceil(bar) - 0.5


def line_sql(bar: str) -> str:
    """Return the line as SQL text; the bar is SQL text of our own."""
    return f"(ceil({bar}) - 0.5)"


class Line(Func):
    """The line of a bar in SQL."""

    template = line_sql("%(expressions)s")
    output_field: Any = FloatField()


class Whole(Func):
    """Points counted whole in SQL."""

    template = "floor(%(expressions)s + 0.5::float8)"
    output_field: Any = FloatField()
