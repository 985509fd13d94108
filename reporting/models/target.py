"""What a number should reach."""

from django.db import models
from django.db.models import Q

from leadhub.tenancy.models import OrganizationOwned


class Metric(models.TextChoices):
    """Numbers that can have a target; rates are shares of 1, money is in the organization's currency."""

    QUALIFIED_LEADS = "qualified_leads", "Qualified leads"
    QUOTE_VALUE = "quote_value", "Quote value"
    PIPELINE = "pipeline", "Pipeline"
    REVENUE = "revenue", "Revenue"
    COST_PER_QUALIFIED_LEAD = "cost_per_qualified_lead", "Cost per qualified lead"
    LEAD_TO_MQL_RATE = "lead_to_mql_rate", "Lead to MQL rate"
    MQL_ACCEPTANCE_RATE = "mql_acceptance_rate", "MQL acceptance rate"
    FIRST_ATTEMPT_SECONDS = "first_attempt_seconds", "Speed to first attempt"
    FIRST_CONTACT_SECONDS = "first_contact_seconds", "Speed to first contact"
    STAGE_VELOCITY_DAYS = "stage_velocity_days", "Stage velocity"


class Target(OrganizationOwned):
    """One row per metric and month in which its target changed. Written by `targets.py`. Unique: (metric, month).

    A target stands until a later month has a row of its own; an empty value says that there is none from then on.
    """

    metric = models.CharField(max_length=32, choices=Metric)
    month = models.DateField(help_text="The month's first day.")
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "target"
        constraints = [
            models.UniqueConstraint(fields=["organization", "metric", "month"], name="target_month"),
            models.CheckConstraint(condition=Q(metric__in=Metric.values), name="target_metric"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gt=0), name="target_value"),
            models.CheckConstraint(condition=Q(month__day=1), name="target_first_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} from {self.month}: {self.value}"
