"""Alerts: durable, so that a browser that was away is told when it returns."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class Alert(OrganizationOwned):
    """One row per thing a member must see. Written by `alerts.raise_alert`. Unique: dedupe_key (its cause)."""

    class Kind(models.TextChoices):
        """Why the member is told."""

        ASSIGNED = "assigned", "New lead"
        REASSIGNED = "reassigned", "Lead moved to you"
        INQUIRY = "inquiry", "Your lead asked again"
        REMINDER = "reminder", "Deadline near"
        ESCALATION = "escalation", "Deadline missed"
        EXPIRED = "expired", "Not accepted in time"
        COOLING = "cooling", "Lead is cooling"
        WOKEN = "woken", "Lead woke up"
        REPLY = "reply", "Your lead answered"

    TEXT_CHARACTERS = 300

    member = TenantForeignKey(Membership, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=16, choices=Kind)
    lead = TenantForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="alerts")
    inquiry = TenantForeignKey(Inquiry, models.CASCADE, null=True, blank=True, related_name="alerts")
    text = models.CharField(max_length=TEXT_CHARACTERS)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "alert"
        constraints = [
            models.UniqueConstraint(fields=["organization", "dedupe_key"], name="alert_dedupe_key"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "assigned",
                        "reassigned",
                        "inquiry",
                        "reminder",
                        "escalation",
                        "expired",
                        "cooling",
                        "woken",
                        "reply",
                    ]
                ),
                name="alert_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "member", "created_at"], name="alert_member"),
            models.Index(fields=["organization", "member"], condition=Q(seen_at=None), name="alert_unseen"),
            models.Index(fields=["organization", "lead"], name="alert_lead"),
            models.Index(fields=["organization", "inquiry"], condition=Q(inquiry__isnull=False), name="alert_inquiry"),
        ]

    def __str__(self) -> str:
        return self.text
