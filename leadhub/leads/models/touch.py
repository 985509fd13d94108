"""One marketing contact."""

from django.db import models

from leadhub.leads.models.choices import Channel
from leadhub.leads.models.person import Person
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationPart


class Touch(OrganizationPart):
    """One row per marketing contact of a person. Written by intake. Never updated."""

    person = TenantForeignKey(Person, models.CASCADE, related_name="touches")
    occurred_at = models.DateTimeField()
    visitor_id = models.CharField(max_length=100, blank=True)
    channel = models.CharField(max_length=24, choices=Channel)
    source = models.CharField(max_length=200, blank=True)
    medium = models.CharField(max_length=200, blank=True)
    campaign = models.CharField(max_length=300, blank=True)
    term = models.CharField(max_length=300, blank=True)
    content = models.CharField(max_length=300, blank=True)
    click_id_kind = models.CharField(max_length=16, blank=True)
    click_id = models.CharField(max_length=500, blank=True)
    landing_page = models.CharField(max_length=2000, blank=True)
    referrer = models.CharField(max_length=2000, blank=True)

    class Meta(OrganizationPart.Meta):
        db_table = "touch"
        constraints = [models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="touch_channel")]
        indexes = [models.Index(fields=["organization", "person", "occurred_at"], name="touch_person")]

    def __str__(self) -> str:
        return f"{self.channel} {self.source}".strip()
