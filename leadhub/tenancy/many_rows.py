"""Insert or update thousands of tenant rows in one statement. Called by imports and by the bulk side of the domain.

`INSERT … SELECT … FROM unnest(…)`: what all rows share is told once, what differs goes as one array a column, in
binary form. Against the ORM's `bulk_create` that takes a twentieth of the time, most of which was spent in Python on
writing the same values a thousand times. Needs the organization's scope; row security stands behind it as everywhere.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
from django.db import connection, models

from leadhub.tenancy.models import TenantModel
from leadhub.tenancy.scope import get_organization_id

_LENGTH = re.compile(r"\(.*\)")
_TEXTS = frozenset({"text", "varchar"})
_UUID = "uuid"
Row = Mapping[str, Any]
Field: TypeAlias = "models.Field[Any, Any]"


def insert_many(model: type[TenantModel], rows: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """Insert rows given by attribute name (`person_id`); a column that no row names gets its field's default."""
    if not rows:
        return
    named: set[str] = set().union(*rows)
    fields = [field for field in model._meta.local_concrete_fields if field.attname != "organization_id"]
    columns = [_read_column(field, rows, is_named=field.attname in named) for field in fields]
    names = ", ".join(f'"{column.name}"' for column in columns)
    conflict = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    sql = (
        f'INSERT INTO "{model._meta.db_table}" (organization_id, {names}) '  # noqa: S608 (names of our own columns)
        f"SELECT %s::uuid, {_select(columns)} FROM {_unnest(columns)}{conflict}"
    )
    run_in_bulk(sql, [get_organization_id(), *_list_values(columns)])


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
    key = _Column(name="id", type=_UUID, values=list(changes), is_shared=False)
    fields = [field for field in model._meta.local_concrete_fields if field.attname in rows[0]]
    columns = [_read_column(field, rows, is_named=True) for field in fields]
    sets = ", ".join(f'"{column.name}" = {column.expression}' for column in columns)
    sql = (
        f'UPDATE "{model._meta.db_table}" AS t SET {sets} '  # noqa: S608 (names of our own columns)
        f"FROM {_unnest([key, *columns])} "
        f'WHERE t.organization_id = %s::uuid AND t."{model._meta.pk.column}" = r."id"'
    )
    run_in_bulk(sql, [*_list_values([key, *columns]), get_organization_id()])


def run_in_bulk(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement whose parameters the server binds (`%b`: in binary form) and return its rows.

    Django's own cursor writes parameters into the statement: a literal of a thousand ids costs as much as the query.
    """
    connection.ensure_connection()
    binding: Any = psycopg.Cursor(connection.connection)
    with connection.make_cursor(binding) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let the server work on the block's statements while the next ones are made; it waits where one is read from.

    What fails is raised at the latest when the block ends.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@dataclass(frozen=True, kw_only=True)
class _Column:
    """A column's values, ready to be sent: one for all rows, or one a row. `type` is PostgreSQL's, without a length."""

    name: str
    type: str
    values: list[Any]
    is_shared: bool

    @property
    def expression(self) -> str:
        """Return the column's value in SQL; text is cast by the assignment, which refuses what is too long."""
        value = "%s" if self.is_shared else f'r."{self.name}"'
        is_as_sent = not self.is_shared and self.type == _UUID
        return f"{value}::text" if self.type in _TEXTS else value if is_as_sent else f"{value}::{self.type}"

    @property
    def array(self) -> str:
        """Return the parameter that holds one value a row."""
        return f"%b::{'uuid' if self.type == _UUID else 'text'}[]"


def _read_column(field: Field, rows: Sequence[Row], *, is_named: bool) -> _Column:
    """Return the field's values; a key is never taken for shared, so that there is one array at least."""
    name = field.attname
    if field.primary_key:
        values, is_shared = [row[name] if name in row else field.get_default() for row in rows], False
    elif is_named:
        default = field.get_default()
        values = [row.get(name, default) for row in rows]
        is_shared = values.count(values[0]) == len(values)
    else:
        values, is_shared = [field.get_default()], True
    sent = _prepare(field, values[:1] if is_shared else values)
    return _Column(name=str(field.column), type=_type_of(field), values=sent, is_shared=is_shared)


@cache
def _type_of(field: Field) -> str:
    """Return PostgreSQL's type. Raises `TypeError` for a list or bytes, of which Python's text means something else."""
    found = _LENGTH.sub("", field.db_type(connection) or "text")
    if found.endswith("[]") or found == "bytea":
        raise TypeError(f"{field} is {found}: write such rows with bulk_create.")
    return found


def _prepare(field: Field, values: list[Any]) -> list[Any]:
    """Return ids as they are, everything else as text, which PostgreSQL casts."""
    if isinstance(field, models.JSONField):
        return [None if value is None else json.dumps(value, default=str) for value in values]
    if _type_of(field) == _UUID or {*map(type, values)} <= {str, type(None)}:
        return values
    return [None if value is None else str(value) for value in values]


def _select(columns: Iterable[_Column]) -> str:
    return ", ".join(column.expression for column in columns)


def _unnest(columns: Iterable[_Column]) -> str:
    """Return the arrays as rows; there is one at least, the key's."""
    sent = [column for column in columns if not column.is_shared]
    arrays = ", ".join(column.array for column in sent)
    names = ", ".join(f'"{column.name}"' for column in sent)
    return f"unnest({arrays}) AS r({names})"


def _list_values(columns: Sequence[_Column]) -> list[Any]:
    """Return the parameters in their order in the statement: what is shared first, then the arrays."""
    shared = [column.values[0] for column in columns if column.is_shared]
    return shared + [column.values for column in columns if not column.is_shared]
