"""Who is in a sequence, where, and how they came there."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned
from nurture.models.sequence import Sequence, Step

DONE_KINDS = ["mailed", "waited", "tasked", "skipped"]  # the moves by which a step is behind an enrollment


class Enrollment(OrganizationOwned):
    """One row per lead and time it went through a sequence. Written by `enrolling.py`, `progress.py`, `exits.py`.

    Unique: (sequence, lead, number), and one active per sequence and lead. The person is the lead's, so that a
    merge takes it along. `step` is the one that comes next, at `next_due_at`; `why_here` says why it is there. Where
    the organization writes only so many mails a day, `turn_on` is the day of whose mails the next one is: `turns.py`.
    """

    class State(models.TextChoices):
        """Where the enrollment is: under way, at its end, left by a rule, taken out by a member."""

        ACTIVE = "active", "Under way"
        FINISHED = "finished", "Finished"
        EXITED = "exited", "Left"
        STOPPED = "stopped", "Stopped"

    class Origin(models.TextChoices):
        """What put the lead in."""

        MEMBER = "member", "A colleague"
        EVENT = "event", "What the lead did"
        STAGE = "stage", "A stage reached"
        DISPOSITION = "disposition", "A disposition"
        CONDITION = "condition", "The entry condition"

    sequence = TenantForeignKey(Sequence, models.CASCADE, related_name="enrollments")
    lead = TenantForeignKey(Lead, models.CASCADE, related_name="enrollments")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State, default=State.ACTIVE)
    step = TenantForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="enrollments")
    next_due_at = models.DateTimeField(null=True, blank=True)
    turn_on = models.DateField(null=True, blank=True)
    why_here = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=16, choices=Origin)
    enrolled_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "enrollment"
        constraints = [
            models.UniqueConstraint(fields=["organization", "sequence", "lead", "number"], name="enrollment_number"),
            models.UniqueConstraint(
                fields=["organization", "sequence", "lead"], condition=Q(state="active"), name="enrollment_one_active"
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at=None, step__isnull=False, next_due_at__isnull=False)
                | Q(state__in=["finished", "exited", "stopped"], ended_at__isnull=False, next_due_at=None),
                name="enrollment_state",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "lead"], name="enrollment_lead"),
            models.Index(fields=["organization", "sequence", "state", "step"], name="enrollment_at_step"),
            models.Index(fields=["organization", "sequence", "-entered_at"], name="enrollment_entered"),
            models.Index(
                fields=["organization", "turn_on"], condition=Q(turn_on__isnull=False), name="enrollment_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} in {self.sequence_id} ({self.state})"

    @property
    def is_active(self) -> bool:
        """Say whether the lead is still in the sequence."""
        return self.state == self.State.ACTIVE


class EnrollmentMove(OrganizationOwned):
    """One row per thing that happened to an enrollment: its path, with reasons. Written with the change; append-only.

    Unique: a step is done (or passed by) once per enrollment.
    """

    class Kind(models.TextChoices):
        """What happened."""

        ENTERED = "entered", "Entered"
        MAILED = "mailed", "Mail written"
        WAITED = "waited", "Waited"
        TASKED = "tasked", "Task given"
        SKIPPED = "skipped", "Passed by"
        POSTPONED = "postponed", "Put off"
        FINISHED = "finished", "Finished"
        EXITED = "exited", "Left"
        STOPPED = "stopped", "Stopped"

    enrollment = TenantForeignKey(Enrollment, models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=16, choices=Kind)
    step = TenantForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="moves")
    reason = models.CharField(max_length=300)
    until = models.DateTimeField(null=True, blank=True, help_text="When the next thing is due.")
    actor = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "enrollment_move"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "enrollment", "step"],
                condition=Q(kind__in=DONE_KINDS),
                name="enrollment_move_step_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "entered",
                        "mailed",
                        "waited",
                        "tasked",
                        "skipped",
                        "postponed",
                        "finished",
                        "exited",
                        "stopped",
                    ]
                ),
                name="enrollment_move_kind",
            ),
        ]
        indexes = [models.Index(fields=["organization", "enrollment", "at"], name="enrollment_move_path")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"
