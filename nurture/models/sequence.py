"""A nurture programme and its steps."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models import DispositionCode, EventKind, Stage, TaskKind
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned, TenantManager


class Sequence(OrganizationOwned):
    """One row per programme. Written by `sequences.py`. Unique: name.

    A lead enters by itself when one of `entry_events` happens, it reaches one of `entry_stages` or is disposed
    for one of `entry_dispositions`, and it matches `entry_condition`; with none of the three, when any event
    makes it match the condition; with no condition either, only by hand. It leaves at any of `exit_events`, in
    any of `exit_stages`, and when it matches `exit_condition` (`{}`: none).
    """

    class State(models.TextChoices):
        """A programme's life: being written, running, held, put away."""

        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        ARCHIVED = "archived", "Archived"

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    entry_condition = models.JSONField(default=dict, blank=True)
    entry_events = ArrayField(models.CharField(max_length=32, choices=EventKind), default=list, blank=True)
    entry_stages = ArrayField(models.CharField(max_length=16, choices=Stage), default=list, blank=True)
    entry_dispositions = ArrayField(models.CharField(max_length=16, choices=DispositionCode), default=list, blank=True)
    exit_condition = models.JSONField(default=dict, blank=True)
    exit_events = ArrayField(models.CharField(max_length=32, choices=EventKind), default=list, blank=True)
    exit_stages = ArrayField(models.CharField(max_length=16, choices=Stage), default=list, blank=True)
    allows_reentry = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "sequence"
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="sequence_name"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "active", "paused", "archived"]), name="sequence_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(activated_at__isnull=False), name="sequence_active_dated"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="sequence_of_state")]

    def __str__(self) -> str:
        return self.name


class StepQuerySet(models.QuerySet["Step"]):
    """The filter that all who read steps share."""

    def placed(self) -> Self:
        """Keep the steps that stand in the order of their sequence: none that was removed."""
        return self.filter(position__isnull=False)


StepManager = TenantManager.from_queryset(StepQuerySet)


class Step(OrganizationOwned):
    """One row per step. Written by `steps.py`. Unique: (sequence, position); a removed one has no position.

    A lead that does not match `condition` passes it by. A wait lasts its days and hours, then until the next
    `wait_weekday` (0 is Monday) and `wait_at`, both in the lead's own time.
    """

    class Kind(models.TextChoices):
        """What the step does."""

        MAIL = "mail", "E-mail"
        WAIT = "wait", "Wait"
        TASK = "task", "Task"

    sequence = TenantForeignKey(Sequence, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    condition = models.JSONField(default=dict, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    wait_days = models.PositiveIntegerField(default=0)
    wait_hours = models.PositiveIntegerField(default=0)
    wait_weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    wait_at = models.TimeField(null=True, blank=True)
    task_kind = models.CharField(max_length=16, choices=TaskKind, default=TaskKind.TODO)
    task_title = models.CharField(max_length=300, blank=True)
    task_due_hours = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects: ClassVar[StepManager] = StepManager()

    class Meta(OrganizationOwned.Meta):
        db_table = "sequence_step"
        constraints = [
            models.UniqueConstraint(fields=["organization", "sequence", "position"], name="sequence_step_position"),
            models.CheckConstraint(condition=Q(kind__in=["mail", "wait", "task"]), name="sequence_step_kind"),
            models.CheckConstraint(
                condition=~Q(kind="mail") | (~Q(subject="") & ~Q(body="")), name="sequence_step_mail_written"
            ),
            models.CheckConstraint(condition=~Q(kind="task") | ~Q(task_title=""), name="sequence_step_task_named"),
            models.CheckConstraint(
                condition=~Q(kind="wait")
                | Q(wait_days__gt=0)
                | Q(wait_hours__gt=0)
                | Q(wait_weekday__isnull=False)
                | Q(wait_at__isnull=False),
                name="sequence_step_wait_lasts",
            ),
            models.CheckConstraint(
                condition=Q(wait_weekday=None) | Q(wait_weekday__lte=6), name="sequence_step_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"
