"""Medians and other percentiles, computed by PostgreSQL. Used by the reports."""

from typing import Any

from django.db.models import Aggregate, Case, DurationField, ExpressionWrapper, F, FloatField, Value, When
from django.db.models.functions import Extract, Greatest


class Percentile(Aggregate):
    """The value below which a share (0–1) of the rows lies, interpolated; NULL where there are none."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, *, share: float = 0.5, **extra: Any) -> None:
        super().__init__(expression, share=share, output_field=FloatField(), **extra)


def seconds_between(start: str, end: str) -> Case:
    """Return the seconds from one date column to another: none where the end came first, NULL where it did not come."""
    seconds = Extract(ExpressionWrapper(F(end) - F(start), output_field=DurationField()), "epoch")
    return Case(When(**{f"{end}__isnull": False}, then=Greatest(seconds, Value(0))))
