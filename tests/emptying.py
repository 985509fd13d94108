"""What a test committed is deleted after it. Installed by `tests/conftest.py` in place of Django's flush.

That truncates every table and writes content types and permissions anew, which takes longer than most tests.
"""

from django.apps import apps
from django.db import connections
from django.test import TransactionTestCase

# Written once by the migrations.
KEPT = {"django_content_type", "auth_permission"}


def empty_tables(case: TransactionTestCase) -> None:
    """Delete all rows in one statement, at whose end the references between them are looked at."""
    if "owner" not in case.databases:
        return
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - KEPT
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in sorted(tables))
    with connections["owner"].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        deleted = [f'd{number} AS (DELETE FROM "{table}")' for number, (table,) in enumerate(cursor.fetchall())]
        if deleted:
            cursor.execute(f"WITH {', '.join(deleted)} SELECT")
