"""Write what a compiled SELECT computed, in one statement: `QuerySet.update` refuses joined fields."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from leadhub.tenancy.scope import get_organization_id


def update_from(*, model: type[Model], source: QuerySet[Any, Any], columns: Sequence[str]) -> int:
    """Set the fields of the model's rows to what `source` computed for them; return how many rows.

    `source` is `….values(pk, *columns)`: the model's primary key first, then an annotation of each field's name.
    """
    quote = connection.ops.quote_name
    meta = model._meta
    sql, params = source.query.sql_with_params()
    fields = [quote(str(meta.get_field(name).column)) for name in columns]  # type: ignore[union-attr]
    sets = ", ".join(f"{field} = computed.{field}" for field in fields)
    names = ", ".join(["key", *fields])
    statement = (
        f"UPDATE {quote(meta.db_table)} AS target SET {sets} FROM ({sql}) AS computed ({names})"  # noqa: S608
        f" WHERE target.organization_id = %s AND target.{quote(str(meta.pk.column))} = computed.key"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, get_organization_id()])
        return int(cursor.rowcount)
