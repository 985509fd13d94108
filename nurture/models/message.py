"""What a sequence mailed, and what came back."""

from django.db import models
from django.db.models import Q

from leadhub.delivery.models import Delivery
from leadhub.leads.models import Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned
from nurture.models.enrollment import Enrollment
from nurture.models.sequence import Step


class Message(OrganizationOwned):
    """One row per mail of a sequence. Written by `mailing.py`; its dates by `tracking.py` and `exits.py`.

    Unique: (enrollment, step). Each date is the first time a human did it; hits of machines count nothing.
    """

    enrollment = TenantForeignKey(Enrollment, models.CASCADE, related_name="messages")
    step = TenantForeignKey(Step, models.PROTECT, related_name="messages")
    lead = TenantForeignKey(Lead, models.CASCADE, related_name="messages")
    delivery = TenantForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="messages")
    written_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "nurture_message"
        constraints = [
            models.UniqueConstraint(fields=["organization", "enrollment", "step"], name="nurture_message_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "lead", "written_at"], name="nurture_message_lead"),
            models.Index(fields=["organization", "step"], name="nurture_message_step"),
            models.Index(fields=["organization", "written_at"], name="nurture_message_written"),
            models.Index(fields=["organization", "delivery"], name="nurture_message_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} to {self.lead_id}"


class MailHit(OrganizationOwned):
    """One row per request of a tracked link or picture, a machine's too. Written by `tracking.py`."""

    class Kind(models.TextChoices):
        """What was asked for."""

        OPENED = "opened", "Opened"
        CLICKED = "clicked", "Clicked"

    message = TenantForeignKey(Message, models.CASCADE, related_name="hits")
    kind = models.CharField(max_length=8, choices=Kind)
    link = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    machine_reason = models.CharField(max_length=120, blank=True, help_text="Why it was no human; empty for one.")
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "nurture_mail_hit"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["opened", "clicked"]), name="nurture_mail_hit_kind")
        ]
        indexes = [models.Index(fields=["organization", "message", "at"], name="nurture_mail_hit_message")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
