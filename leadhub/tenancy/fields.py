"""Fields and expressions that keep every statement inside one organization (ADR 3)."""

from typing import Any, cast

from django.db import models
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode

from leadhub.tenancy.scope import get_organization_id


class CurrentOrganization(Expression):
    """The organization in scope, read when the SQL is compiled, so that querysets capture no tenant."""

    output_field = models.UUIDField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Compile to one parameter; raises `NoScope` outside a scope."""
        value = self.output_field.get_db_prep_value(get_organization_id(), connection)
        return "%s", (value,)


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A foreign key inside one organization.

    Its joins also compare `organization_id`; the database constraint is the composite one that
    `TenantReferences` adds, and the index is the model's own `(organization, field)`.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs.update(db_constraint=False, db_index=False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """Leave out what the class itself fixes."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> Any:
        """Add `organization_id = organization_id` to the join between the two aliases."""
        return _same_organization(self, alias, related_alias)


class TenantOneToOneField(models.OneToOneField[Any, Any]):
    """A one-to-one inside one organization; it is the primary key of its table."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs.update(db_constraint=False, db_index=False, primary_key=True)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """Leave out what the class itself fixes."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("db_constraint", "db_index", "primary_key"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> Any:
        """Add `organization_id = organization_id` to the join between the two aliases."""
        return _same_organization(self, alias, related_alias)


def _same_organization(field: models.ForeignKey[Any, Any], alias: str | None, related_alias: str) -> WhereNode:
    local = cast("Any", field.model._meta.get_field("organization")).get_col(related_alias)
    if alias is None:  # a trimmed join (exclude over a relation): there is one side only
        return WhereNode([cast("Any", Exact(local, CurrentOrganization()))], AND)
    remote = cast("Any", field.remote_field.model._meta.get_field("organization")).get_col(alias)
    return WhereNode([cast("Any", Exact(remote, local))], AND)
