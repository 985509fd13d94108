"""API keys: a prefix to recognise, a SHA-256 to check, the scopes it carries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leadhub.accounts.models.membership import Membership
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class ApiKey(OrganizationOwned):
    """One row per key. Written by `apikeys.py`; the directory finds it by its hash. Unique: (organization, hash).

    A key acts as the member it belongs to, narrowed by its scopes.
    """

    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    member = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "api_key"
        constraints = [models.UniqueConstraint(fields=["organization", "key_hash"], name="api_key_hash")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
