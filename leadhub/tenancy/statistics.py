"""Tell the planner what was just written: it takes a new table for empty until something counts its rows.

Called after many rows were written at once: by the demo while it plays, by imports, by publications of a score model.
Without it a statement reads a whole organization where one lead was meant, until autovacuum comes by (a minute, and
never within the transaction that wrote the rows).
"""

import re
from collections.abc import Iterable

from django.db import connection, models

from leadhub.tenancy.isolation import tenant_models
from leadhub.tenancy.scope import get_organization_id

_ROWS = re.compile(r"rows=(\d+)")


def count_rows_anew(models_: Iterable[type[models.Model]] | None = None) -> None:
    """Run ANALYZE on the tables, else on all tenants'; a server before PostgreSQL 17 refuses, with a warning."""
    told = list(tenant_models() if models_ is None else models_)
    if told:
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in told)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def list_outgrown(models_: Iterable[type[models.Model]], *, rows: int) -> list[type[models.Model]]:
    """Return the models of which the planner takes the organization in scope to have not a tenth of so many rows.

    A table may be known for large and the organization for new: the planner is asked for its guess.
    """
    return [model for model in models_ if _guess_rows(model) * 10 < rows]


def _guess_rows(model: type[models.Model]) -> int:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        explained = f"EXPLAIN SELECT FROM {table} WHERE organization_id = %s"
        cursor.execute(explained, [get_organization_id()])
        ((plan,), *_) = cursor.fetchall()
    return int(_ROWS.search(plan)[1])  # type: ignore[index]
