"""An upgrade that broke off while it built indexes goes on where it was started again."""

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from leadhub.cli.half_built import drop_half_built

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def list_indexes() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid WHERE indisvalid")
        return {name for (name,) in cursor.fetchall()}


def builds_indexes_only(migration: str) -> bool:
    operations = MigrationExecutor(connections["owner"]).loader.get_migration("leads", migration).operations
    return all(isinstance(each, AddIndexConcurrently) for each in operations)


@pytest.mark.parametrize(
    ("migration", "undone"),
    [
        ("0009_inquiry_of_lead", "CREATE INDEX inquiry_lead ON inquiry (organization_id, lead_id)"),
        ("0009_inquiry_of_lead", "SELECT 1"),
        ("0010_counted_leads", "DROP INDEX lead_won"),
        ("0010_counted_leads", "SELECT 1"),
    ],
)
def test_a_migration_that_broke_off_within_its_indexes_is_run_again(migration: str, undone: str) -> None:
    owner, before = connections["owner"], list_indexes()
    with owner.cursor() as cursor:
        cursor.execute(undone)
    recorder = MigrationRecorder(owner)
    ((_, latest),) = MigrationExecutor(owner).loader.graph.leaf_nodes("leads")
    for name in (migration, latest):  # which comes after it, so that it is still to come as well
        recorder.record_unapplied("leads", name)
    drop_half_built(owner)
    MigrationExecutor(owner).migrate([("leads", migration)])
    if builds_indexes_only(latest):  # which were dropped with the other's, and come again as well
        MigrationExecutor(owner).migrate([("leads", latest)])
    else:
        recorder.record_applied("leads", latest)
    assert list_indexes() == before


def test_nothing_is_dropped_where_nothing_is_to_come() -> None:
    before = list_indexes()
    drop_half_built(connections["owner"])
    assert list_indexes() == before
