"""A report's own SQL, narrowed to the organization and to the chosen values. Called by `cost` and `earlier_cohorts`."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from leadhub.tenancy.scope import get_organization_id


def read_rows(template: str, *, within: Mapping[str, str], columns: Mapping[str, str], **values: Any) -> list[Any]:
    """Run the statement and return its rows.

    The template takes `{within}`, the conditions of the chosen values, and the `columns` that it names in braces.
    The names of columns, and the keys of `within`, are the code's own, never a user's words.
    """
    conditions = "".join(f" AND {name} = %(at_{name})s" for name in within)
    chosen = {f"at_{name}": value for name, value in within.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            template.format(**columns, within=conditions),
            {"organization": get_organization_id(), **values, **chosen},
        )
        rows: list[Any] = cursor.fetchall()
    return rows
