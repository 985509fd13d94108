"""Insert instances by statements written once per model: Django's `save` writes its statement anew for every row.

For rows whose cause may have been written before a unique constraint decides; rows of several tables that belong
together take one statement.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from django.db import connection, models

from leadhub.tenancy.models import OrganizationOwned, TenantModel

Row = TypeVar("Row", bound=OrganizationOwned)


def insert_new(rows: Sequence[Row]) -> list[Row]:
    """Insert the rows that no unique constraint knows yet and return them; the others are left out.

    Django's `bulk_create(ignore_conflicts=True)` does not say which rows it wrote: asking is a second statement.
    """
    if not rows:
        return []
    sql, params = _write_insert(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING RETURNING id", params)
        written = {row_id for (row_id,) in cursor.fetchall()}
    for row in rows:
        row._state.adding = row.pk not in written
        row._state.db = connection.alias
    return [row for row in rows if row.pk in written]


def insert_together(rows: Sequence[TenantModel]) -> None:
    """Insert rows of any tables, none of them there yet, in one statement; they may refer to each other.

    A foreign key is checked at the end of the statement, whatever the order of its parts.
    """
    parts = [_write_insert(list(alike)) for _, alike in groupby(rows, key=type)]
    if not parts:
        return
    *former, (last, _) = parts
    heads = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _) in enumerate(former))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {heads} {last}" if heads else last, [param for _, params in parts for param in params])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _write_insert(rows: Sequence[TenantModel]) -> tuple[str, list[Any]]:
    """Return the statement that inserts rows of one model, and its parameters."""
    head, line, fields = _describe_table(type(rows[0]))
    params = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    return head + ", ".join([line] * len(rows)), params


@cache
def _describe_table(model: type[TenantModel]) -> tuple[str, str, tuple["models.Field[Any, Any]", ...]]:
    """Return the statement up to its values, one row of placeholders, and the fields that fill it."""
    fields = tuple(model._meta.local_concrete_fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    head = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608 (names of our own columns)
    return head, f"({', '.join(['%s'] * len(fields))})", fields
