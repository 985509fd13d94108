"""Fill tables in sets, as the owner: `INSERT … SELECT`, the columns left out empty, keys and indexes put back after.

A foreign key checked row by row costs ten times what checking the whole table afterwards does.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

_EMPTY = {"text": "''", "character varying": "''", "jsonb": "'{}'", "boolean": "false", "numeric": "0", "ARRAY": "'{}'"}
_REQUIRED = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
"""
_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
_INDEXES = """
SELECT quote_ident(indexrelid::regclass::text), pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique
"""


def insert_select(database: psycopg.Connection, table: str, columns: Mapping[str, str], source: str) -> None:
    """Insert a row per row of the source; columns that must not be NULL and are left out are empty."""
    database.execute(build_insert(database, table, columns, source))


def build_insert(database: psycopg.Connection, table: str, columns: Mapping[str, str], source: str) -> str:
    """Return the statement that `insert_select` runs."""
    required = database.execute(_REQUIRED, [table]).fetchall()
    filled = {name: _EMPTY[kind] for name, kind in required if name not in columns} | dict(columns)
    names = ", ".join(f'"{name}"' for name in filled)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(filled.values())} FROM {source}"


@contextmanager
def without_keys(database: psycopg.Connection, tables: Sequence[str]) -> Iterator[None]:
    """Drop the tables' foreign keys and plain indexes, and make them anew after the block, with memory to sort them."""
    database.execute("SET maintenance_work_mem = '1GB'")
    keys: list[Any] = database.execute(_KEYS, [list(tables)]).fetchall()
    indexes: list[Any] = database.execute(_INDEXES, [list(tables)]).fetchall()
    for table, name, _ in keys:
        database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        database.execute(definition)
    for table, name, definition in keys:
        database.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
