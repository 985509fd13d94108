"""Ordered routing rules in versions."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.versions import RuleVersion, VersionState
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned
from routing.models.pool import Pool


class RoutingRuleSet(RuleVersion):
    """One row per version of the routing rules. Written by `publishing.py`. Unique: version; one draft, one live."""

    class Meta(RuleVersion.Meta):
        db_table = "routing_rule_set"
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="routing_rule_set_version"),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="routing_rule_set_state"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state="published"), name="routing_rule_set_one_published"
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state="draft"), name="routing_rule_set_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"Routing rules v{self.version}"


class RoutingRule(OrganizationOwned):
    """One row per rule of a set; the first that matches wins. Unique: (rule_set, position)."""

    class Target(models.TextChoices):
        """Who gets the lead."""

        MEMBER = "member", "A member"
        POOL = "pool", "A pool"
        COMPANY_OWNER = "company_owner", "The company's owner"

    rule_set = TenantForeignKey(RoutingRuleSet, models.CASCADE, related_name="rules")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    condition = models.JSONField(default=dict)
    target = models.CharField(max_length=16, choices=Target)
    member = TenantForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    pool = TenantForeignKey(Pool, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(OrganizationOwned.Meta):
        db_table = "routing_rule"
        constraints = [
            models.UniqueConstraint(fields=["organization", "rule_set", "position"], name="routing_rule_position"),
            models.CheckConstraint(
                condition=Q(target="member", member__isnull=False, pool=None)
                | Q(target="pool", pool__isnull=False, member=None)
                | Q(target="company_owner", member=None),
                name="routing_rule_target",
            ),
        ]

    def __str__(self) -> str:
        return self.name
