"""Doors and what arrived at them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from capture.imports.models import Import, ImportChunk, ImportMapping, ImportRow
from leadhub.leads.models import Door, Inquiry, Intent, Lead, Person
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned

__all__ = ["Form", "IdempotencyKey", "Import", "ImportChunk", "ImportMapping", "ImportRow", "Submission"]


class Form(OrganizationOwned):
    """One row per web form. Written by its settings page. Unique: key (public), also in the directory."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    headline = models.CharField(max_length=200, blank=True)
    introduction = models.TextField(blank=True)
    fields = models.JSONField(default=list, help_text="[{name, label, kind, required, options}] in order")
    allowed_origins = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    service = models.CharField(max_length=120, blank=True)
    intent = models.CharField(max_length=16, choices=Intent, default=Intent.HOT)
    button_text = models.CharField(max_length=80, default="Send")
    thank_you_text = models.TextField(default="Thank you. We have your message and will answer soon.")
    redirect_url = models.URLField(max_length=500, blank=True)
    sends_acknowledgement = models.BooleanField(default=True)
    acknowledgement_subject = models.CharField(max_length=300, blank=True)
    acknowledgement_body = models.TextField(blank=True, help_text="Liquid.")
    is_active = models.BooleanField(default=True)
    google_key_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "form"
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="form_key"),
            models.CheckConstraint(condition=Q(intent__in=Intent.values), name="form_intent"),
        ]

    def __str__(self) -> str:
        return self.name


class Submission(OrganizationOwned):
    """One row per raw arrival, stored as it came. Written by the doors; its outcome by intake.

    The ledger: received = created + merged + rejected + quarantined + pending, by `status`.
    """

    class Status(models.TextChoices):
        """What became of it."""

        PENDING = "pending", "Pending"
        CREATED = "created", "Created a lead"
        MERGED = "merged", "Joined a lead"
        REJECTED = "rejected", "Rejected"
        QUARANTINED = "quarantined", "Quarantined"

    door = models.CharField(max_length=16, choices=Door)
    form = TenantForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="submissions")
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    reasons = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    received_at = models.DateTimeField()
    body = models.BinaryField(help_text="The bytes as they came, cut at the cap.")
    content_type = models.CharField(max_length=200, blank=True)
    request = models.JSONField(default=dict, help_text="address, agent, origin, referrer, query")
    values = models.JSONField(default=dict, help_text="Parsed, NULs removed.")
    person = TenantForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    lead = TenantForeignKey(Lead, models.SET_NULL, null=True, blank=True, related_name="+")
    inquiry = TenantForeignKey(Inquiry, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "submission"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "created", "merged", "rejected", "quarantined"]),
                name="submission_status",
            ),
            models.CheckConstraint(condition=Q(door__in=Door.values), name="submission_door"),
            models.CheckConstraint(
                condition=~Q(status__in=["created", "merged"]) | Q(lead__isnull=False),
                name="submission_has_lead",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-received_at"], name="submission_received"),
            models.Index(fields=["organization", "status", "-received_at"], name="submission_of_status"),
            models.Index(fields=["organization", "lead"], name="submission_lead"),
            models.Index(
                fields=["organization", "inquiry"], condition=Q(inquiry__isnull=False), name="submission_inquiry"
            ),
            models.Index(
                fields=["organization", "person"], condition=Q(person__isnull=False), name="submission_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.received_at:%Y-%m-%d %H:%M:%S}"

    @property
    def sender(self) -> str:
        """Return who sent it, as far as the values say."""
        return str(self.values.get("name") or self.values.get("email") or self.values.get("phone") or "Not known")


class IdempotencyKey(OrganizationOwned):
    """One row per `Idempotency-Key` in use, forgotten after 24 h. Written by doors and API. Unique: (scope, key).

    `status_code` is null while the first request is in flight.
    """

    scope = models.CharField(max_length=80, help_text="The form key, or the API key's id and the path.")
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "idempotency_key"
        constraints = [models.UniqueConstraint(fields=["organization", "scope", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["organization", "created_at"], name="idempotency_key_created")]

    def __str__(self) -> str:
        return self.key
