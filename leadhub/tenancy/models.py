"""The organization, and the base classes every tenant table inherits."""

from typing import Any, ClassVar, Self

from django.db import models

from leadhub.lib.ids import new_id
from leadhub.tenancy.fields import CurrentOrganization
from leadhub.tenancy.scope import get_organization_id


class Organization(models.Model):
    """One row per tenant. Written by `leadhub org create` and the settings pages. Unique: slug."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    country = models.CharField(max_length=2, default="US", help_text="ISO 3166: how bare phone numbers are read.")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "organization"

    def __str__(self) -> str:
        return self.name


class Directory(models.Model):
    """What must be found before the tenant is known: a public key and its organization. No personal data.

    Written when a form, API key or site is made. Unique: (kind, key). API keys are stored as SHA-256 hex.
    """

    class Kind(models.TextChoices):
        """What the key opens."""

        FORM = "form", "Form"
        API_KEY = "api_key", "API key"
        SITE = "site", "Site"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=128)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    target_id = models.UUIDField(help_text="The form or key row inside the organization.")

    class Meta:
        db_table = "directory"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="directory_key")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organization_id}"


class TenantManager(models.Manager[Any]):
    """Filters by the organization in scope; executing its querysets outside a scope raises."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the organization in scope when the SQL is compiled."""
        return super().get_queryset().filter(organization_id=CurrentOrganization())


class TenantModel(models.Model):
    """A table owned by organizations: fail-closed manager, updates that never name the tenant column."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, db_index=False, related_name="+", default=get_organization_id
    )

    objects: ClassVar[models.Manager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """Leave `organization_id` out of the SET list: the tenant never changes, and Citus refuses it."""
        kept = [row for row in values if row[0].name != "organization"]
        return super()._do_update(base_qs, using, pk_val, kept, *rest)


class OrganizationOwned(TenantModel):
    """A `TenantModel` with a time-ordered UUID of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta(TenantModel.Meta):
        abstract = True


class TenantPart(TenantModel):
    """A row that hangs on another tenant's row by a composite key that is never empty.

    That key proves the organization, so the column has none of its own: checking it again took a fifth of what it
    takes to write a lead.
    """

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
        default=get_organization_id,
    )

    class Meta(TenantModel.Meta):
        abstract = True


class OrganizationPart(TenantPart, OrganizationOwned):
    """A `TenantPart` with a time-ordered UUID of its own."""

    class Meta(OrganizationOwned.Meta):
        abstract = True
