"""One pass of a person through the funnel, and the record of its moves."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OPEN_STAGES, Channel, DispositionCode, MqlReason, Stage, ValueSource, Verdict
from leadhub.leads.models.person import Person
from leadhub.leads.models.touch import Touch
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationPart, TenantManager


class LeadQuerySet(models.QuerySet["Lead"]):
    """Filters that the pages and the API share."""

    def open(self) -> Self:
        """Keep leads that are not won, lost or recycled."""
        return self.filter(stage__in=OPEN_STAGES)

    def counted(self) -> Self:
        """Keep what reports count: everything but `not_a_lead`."""
        return self.exclude(verdict=Verdict.NOT_A_LEAD)


LeadManager = TenantManager.from_queryset(LeadQuerySet)


class Lead(OrganizationPart):
    """One row per pass. Stages are written by `lifecycle.py` only; at most one open lead per person.

    `number` counts the person's passes from 1. `channel` … `landing_page` repeat the report touch.
    Money is in `currency`; `pipeline_value` and `sales_value` are kept by `opportunities.py`.
    """

    person = TenantForeignKey(Person, models.CASCADE, related_name="leads")
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.NEW)
    owner = TenantForeignKey(Membership, models.PROTECT, related_name="leads")
    captured_at = models.DateTimeField(help_text="Arrival of the opening inquiry: the cohort.")
    is_test = models.BooleanField(default=False)

    verdict = models.CharField(max_length=16, choices=Verdict, default=Verdict.PENDING)
    verdict_at = models.DateTimeField(null=True, blank=True)
    verdict_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    verdict_reason = models.CharField(max_length=300, blank=True)

    channel = models.CharField(max_length=24, choices=Channel, default=Channel.UNKNOWN)
    source = models.CharField(max_length=200, blank=True)
    medium = models.CharField(max_length=200, blank=True)
    campaign = models.CharField(max_length=300, blank=True)
    term = models.CharField(max_length=300, blank=True)
    landing_page = models.CharField(max_length=2000, blank=True)
    first_touch = TenantForeignKey(Touch, models.SET_NULL, null=True, blank=True, related_name="+")
    last_touch = TenantForeignKey(Touch, models.SET_NULL, null=True, blank=True, related_name="+")

    quote_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    quote_value_source = models.CharField(max_length=16, choices=ValueSource, blank=True)
    pipeline_value = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    sales_value = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)

    budget = models.CharField(max_length=300, blank=True)
    authority = models.CharField(max_length=300, blank=True)
    need = models.CharField(max_length=300, blank=True)
    timeline = models.CharField(max_length=300, blank=True)

    mql_at = models.DateTimeField(null=True, blank=True)
    mql_reason = models.CharField(max_length=24, choices=MqlReason, blank=True)
    sal_at = models.DateTimeField(null=True, blank=True)
    sql_at = models.DateTimeField(null=True, blank=True)
    opportunity_at = models.DateTimeField(null=True, blank=True)
    customer_at = models.DateTimeField(null=True, blank=True)
    recycled_at = models.DateTimeField(null=True, blank=True)
    disqualified_at = models.DateTimeField(null=True, blank=True)
    cooling_at = models.DateTimeField(null=True, blank=True, help_text="Fell below the bar after the hand-off.")

    disposition = models.CharField(max_length=16, choices=DispositionCode, blank=True)
    disposition_note = models.CharField(max_length=500, blank=True)
    wakes_at = models.DateTimeField(null=True, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField()

    objects: ClassVar[LeadManager] = LeadManager()

    class Meta(OrganizationPart.Meta):
        db_table = "lead"
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "number"], name="lead_number"),
            models.UniqueConstraint(
                fields=["organization", "person"],
                condition=Q(stage__in=OPEN_STAGES),
                name="lead_one_open_per_person",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="lead_stage"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="lead_verdict"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="lead_channel"),
            models.CheckConstraint(
                condition=Q(disposition="") | Q(disposition__in=DispositionCode.values),
                name="lead_disposition",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.RECYCLED, Stage.DISQUALIFIED]) | ~Q(disposition=""),
                name="lead_closed_with_disposition",
            ),
            models.CheckConstraint(
                condition=~Q(disposition="timing") | Q(wakes_at__isnull=False), name="lead_timing_has_date"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.PENDING) | Q(verdict_at__isnull=False), name="lead_verdict_dated"
            ),
            models.CheckConstraint(
                condition=Q(mql_at=None, mql_reason="") | Q(mql_at__isnull=False, mql_reason__in=MqlReason.values),
                name="lead_mql_reason",
            ),
            models.CheckConstraint(condition=~Q(stage="mql") | Q(mql_at__isnull=False), name="lead_mql_dated"),
            models.CheckConstraint(
                condition=~Q(stage="customer") | Q(customer_at__isnull=False), name="lead_won_dated"
            ),
            models.CheckConstraint(condition=Q(quote_value=None) | Q(quote_value__gte=0), name="lead_quote_value"),
            models.CheckConstraint(
                condition=Q(quote_value=None, quote_value_source="")
                | Q(quote_value__isnull=False, quote_value_source__in=ValueSource.values),
                name="lead_quote_value_source",
            ),
            models.CheckConstraint(condition=Q(pipeline_value__gte=0, sales_value__gte=0), name="lead_deal_values"),
        ]
        indexes = [
            models.Index(fields=["organization", "owner", "stage"], name="lead_owner_stage"),
            models.Index(fields=["organization", "-captured_at"], name="lead_captured"),
            models.Index(fields=["organization", "channel", "captured_at"], name="lead_channel_captured"),
            models.Index(fields=["organization", "stage", "captured_at"], name="lead_stage_captured"),
            models.Index(
                fields=["organization", "id"],
                include=["owner"],
                condition=Q(stage__in=OPEN_STAGES),
                name="lead_open_with_owner",
            ),
            # An undone import deletes touches; each asks for the leads that name it.
            models.Index(
                fields=["organization", "first_touch"], condition=Q(first_touch__isnull=False), name="lead_first_touch"
            ),
            models.Index(
                fields=["organization", "last_touch"], condition=Q(last_touch__isnull=False), name="lead_last_touch"
            ),
            models.Index(fields=["organization", "mql_at"], condition=Q(mql_at__isnull=False), name="lead_mql"),
            models.Index(
                fields=["organization", "customer_at"], condition=Q(customer_at__isnull=False), name="lead_won"
            ),
            models.Index(fields=["organization", "owner"], condition=Q(cooling_at__isnull=False), name="lead_cooling"),
        ]

    def __str__(self) -> str:
        return f"{self.person} #{self.number}"

    @property
    def is_open(self) -> bool:
        """Say whether the pass is still going."""
        return self.stage in OPEN_STAGES

    @property
    def is_put_off(self) -> bool:
        """Say whether it waits for its day; one that was won or disqualified meanwhile does not."""
        return self.wakes_at is not None and self.stage not in (Stage.CUSTOMER, Stage.DISQUALIFIED)


class StageChange(OrganizationPart):
    """One row per move of a lead. Written by `lifecycle.py` with the move itself; append-only."""

    lead = TenantForeignKey(Lead, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=16, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=16, choices=Stage)
    at = models.DateTimeField()
    actor = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    is_override = models.BooleanField(default=False, help_text="Required fields were waived; audited.")
    score_model_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta(OrganizationPart.Meta):
        db_table = "stage_change"
        constraints = [models.CheckConstraint(condition=Q(to_stage__in=Stage.values), name="stage_change_stage")]
        indexes = [
            models.Index(fields=["organization", "lead", "at"], name="stage_change_lead"),
            models.Index(fields=["organization", "to_stage", "at"], name="stage_change_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"
