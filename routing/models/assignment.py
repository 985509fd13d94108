"""Who owns a lead and why."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationPart
from routing.models.pool import Pool


class Assignment(OrganizationPart):
    """One row per time a lead got an owner. Written by `assignment.py`, with `lead.owner`. Unique: one current.

    `receipt` explains it (see `receipts.py`). Only an assignment to sales is `is_sales` and asks for an answer;
    the duty manager's is held with the clock running.
    """

    class State(models.TextChoices):
        """What the member answered."""

        OFFERED = "offered", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        EXPIRED = "expired", "Expired"
        REROUTED = "rerouted", "Rerouted"
        HELD = "held", "Held by marketing or the duty manager"

    class Reason(models.TextChoices):
        """Why this member."""

        RULE = "rule", "A routing rule"
        FORMER_OWNER = "former_owner", "The former owner"
        COMPANY_OWNER = "company_owner", "The company's owner"
        FALLBACK = "fallback", "The fallback pool"
        DUTY_MANAGER = "duty_manager", "The duty manager"
        MARKETING_OWNER = "marketing_owner", "The marketing owner"
        MANUAL = "manual", "Given by a colleague"
        RETURNED = "returned", "Returned by sales"

    class RejectReason(models.TextChoices):
        """Why a member declined; only quality reasons revoke the verdict."""

        NOT_A_FIT = "not_a_fit", "Not a fit (quality)"
        BAD_CONTACT = "bad_contact", "Contact data is wrong (quality)"
        NO_INTEREST = "no_interest", "No interest (quality)"
        TIMING = "timing", "Bad timing"
        TERRITORY = "territory", "Outside my territory"
        CAPACITY = "capacity", "I have no capacity"

    lead = TenantForeignKey(Lead, models.CASCADE, related_name="assignments")
    member = TenantForeignKey(Membership, models.PROTECT, related_name="+")
    inquiry = TenantForeignKey(Inquiry, models.SET_NULL, null=True, blank=True, related_name="+")
    pool = TenantForeignKey(Pool, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(max_length=24, choices=Reason)
    is_sales = models.BooleanField(default=False)
    receipt = models.JSONField(default=dict)
    assigned_at = models.DateTimeField()
    assigned_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="24 business hours after the offer.")
    responded_at = models.DateTimeField(null=True, blank=True)
    reject_reason = models.CharField(max_length=16, choices=RejectReason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    batch_id = models.UUIDField(null=True, blank=True, help_text="The bulk reassignment it came from; undone by it.")

    class Meta(OrganizationPart.Meta):
        db_table = "assignment"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "lead"], condition=Q(ended_at=None), name="assignment_one_current"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "accepted", "rejected", "expired", "rerouted", "held"]),
                name="assignment_state",
            ),
            models.CheckConstraint(
                condition=Q(
                    reason__in=[
                        "rule",
                        "former_owner",
                        "company_owner",
                        "fallback",
                        "duty_manager",
                        "marketing_owner",
                        "manual",
                        "returned",
                    ]
                ),
                name="assignment_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reject_reason=""), name="assignment_rejected_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_sales=True) | Q(state__in=["held", "rerouted"]), name="assignment_offer_is_sales"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "lead", "-assigned_at"], name="assignment_lead"),
            models.Index(fields=["organization", "member", "ended_at", "is_sales"], name="assignment_member_sales"),
            models.Index(
                fields=["organization", "is_sales", "state", "lead"],
                condition=Q(ended_at=None),
                name="assignment_current",
            ),
            models.Index(
                fields=["organization", "inquiry"], condition=Q(inquiry__isnull=False), name="assignment_inquiry"
            ),
            models.Index(
                fields=["organization", "batch_id"], condition=Q(batch_id__isnull=False), name="assignment_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.member_id} ({self.state})"
