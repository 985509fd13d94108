"""The next thing a member has promised to do for a lead."""

from django.db import models
from django.db.models import Q

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import TaskKind
from leadhub.leads.models.lead import Lead
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class Task(OrganizationOwned):
    """One row per promised action. Written by `tasks.py`. Unique: dedupe_key, which names its cause."""

    lead = TenantForeignKey(Lead, models.CASCADE, related_name="tasks")
    member = TenantForeignKey(Membership, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=16, choices=TaskKind)
    title = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, blank=True)

    class Meta(OrganizationOwned.Meta):
        db_table = "task"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "dedupe_key"], condition=~Q(dedupe_key=""), name="task_dedupe_key"
            ),
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="task_kind"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "member", "due_at"],
                condition=Q(done_at=None),
                name="task_open_of_member",
            ),
            models.Index(fields=["organization", "lead"], name="task_lead"),
        ]

    def __str__(self) -> str:
        return self.title
