"""The words that colleagues begin their own mails with."""

from django.db import models
from django.db.models import Q

from leadhub.tenancy.models import OrganizationOwned


class MailTemplate(OrganizationOwned):
    """One row per template of a personal mail. Written by `mail_templates.py`. Unique: name.

    Both texts are Liquid and plain text. What was written with one keeps its words when it changes or goes.
    """

    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "mail_template"
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="mail_template_name"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(body=""), name="mail_template_written"),
        ]

    def __str__(self) -> str:
        return self.name
