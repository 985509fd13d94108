"""No tenant sees another: every table × every statement × own, foreign and no organization.

Tables are found by introspection and rows built by it: a new model is under this contract by default.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django.db.backends.utils import CursorWrapper

from leadhub.accounts.models import Membership, Role
from leadhub.tenancy.fields import TenantForeignKey, TenantOneToOneField
from leadhub.tenancy.isolation import list_isolation_faults, list_table_faults, tenant_models
from leadhub.tenancy.models import Directory, Organization, TenantManager, TenantModel, TenantPart
from leadhub.tenancy.scope import NoScope, scope
from leadhub.work.models import Job
from tests.contracts.rows import build_row
from tests.factories import make_organization
from tests.personas import join

GLOBAL_OF_OURS = {Organization, Directory, Membership, Job}
GLOBAL_APPS = {"auth", "contenttypes", "sessions", "account", "mfa"}

every_table = pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.db_table)


@pytest.fixture
def two(db: None) -> tuple[Organization, Organization]:
    """Ours and theirs: a member in each, to whom rows refer, and nothing else."""
    ours, theirs = make_organization("acme"), make_organization("umbrella")
    join(ours, "Ada", Role.ADMIN)
    join(theirs, "Eve", Role.ADMIN)
    return ours, theirs


def run(model: type[TenantModel], template: str, values: dict[str, Any]) -> Any:
    """Execute in a savepoint, with the table and its key filled in; return rows, or how many were touched."""
    statement = template.format(table=f'"{model._meta.db_table}"', key=f'"{model._meta.pk.column}"')
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def count(model: type[TenantModel], row: TenantModel) -> int:
    return int(run(model, "SELECT count(*) FROM {table} WHERE {key} = %(pk)s", {"pk": row.pk})[0][0])


def update(model: type[TenantModel], row: TenantModel) -> int:
    return int(run(model, "UPDATE {table} SET {key} = {key} WHERE {key} = %(pk)s", {"pk": row.pk}))


def delete(model: type[TenantModel], row: TenantModel) -> int:
    return int(run(model, "DELETE FROM {table} WHERE {key} = %(pk)s", {"pk": row.pk}))


def insert(model: type[TenantModel], row: TenantModel, *, on_conflict: str = "") -> int:
    """Insert the row's very values."""
    values = {
        str(field.column): field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in model._meta.local_concrete_fields
    }
    columns = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f"%({name})s" for name in values)
    return int(run(model, f"INSERT INTO {{table}} ({columns}) VALUES ({places}) {on_conflict}", values))


def upsert(model: type[TenantModel], row: TenantModel) -> int:
    return insert(model, row, on_conflict="ON CONFLICT (organization_id, {key}) DO UPDATE SET {key} = EXCLUDED.{key}")


@every_table
def test_own_rows_can_be_worked_on(model: type[TenantModel], two: tuple[Organization, Organization]) -> None:
    with scope(two[0].id):
        row = build_row(model)
        assert count(model, row) == update(model, row) == upsert(model, row) == 1
        assert delete(model, row) == 1
        assert insert(model, row) == 1


@every_table
def test_foreign_rows_are_not_there(model: type[TenantModel], two: tuple[Organization, Organization]) -> None:
    with scope(two[0].id):
        row = build_row(model)
    with scope(two[1].id):
        assert count(model, row) == update(model, row) == delete(model, row) == 0
        assert not model.objects.filter(pk=row.pk).exists()
        for write in (insert, upsert):
            with pytest.raises(ProgrammingError, match="row-level security"):
                write(model, row)
    with scope(two[0].id):
        assert count(model, row) == 1


@every_table
def test_without_a_tenant_there_is_nothing(model: type[TenantModel], two: tuple[Organization, Organization]) -> None:
    with scope(two[0].id):
        row = build_row(model)
    assert count(model, row) == update(model, row) == delete(model, row) == 0
    for write in (insert, upsert):
        with pytest.raises(ProgrammingError, match="row-level security"):
            write(model, row)
    with pytest.raises(NoScope):
        model.objects.exists()


@every_table
def test_a_row_cannot_be_given_away(model: type[TenantModel], two: tuple[Organization, Organization]) -> None:
    template = "UPDATE {table} SET organization_id = %(to)s WHERE {key} = %(pk)s"
    with scope(two[0].id):
        row = build_row(model)
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(model, template, {"to": two[1].id, "pk": row.pk})


