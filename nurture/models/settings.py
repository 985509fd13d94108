"""The rules of sending that hold for every sequence."""

from datetime import time

from django.db import models
from django.db.models import Q

from leadhub.tenancy.models import OrganizationOwned


class NurtureSettings(OrganizationOwned):
    """One row per organization. Written by `settings.py`. Unique: organization.

    Quiet hours are in the lead's own time; the same time twice means none. A cap of 0 means no cap; `mails_a_day`
    is over all leads, in the organization's days, below the installation's `MAILS_A_DAY`. Without a
    `postal_address` no sequence that mails can be turned on. `reply_to` is empty where the lead's owner answers.
    """

    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8))
    is_weekend_quiet = models.BooleanField(default=False)
    cap_mails = models.PositiveIntegerField(default=2)
    cap_days = models.PositiveIntegerField(default=7)
    mails_a_day = models.PositiveIntegerField(default=0, db_default=0)
    postal_address = models.CharField(max_length=300, blank=True)
    from_name = models.CharField(max_length=120, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "nurture_settings"
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="nurture_settings_once"),
            models.CheckConstraint(condition=Q(cap_days__gt=0), name="nurture_settings_cap_days"),
        ]

    def __str__(self) -> str:
        return f"Quiet {self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"
