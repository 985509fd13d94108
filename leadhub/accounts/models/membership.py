"""Membership: a user in an organization, with a role. Global, because log-in must find it before the tenant."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization


class Role(models.TextChoices):
    """What a member is here for; `permissions.py` says what each may do."""

    ADMIN = "admin", "Admin"
    MANAGER = "manager", "Manager"
    MARKETER = "marketer", "Marketer"
    REP = "rep", "Rep"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships are global: every read names its organization or its user."""

    def active(self) -> "MembershipQuerySet":
        """Keep those who may log in."""
        return self.filter(is_active=True, user__is_active=True)

    def of(self, organization_id: UUID) -> "MembershipQuerySet":
        """Keep one organization's."""
        return self.filter(organization_id=organization_id)


class Membership(models.Model):
    """One row per user and organization. Written by `members.py`. Unique: (organization, user).

    Leads point here by (organization_id, id). The marketing owner has the leads that are not ready for
    sales; the duty manager those that nobody else can take. An organization has exactly one of each.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False, related_name="memberships")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    name = models.CharField(max_length=200, help_text="As leads and colleagues see it.")
    is_active = models.BooleanField(default=True)
    is_marketing_owner = models.BooleanField(default=False)
    is_duty_manager = models.BooleanField(default=False)
    away_from = models.DateTimeField(null=True, blank=True)
    away_until = models.DateTimeField(null=True, blank=True, help_text="Empty while away: until further notice.")
    created_at = models.DateTimeField(default=utc_now)

    objects: ClassVar[models.Manager["Membership"]] = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_user"),
            models.UniqueConstraint(fields=["organization", "id"], name="membership_in_organization"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_marketing_owner=True),
                name="membership_marketing_owner",
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_duty_manager=True), name="membership_duty_manager"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        return self.name
