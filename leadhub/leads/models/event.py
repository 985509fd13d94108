"""One thing that happened to a person."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import EventKind
from leadhub.leads.models.inquiry import Inquiry
from leadhub.leads.models.lead import Lead
from leadhub.leads.models.person import Person
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationPart


class Event(OrganizationPart):
    """One row per happening, append-only. Written by `timeline.record_event`. Unique: dedupe_key.

    A hand-logged act has `occurred_at` as told, `logged_at` as known, and `is_self_reported`. An undone one
    keeps its row: `voided_at` says that it never counted.
    """

    person = TenantForeignKey(Person, models.CASCADE, related_name="events")
    lead = TenantForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="events")
    inquiry = TenantForeignKey(Inquiry, models.SET_NULL, null=True, blank=True, related_name="events")
    kind = models.CharField(max_length=32, choices=EventKind)
    occurred_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    actor = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    is_self_reported = models.BooleanField(default=False)
    summary = models.CharField(max_length=300, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationPart.Meta):
        db_table = "event"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "dedupe_key"], condition=~Q(dedupe_key=""), name="event_dedupe_key"
            ),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind"),
        ]
        indexes = [
            models.Index(fields=["organization", "person", "-occurred_at"], name="event_person"),
            models.Index(fields=["organization", "lead", "-occurred_at"], name="event_lead"),
            models.Index(fields=["organization", "kind", "occurred_at"], name="event_of_kind"),
            models.Index(
                fields=["organization", "inquiry"], condition=Q(inquiry__isnull=False), name="event_of_inquiry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.occurred_at:%Y-%m-%d %H:%M}"
