"""One raised hand."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from leadhub.leads.models.choices import Door, Intent
from leadhub.leads.models.lead import Lead
from leadhub.leads.models.person import Person
from leadhub.leads.models.touch import Touch
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationPart


class Inquiry(OrganizationPart):
    """One row per raised hand. Written by `intake`; its clocks by `clocks.py`. Unique: submission.

    `duplicate_of` points at the same person's inquiry at the same door for the same service within
    24 hours: kept, but it alerts nobody, is not acknowledged and not counted. One inquiry opens a lead.
    """

    person = TenantForeignKey(Person, models.CASCADE, related_name="inquiries")
    lead = TenantForeignKey(Lead, models.CASCADE, related_name="inquiries")
    touch = TenantForeignKey(Touch, models.SET_NULL, null=True, blank=True, related_name="inquiries")
    submission_id = models.UUIDField(null=True, blank=True)
    form_id = models.UUIDField(null=True, blank=True)
    door = models.CharField(max_length=16, choices=Door)
    is_opening = models.BooleanField(default=False)
    duplicate_of = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    service = models.CharField(max_length=120, blank=True)
    intent = models.CharField(max_length=16, choices=Intent)
    message = models.TextField(blank=True)
    quote_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    fields = models.JSONField(default=dict, blank=True, help_text="Every other field of the submission.")
    arrived_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When sales was asked, where marketing kept it first.",
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="The SLA's deadline for the first attempt.")
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    response_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="Wall clock to the attempt.")
    sla_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="Business time to the attempt.")

    class Meta(OrganizationPart.Meta):
        db_table = "inquiry"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="inquiry_submission",
            ),
            models.UniqueConstraint(
                fields=["organization", "lead"], condition=Q(is_opening=True), name="inquiry_one_opening"
            ),
            models.CheckConstraint(
                condition=Q(is_opening=False) | Q(duplicate_of=None), name="inquiry_opening_is_no_duplicate"
            ),
            models.CheckConstraint(condition=Q(quote_value=None) | Q(quote_value__gte=0), name="inquiry_quote_value"),
            models.CheckConstraint(condition=Q(intent__in=Intent.values), name="inquiry_intent"),
            models.CheckConstraint(condition=Q(door__in=Door.values), name="inquiry_door"),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "door", "service", "arrived_at"], name="inquiry_repeat"),
            models.Index(fields=["organization", "lead", "arrived_at", "id"], name="inquiry_of_lead"),
            models.Index(
                fields=["organization", "lead"], condition=Q(first_attempt_at__isnull=False), name="inquiry_answered"
            ),
            models.Index(fields=["organization", "touch"], condition=Q(touch__isnull=False), name="inquiry_of_touch"),
            models.Index(
                fields=["organization", "duplicate_of"],
                condition=Q(duplicate_of__isnull=False),
                name="inquiry_repeated",
            ),
            models.Index(fields=["organization", "-arrived_at"], name="inquiry_arrived"),
            models.Index(
                fields=["organization", "due_at"],
                condition=Q(first_attempt_at=None, due_at__isnull=False),
                name="inquiry_waiting",
            ),
            models.Index(
                fields=["organization", "handed_over_at"],
                condition=Q(handed_over_at__isnull=False),
                name="inquiry_handed_over",
            ),
        ]

    @property
    def asked_at(self) -> datetime:
        """Since when somebody of sales was to answer: the arrival, or the hand-over."""
        asked_at: datetime = self.handed_over_at or self.arrived_at
        return asked_at

    @property
    def took_seconds(self) -> int | None:
        """How long that took to the first attempt, in seconds of wall-clock time; 0 where it came before."""
        if self.first_attempt_at is None:
            return None
        return max(int((self.first_attempt_at - self.asked_at).total_seconds()), 0)

    def __str__(self) -> str:
        return f"{self.service or self.door} at {self.arrived_at:%Y-%m-%d %H:%M}"
