"""Tell the planner what was just written: it takes a new table for empty until something counts its rows.

Called after many rows were written at once: by the demo while it plays, and by imports. Without it a statement
reads a whole organization where one lead was meant, until autovacuum comes by (a minute, and never within the
transaction that wrote the rows).
"""

from django.db import connection, models

from leadhub.tenancy.isolation import tenant_models


def count_rows_anew() -> None:
    """Run ANALYZE on the tenants' tables; a server before PostgreSQL 17 refuses, with a warning, and goes on."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tenant_models())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def counts_few(model: type[models.Model], *, than: int) -> bool:
    """Say whether the planner knows of fewer than ten times as many rows: so many more then change what is best."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        (known,) = cursor.fetchone()
    return bool(known < 10 * than)
