"""Indexes that an upgrade had begun to build when it broke off. `leadhub migrate` drops them before it builds them.

An index that is built beside the work is built outside a transaction: a migration that was killed leaves it behind,
whole or half, and unnoted, so that the next upgrade would find its name taken.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg.sql import SQL, Identifier


def drop_half_built(connection: BaseDatabaseWrapper) -> None:
    """Drop the indexes of the migrations that are still to come, which only a run that broke off can have made."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    operations = [each for migration, _ in plan for each in migration.operations]
    names = [each.index.name for each in operations if isinstance(each, AddIndexConcurrently)]
    with connection.cursor() as cursor:
        found = "SELECT relname FROM pg_class WHERE relkind = 'i' AND relname = ANY(%s) AND pg_table_is_visible(oid)"
        cursor.execute(found, [names])
        for (name,) in cursor.fetchall():
            cursor.execute(SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(Identifier(name)))
