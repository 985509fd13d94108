"""The record that makes joining two people reversible."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models.person import Person
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class PersonMerge(OrganizationOwned):
    """One row per joining of two people. Written by `merge.py`. Unique: one in force per absorbed person.

    `moved` names every row that went to the kept person: {table: [id, …]}, so that parting moves them back.
    """

    kept = TenantForeignKey(Person, models.CASCADE, related_name="merges")
    absorbed = TenantForeignKey(Person, models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    parted_at = models.DateTimeField(null=True, blank=True)
    parted_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(OrganizationOwned.Meta):
        db_table = "person_merge"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "absorbed"], condition=Q(parted_at=None), name="person_merge_once"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("absorbed")), name="person_merge_two_people"),
        ]
        indexes = [
            models.Index(fields=["organization", "kept"], name="person_merge_kept"),
            models.Index(fields=["organization", "absorbed"], name="person_merge_absorbed"),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"