@every_table
def test_row_security_alone_leaks_nothing(
    model: type[TenantModel], two: tuple[Organization, Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutation test: with the ORM's filters taken out, PostgreSQL still shows nothing of others."""
    with scope(two[0].id):
        row = build_row(model)
    monkeypatch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)
    monkeypatch.setattr(TenantForeignKey, "get_extra_restriction", lambda *_: None)
    assert "organization_id" not in str(model.objects.values("pk").query)
    with scope(two[1].id):
        assert row.pk not in set(model.objects.values_list("pk", flat=True))
        assert model.objects.filter(pk=row.pk).update(organization=models.F("organization")) == 0
        assert model.objects.filter(pk=row.pk)._raw_delete(using="default") == 0
    assert not model.objects.exists()


def test_every_table_is_a_tenants_or_on_the_short_list() -> None:
    for model in apps.get_models(include_auto_created=True):
        is_known = model in GLOBAL_OF_OURS or model._meta.app_label in GLOBAL_APPS or model._meta.swapped
        is_user = model._meta.label == "accounts.User"
        assert issubclass(model, TenantModel) or is_known or is_user, f"{model} is neither a tenant's nor global"


def test_no_table_of_ours_is_left_out_by_the_models(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - known == {"django_migrations"}


def test_isolation_is_in_force(db: None) -> None:
    assert list_isolation_faults() == []


def test_a_table_without_isolation_is_found(db: None) -> None:
    faults = list_table_faults("job", "id")
    assert "job lacks forced row security." in faults
    assert any("primary key" in fault for fault in faults)


def composite_keys() -> Iterator[tuple[str, str, str]]:
    """Yield (table, column, remote table) of every reference of the models."""
    for model in tenant_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.ForeignKey) and field.name != "organization":
                remote = field.remote_field.model
                yield model._meta.db_table, field.column, remote._meta.db_table


@pytest.mark.parametrize(("table", "column", "remote"), list(composite_keys()))
def test_references_cannot_cross_tenants(db: None, table: str, column: str, remote: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.condeferrable, ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, o)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o)
            FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND c.confrelid = %s::regclass
            """,
            [table, remote],
        )
        found = [columns for is_deferrable, columns in cursor.fetchall() if not is_deferrable]
    assert ["organization_id", column] in found


def parts() -> list[type[TenantPart]]:
    return [model for model in tenant_models() if issubclass(model, TenantPart)]


@pytest.mark.parametrize("model", parts())
def test_a_part_is_proved_by_a_key_that_is_never_empty(db: None, model: type[TenantPart]) -> None:
    proofs = [
        field.remote_field.model
        for field in model._meta.local_concrete_fields
        if isinstance(field, TenantForeignKey | TenantOneToOneField) and not field.null
    ]
    assert any(issubclass(proof, TenantModel) for proof in proofs)
    with connection.cursor() as cursor:
        assert "organization" not in list_references(cursor, model)


@pytest.mark.parametrize("model", [model for model in tenant_models() if model not in parts()])
def test_whoever_is_no_part_names_an_organization_that_exists(db: None, model: type[TenantModel]) -> None:
    with connection.cursor() as cursor:
        assert "organization" in list_references(cursor, model)


def list_references(cursor: CursorWrapper, model: type[TenantModel]) -> set[str]:
    """Return the tables that the model's table has a foreign key to."""
    cursor.execute(
        "SELECT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        [f'"{model._meta.db_table}"'],
    )
    return {table for (table,) in cursor.fetchall()}


# What an undone import deletes, thousands at once; the database asks for each row who still names it.
DELETED_IN_MASSES = {"person", "lead", "inquiry", "touch", "event", "identity", "company", "opportunity"}


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, column, remote in composite_keys() if remote in DELETED_IN_MASSES],
)
def test_an_index_tells_who_names_what_is_deleted(db: None, table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(n, o)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n WHERE k.o <= 2 ORDER BY k.o)
            FROM pg_index i WHERE i.indrelid = %s::regclass
                AND coalesce(pg_get_expr(i.indpred, i.indrelid), %s) = %s
            """,
            [f'"{table}"', f"({column} IS NOT NULL)", f"({column} IS NOT NULL)"],
        )
        found = [columns for (columns,) in cursor.fetchall()]
    assert ["organization_id", column] in found
