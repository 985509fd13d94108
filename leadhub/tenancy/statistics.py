"""Tell the planner what was just written: it takes a new table for empty until something counts its rows.

Called after many rows were written at once: by the demo while it plays, and by imports. Without it a statement
reads a whole organization where one lead was meant, until autovacuum comes by (a minute, and never within the
transaction that wrote the rows).
"""

from collections.abc import Iterable

from django.db import connection, models

from leadhub.tenancy.isolation import tenant_models


def count_rows_anew(models_: Iterable[type[models.Model]] | None = None) -> None:
    """Run ANALYZE on the tables, else on all tenants'; a server before PostgreSQL 17 refuses, with a warning."""
    told = list(tenant_models() if models_ is None else models_)
    if told:
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in told)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def list_outgrown(models_: Iterable[type[models.Model]], *, rows: int) -> list[type[models.Model]]:
    """Return the models of whose tables the planner knows of fewer rows: so many more may change what is best."""
    by_table = {model._meta.db_table: model for model in models_}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE oid = ANY (%s::regclass[]) AND reltuples < %s",
            [[f'"{table}"' for table in by_table], rows],
        )
        return [by_table[table] for (table,) in cursor.fetchall()]
