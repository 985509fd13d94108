"""The filters and the order of a list under a name."""

from django.db import models

from leadhub.accounts.models import Membership
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class SavedView(OrganizationOwned):
    """One row per view of a list that a member saved. Written by `saved_views`. Unique: (member, list, name)."""

    member = TenantForeignKey(Membership, models.CASCADE, related_name="saved_views")
    list_key = models.CharField(
        max_length=60, db_default="leads", help_text="Which list: its key, and the id of what it belongs to, if any."
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True, help_text="The list's query string.")
    is_shared = models.BooleanField(default=False, help_text="Everybody of the organization sees it.")
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "saved_view"
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "list_key", "name"], name="saved_view_name")
        ]

    def __str__(self) -> str:
        return self.name
