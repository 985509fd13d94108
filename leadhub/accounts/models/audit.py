"""The audit log: who changed what rule, key or member, when, before and after."""

from django.db import models

from leadhub.accounts.models.membership import Membership
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class AuditEntry(OrganizationOwned):
    """One row per change of a setting. Written by `audit.record_change` in the change's transaction."""

    at = models.DateTimeField()
    actor = TenantForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=80, help_text="verb on a noun, such as `score_model.published`")
    target_kind = models.CharField(max_length=40)
    target_id = models.UUIDField(null=True)
    summary = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta(OrganizationOwned.Meta):
        db_table = "audit_entry"
        indexes = [models.Index(fields=["organization", "-at"], name="audit_entry_at")]

    def __str__(self) -> str:
        return self.summary
