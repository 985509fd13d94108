"""Everything that must happen later, one row each, and what went wrong with it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization, OrganizationOwned


class Lane(models.TextChoices):
    """A worker process each, so that bulk work, or somebody else's slow server, never delays an alert."""

    SPEED = "speed", "Speed"
    MAIL = "mail", "Mail"
    WEBHOOK = "webhook", "Webhooks"
    BULK = "bulk", "Bulk"


class Job(models.Model):
    """One row per thing to do. Written by `jobs.enqueue` in the transaction that makes it necessary.

    Global, without personal data: a worker claims across organizations. Unique: (organization, kind,
    dedupe_key). `due_at` moves to the lease's end at claim; `token` fences; `generation` counts re-requests, and
    `renewed_due_at` keeps the instant of one made while a worker held the job; `dead_at` marks a dead letter.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False, related_name="+")
    lane = models.CharField(max_length=8, choices=Lane)
    kind = models.CharField(max_length=60)
    target_id = models.UUIDField()
    dedupe_key = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    renewed_due_at = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=0, db_default=0)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    error_class = models.CharField(max_length=200, blank=True, default="", db_default="")
    dead_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Job"]] = models.Manager()

    class Meta:
        db_table = "job"
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "dedupe_key"], name="job_dedupe_key"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="job_lane"),
        ]
        indexes = [
            models.Index(fields=["lane", "organization", "due_at"], condition=Q(dead_at=None), name="job_due"),
            models.Index(fields=["organization", "dead_at"], condition=Q(dead_at__isnull=False), name="job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


class JobFailure(OrganizationOwned):
    """One row per failed attempt, with its message, which may quote personal data. Written by the runner."""

    job_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    attempt = models.PositiveIntegerField()
    error_class = models.CharField(max_length=200)
    message = models.TextField()
    traceback = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "job_failure"
        indexes = [models.Index(fields=["organization", "job_id", "at"], name="job_failure_job")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.error_class}"
