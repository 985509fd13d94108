"""Who is told by webhook of what happens, and what came of each time. See docs/adr/0048-webhooks.md."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.tenancy.fields import TenantForeignKey, TenantOneToOneField
from leadhub.tenancy.models import OrganizationOwned, TenantPart


class Endpoint(OrganizationOwned):
    """One row per URL that an admin wants told. Written by `endpoints.py`, and by `health.py`. Unique: name.

    The secrets are sealed; `former_secret` are those it replaced, parted by blanks: they sign as well until
    `former_until`. `failures`, `failing_since`: the tries that failed since the last one that did not. `rests_until`:
    nobody calls before. No event types: all of them.
    """

    class State(models.TextChoices):
        """Whether it is called; what happens while it is not is kept for it."""

        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        SWITCHED_OFF = "switched_off", "Switched off"

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=300)
    event_types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    secret = models.TextField()
    former_secret = models.TextField(blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    state_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When it last said yes.")
    created_at = models.DateTimeField()
    created_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(OrganizationOwned.Meta):
        db_table = "webhook_endpoint"
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="webhook_endpoint_name"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "switched_off"]), name="webhook_endpoint_state"
            ),
        ]
        indexes = [models.Index(fields=["organization", "created_by"], name="webhook_endpoint_creator")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Say whether it is called."""
        return self.state == self.State.ACTIVE

    def list_former(self, now: datetime) -> list[str]:
        """Return the sealed secrets that were replaced and sign as well at the instant."""
        return self.former_secret.split() if self.former_until and self.former_until > now else []


class Announcement(TenantPart):
    """One row per delivery to an endpoint: of which event, and what was answered last.

    Written with its `Delivery`, which has the payload and the state. `status` is None where nobody answered.
    """

    delivery = TenantOneToOneField(Delivery, models.CASCADE, related_name="announcement")
    endpoint = TenantForeignKey(Endpoint, models.CASCADE, related_name="announcements")
    event_type = models.CharField(max_length=40)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantPart.Meta):
        db_table = "webhook_announcement"
        indexes = [models.Index(fields=["organization", "endpoint", "-delivery"], name="webhook_announcement_endpoint")]

    def __str__(self) -> str:
        return f"{self.event_type} → {self.endpoint_id}"
