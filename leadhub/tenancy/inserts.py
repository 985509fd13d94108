"""Insert rows whose cause may have been written before: a unique constraint decides, in one statement."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from leadhub.tenancy.models import OrganizationOwned

Row = TypeVar("Row", bound=OrganizationOwned)


def insert_new(rows: Sequence[Row]) -> list[Row]:
    """Insert the rows that no unique constraint knows yet and return them; the others are left out.

    Django's `bulk_create(ignore_conflicts=True)` does not say which rows it wrote: asking is a second statement.
    """
    if not rows:
        return []
    model = type(rows[0])
    query = InsertQuery(model, on_conflict=OnConflict.IGNORE)
    query.insert_values(model._meta.concrete_fields, list(rows))
    ((sql, params),) = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id", params)
        written = {row_id for (row_id,) in cursor.fetchall()}
    for row in rows:
        row._state.adding = row.pk not in written
        row._state.db = connection.alias
    return [row for row in rows if row.pk in written]
