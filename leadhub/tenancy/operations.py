"""Migration operations that make a table a tenant's: keys, row security, composite references."""

from typing import Any

from django.db.migrations.operations.base import Operation

POLICY = "organization_id = nullif(current_setting('leadhub.organization_id', true), '')::uuid"
APP_ROLE = "leadhub_app"


class TenantTable(Operation):
    """Give a model's table its tenant-led primary key, forced row security and the app role's grants."""

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing: Django's picture of the model stays as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the keys, the policy and the grants of ADR 3 to the table."""
        meta = to_state.apps.get_model(app_label, self.model_name)._meta
        table, key = meta.db_table, meta.pk.column
        for statement in (
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (organization_id, "{key}")',
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY tenant ON "{table}" USING ({POLICY}) WITH CHECK ({POLICY})',
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {APP_ROLE}',
        ):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the policy and the composite key back."""
        meta = from_state.apps.get_model(app_label, self.model_name)._meta
        table, key = meta.db_table, meta.pk.column
        for statement in (
            f'DROP POLICY tenant ON "{table}"',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY ("{key}")',
        ):
            schema_editor.execute(statement)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Isolate {self.model_name} by organization"


class TenantReferences(Operation):
    """Add the composite foreign keys of a table, `(organization_id, field) → (organization_id, id)`."""

    reversible = True

    def __init__(self, model_name: str, *field_names: str) -> None:
        self.model_name = model_name
        self.field_names = field_names

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing: Django's picture of the model stays as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add one constraint a field, NOT DEFERRABLE, so that a bad step fails in its own savepoint."""
        meta = to_state.apps.get_model(app_label, self.model_name)._meta
        for name in self.field_names:
            field = meta.get_field(name)
            remote = field.remote_field.model._meta
            schema_editor.execute(
                f'ALTER TABLE "{meta.db_table}" ADD CONSTRAINT "{_constraint(meta, field)}" '
                f'FOREIGN KEY (organization_id, "{field.column}") '
                f'REFERENCES "{remote.db_table}" (organization_id, "{remote.pk.column}") NOT DEFERRABLE'
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the constraints."""
        meta = from_state.apps.get_model(app_label, self.model_name)._meta
        for name in self.field_names:
            constraint = _constraint(meta, meta.get_field(name))
            schema_editor.execute(f'ALTER TABLE "{meta.db_table}" DROP CONSTRAINT "{constraint}"')

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Tie {', '.join(self.field_names)} of {self.model_name} to the same organization"


def _constraint(meta: Any, field: Any) -> str:
    return f"{meta.db_table}_{field.column}_tenant_fk"[:63]
