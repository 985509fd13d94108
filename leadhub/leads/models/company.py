"""The person's employer."""

from django.db import models

from leadhub.accounts.models import Membership
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class Company(OrganizationOwned):
    """One row per employer. Written by identity. Unique: the e-mail domain, where it has one."""

    domain = models.CharField(max_length=253, blank=True, help_text="Lower case; empty when only named.")
    name = models.CharField(max_length=300, blank=True)
    industry = models.CharField(max_length=120, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    owner = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    custom = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "company"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "domain"], condition=~models.Q(domain=""), name="company_domain"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.domain
