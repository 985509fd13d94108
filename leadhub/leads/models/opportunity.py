"""A deal that a lead became: a change of state, never a copy."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OpportunityStage
from leadhub.leads.models.lead import Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class Opportunity(OrganizationOwned):
    """One row per deal. Written by `opportunities.py`. Its leads hang on `OpportunityLead`."""

    name = models.CharField(max_length=300)
    stage = models.CharField(max_length=16, choices=OpportunityStage, default=OpportunityStage.DISCOVERY)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    probability = models.PositiveSmallIntegerField(default=20, help_text="Percent.")
    expected_close_on = models.DateField(null=True, blank=True)
    owner = TenantForeignKey(Membership, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=300, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "opportunity"
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=OpportunityStage.values), name="opportunity_stage"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="opportunity_amount"),
            models.CheckConstraint(condition=Q(probability__lte=100), name="opportunity_probability"),
            models.CheckConstraint(
                condition=Q(stage__in=["won", "lost"], closed_at__isnull=False)
                | (~Q(stage__in=["won", "lost"]) & Q(closed_at=None)),
                name="opportunity_closed_dated",
            ),
            models.CheckConstraint(condition=~Q(stage="lost") | ~Q(close_reason=""), name="opportunity_lost_reason"),
        ]
        indexes = [models.Index(fields=["organization", "stage", "closed_at"], name="opportunity_closed")]

    def __str__(self) -> str:
        return self.name


class OpportunityLead(OrganizationOwned):
    """One row per lead of a deal, one of them primary: only it carries the deal's value in reports."""

    opportunity = TenantForeignKey(Opportunity, models.CASCADE, related_name="opportunity_leads")
    lead = TenantForeignKey(Lead, models.CASCADE, related_name="opportunity_leads")
    is_primary = models.BooleanField(default=False)

    class Meta(OrganizationOwned.Meta):
        db_table = "opportunity_lead"
        constraints = [
            models.UniqueConstraint(fields=["organization", "opportunity", "lead"], name="opportunity_lead_once"),
            models.UniqueConstraint(
                fields=["organization", "opportunity"],
                condition=Q(is_primary=True),
                name="opportunity_one_primary",
            ),
        ]
        indexes = [models.Index(fields=["organization", "lead"], name="opportunity_lead_lead")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} ← {self.lead_id}"
