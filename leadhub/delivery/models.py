"""The outbox: everything that leaves over the network."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from leadhub.leads.models import Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned

LEAVES_WITHIN = timedelta(minutes=2)  # of its claim a mail is handed over, or given up
_ANSWERS_WITHIN = timedelta(minutes=1)  # twice the limit of one call to a mail server, and some more


class Delivery(OrganizationOwned):
    """One row per outbound call. Written by handlers through `outbox.deliver`. Unique: dedupe_key.

    `sending` found after a crash, on a channel without idempotency keys, becomes `in_doubt`: shown, never
    sent again by itself. `token` is the sender's that has claimed it and not told yet what came of it.
    """

    class State(models.TextChoices):
        """Where the delivery is."""

        PENDING = "pending", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        IN_DOUBT = "in_doubt", "In doubt"
        SUPPRESSED = "suppressed", "Suppressed"

    channel = models.CharField(max_length=24)
    purpose = models.CharField(max_length=40, help_text="`alert`, `acknowledgement`, `invitation`, …")
    dedupe_key = models.CharField(max_length=200)
    recipient = models.CharField(max_length=320)
    lead = TenantForeignKey(Lead, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    content = models.JSONField(default=dict, help_text="What the channel needs: subject, text, html, headers.")
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "delivery"
        constraints = [
            models.UniqueConstraint(fields=["organization", "dedupe_key"], name="delivery_dedupe_key"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "sending", "sent", "failed", "in_doubt", "suppressed"]),
                name="delivery_state",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "lead"], name="delivery_lead"),
            models.Index(fields=["organization", "state", "-created_at"], name="delivery_state_created"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.purpose} ({self.state})"

    @property
    def busy_until(self) -> datetime | None:
        """When whoever claimed it is certainly not at it any more; None where they told what came of it."""
        if self.token is None or self.claimed_at is None:
            return None
        return self.claimed_at + LEAVES_WITHIN + _ANSWERS_WITHIN


class WordingFault(OrganizationOwned):
    """One row per template that faulted on somebody's values since it was last written. Written by `writing.py`.

    Unique: (kind, template_id). What goes out meanwhile has a gap there, or plain words.
    """

    class Kind(models.TextChoices):
        """Whose words they are."""

        FORM = "form", "A form's acknowledgement"
        STEP = "step", "A sequence's step"

    kind = models.CharField(max_length=8, choices=Kind)
    template_id = models.UUIDField()
    message = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    lead = TenantForeignKey(Lead, models.SET_NULL, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "wording_fault"
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "template_id"], name="wording_fault_template"),
            models.CheckConstraint(condition=Q(kind__in=["form", "step"]), name="wording_fault_kind"),
        ]
        indexes = [models.Index(fields=["organization", "lead"], name="wording_fault_lead")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.message}"
