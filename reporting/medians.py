"""How long steps took: now, before and week by week, from one pass over the rows. Called by `metrics`.

Three questions of the same rows were three scans of all that arrived in twelve weeks, most of which promised nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from reporting.periods import Period

_MEDIANS = """
WITH spans AS MATERIALIZED ({spans})
SELECT 'now', NULL::timestamp, {medians} FROM spans WHERE at >= %s AND at < %s
UNION ALL
SELECT 'before', NULL::timestamp, {medians} FROM spans WHERE at >= %s AND at < %s
UNION ALL
SELECT 'weeks', date_trunc('week', at AT TIME ZONE %s) AS week, {medians} FROM spans GROUP BY week
ORDER BY 2
"""


@dataclass(frozen=True, kw_only=True)
class Medians:
    """The medians of one span: of the period, of the period before, and of each week that has rows, in order."""

    now: float | None
    before: float | None
    weeks: list[float | None]


def measure_medians(rows: QuerySet[Any], *spans: Combinable, at: str, period: Period) -> list[Medians]:
    """Return the medians of each span over the rows; one statement.

    `at` is the column that says to which day a row belongs. Weeks begin on Monday; those without rows are left out.
    """
    names = [f"span_{number}" for number in range(len(spans))]
    wanted = rows.order_by().annotate(at=F(at), **dict(zip(names, spans, strict=True))).values_list("at", *names)
    statement, values = wanted.query.sql_with_params()
    medians = ", ".join(f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {name})" for name in names)
    bounds = [moment for days in (period, period.before()) for moment in (days.starts_at, days.ends_at)]
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS.format(spans=statement, medians=medians), [*values, *bounds, period.zone.key])
        found = cursor.fetchall()
    return [_pick(found, column) for column in range(2, 2 + len(names))]


def _pick(found: Sequence[Sequence[Any]], column: int) -> Medians:
    parts: dict[str, list[float | None]] = {"now": [], "before": [], "weeks": []}
    for row in found:
        parts[row[0]].append(row[column])
    return Medians(now=parts["now"][0], before=parts["before"][0], weeks=parts["weeks"])
