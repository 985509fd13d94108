"""Insert or update thousands of tenant rows in one statement. Called by imports and by the bulk side of the domain.

`INSERT … SELECT unnest(…)`: PostgreSQL plans it once and gets each column as one array, which takes a tenth of the
time of the ORM's `bulk_create`. Needs the organization's scope; row security stands behind it as everywhere.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from leadhub.tenancy.models import TenantModel
from leadhub.tenancy.scope import get_organization_id

_LENGTH = re.compile(r"\(.*\)")
Row = Mapping[str, Any]


def insert_many(model: type[TenantModel], rows: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """Insert rows given by attribute name (`person_id`); a column that no row names gets its field's default."""
    if not rows:
        return
    fields = [field for field in model._meta.local_concrete_fields if field.attname != "organization_id"]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    conflict = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    sql = (
        f'INSERT INTO "{model._meta.db_table}" (organization_id, {columns}) '  # noqa: S608 (names of our own columns)
        f"SELECT %s, r.* FROM unnest({_placeholders(fields)}) AS r{conflict}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [get_organization_id(), *(_column(field, rows) for field in fields)])


def insert_models(rows: Sequence[TenantModel]) -> None:
    """Insert instances of one model, which stand for their rows from then on."""
    if not rows:
        return
    insert_many(type(rows[0]), [vars(row) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update_many(model: type[TenantModel], changes: Mapping[UUID, Row]) -> None:
    """Set the same attributes of many rows, each to values of its own; `changes` is by primary key."""
    if not changes:
        return
    rows = list(changes.values())
    fields = [field for field in model._meta.local_concrete_fields if field.attname in rows[0]]
    names = ", ".join(f'"{field.column}"' for field in fields)
    sets = ", ".join(f'"{field.column}" = r."{field.column}"' for field in fields)
    sql = (
        f'UPDATE "{model._meta.db_table}" AS t SET {sets} '  # noqa: S608 (names of our own columns)
        f"FROM unnest(%s::uuid[], {_placeholders(fields)}) AS r(id, {names}) "
        f'WHERE t.organization_id = %s AND t."{_key(model)}" = r.id'
    )
    values: list[Any] = [list(changes), *(_column(field, rows) for field in fields), get_organization_id()]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _key(model: type[TenantModel]) -> str:
    return str(model._meta.pk.column)


def _placeholders(fields: Sequence["models.Field[Any, Any]"]) -> str:
    return ", ".join(f"%s::{_LENGTH.sub('', field.db_type(connection) or 'text')}[]" for field in fields)


def _column(field: "models.Field[Any, Any]", rows: Sequence[Row]) -> list[Any]:
    name = field.attname
    if all(name in row for row in rows):
        values = [row[name] for row in rows]
    else:
        values = [row[name] if name in row else field.get_default() for row in rows]
    if isinstance(field, models.JSONField):
        return [None if value is None else json.dumps(value, default=str) for value in values]
    return values
