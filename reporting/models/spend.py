"""What marketing cost."""

from django.db import models
from django.db.models import F, Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class SpendUpload(OrganizationOwned):
    """One row per uploaded file, read and checked but not written before somebody confirms it. Unique: nothing.

    `lines` is what would be written, `errors` what could not be read, both by row number of the file.
    """

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file, hex.")
    lines = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    uploaded_by = TenantForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "spend_upload"
        indexes = [models.Index(fields=["organization", "digest"], name="spend_upload_digest")]

    def __str__(self) -> str:
        return self.name


class Spend(OrganizationOwned):
    """One row per amount spent on a channel, source or campaign over days. Written by `spend.py`.

    An empty source or campaign is not "unknown" but the level it was entered at: it is never pushed below.
    Unique: (channel, source, campaign, days), so that nothing is counted twice.
    """

    channel = models.CharField(max_length=24, choices=Channel)
    source = models.CharField(max_length=200, blank=True)
    campaign = models.CharField(max_length=300, blank=True)
    first_on = models.DateField()
    last_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    upload = TenantForeignKey(SpendUpload, models.SET_NULL, null=True, blank=True, related_name="spends")
    entered_by = TenantForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "spend"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "channel", "source", "campaign", "first_on", "last_on"], name="spend_once"
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="spend_channel"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="spend_days"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spend_amount"),
        ]
        indexes = [
            models.Index(fields=["organization", "first_on"], name="spend_first"),
            models.Index(fields=["organization", "upload"], name="spend_of_upload"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.source} {self.campaign}: {self.amount} {self.currency}"
