"""Refuse to run where one organization could see another (ADR 3). Entry points call it, not `ready()`."""

from django.apps import apps
from django.db import connection

from leadhub.tenancy.models import TenantModel
from leadhub.tenancy.operations import POLICY


class NotIsolated(RuntimeError):
    """The database does not keep the tenants apart; the message lists what to mend."""


def tenant_models() -> list[type[TenantModel]]:
    """Return every concrete tenant model, by introspection."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def require_isolation() -> None:
    """Raise `NotIsolated`, naming every fault, unless roles, policies and keys are in force."""
    faults = list_isolation_faults()
    if faults:
        raise NotIsolated("Tenants are not isolated:\n- " + "\n- ".join(faults))


def list_isolation_faults() -> list[str]:
    """Return what is wrong with the role, the policies and the keys, one sentence each."""
    return _role_faults() + [
        fault
        for model in tenant_models()
        for fault in list_table_faults(model._meta.db_table, str(model._meta.pk.column))
    ]


def _role_faults() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, is_superuser, bypasses = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        owned = cursor.fetchone()[0]
    faults = []
    if is_superuser or bypasses:
        faults.append(f"The role {name} is a superuser or has BYPASSRLS: connect as leadhub_app.")
    if owned:
        faults.append(f"The role {name} owns {owned} tables: run migrations as leadhub_owner.")
    return faults


_TABLE_SQL = """
SELECT c.relrowsecurity AND c.relforcerowsecurity,
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polpermissive
           AND pg_get_expr(p.polqual, p.polrelid) = %s AND pg_get_expr(p.polwithcheck, p.polrelid) = %s),
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_constraint pk
           CROSS JOIN unnest(pk.conkey) WITH ORDINALITY AS k(attnum, n)
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE pk.conrelid = c.oid AND pk.contype = 'p'),
       (SELECT array_agg(i.relname::text) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND x.indisunique AND x.indkey[0] <> (
            SELECT attnum FROM pg_attribute WHERE attrelid = c.oid AND attname = 'organization_id'))
FROM pg_class c WHERE c.oid = to_regclass(%s)
"""
_STORED_POLICY = "(organization_id = (NULLIF(current_setting('leadhub.organization_id'::text, true), ''::text))::uuid)"


def list_table_faults(table: str, key: str) -> list[str]:
    """Return what is wrong with one table: its policy, its primary key, its uniques."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE_SQL, [_STORED_POLICY, _STORED_POLICY, f'public."{table}"'])
        row = cursor.fetchone()
    if row is None:
        return [f"{table} does not exist: run the migrations."]
    is_forced, policies, right_policies, primary_key, foreign_uniques = row
    checks = {
        f"{table} lacks forced row security.": is_forced,
        f"{table} must have one policy, {POLICY}.": policies == right_policies == 1,
        f"{table} needs the primary key (organization_id, {key}).": primary_key == ["organization_id", key],
        f"{table} has uniques that are not led by the organization: {foreign_uniques}.": not foreign_uniques,
    }
    return [fault for fault, is_fine in checks.items() if not is_fine]
