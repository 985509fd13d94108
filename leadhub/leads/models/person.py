"""One human in one organization, how we recognise them, and what they asked us not to do."""

from django.db import models
from django.db.models import Q

from leadhub.leads.models.company import Company
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned, OrganizationPart


class Person(OrganizationOwned):
    """One row per human, for ever. Written by `identity.py`.

    `email` and `phone` show the latest of each; `Identity` rows decide who is who. A consent withdrawn by somebody who
    has no address has `refuses_mail` besides: see `consent.py`.
    """

    first_name = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=320, blank=True, help_text="As they wrote it.")
    email_norm = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=64, blank=True, help_text="As they wrote it.")
    phone_e164 = models.CharField(max_length=20, blank=True)
    is_free_mail = models.BooleanField(default=False)
    company = TenantForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="people")
    company_name = models.CharField(max_length=300, blank=True)
    street = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="With the number.")
    postal_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)
    do_not_contact = models.BooleanField(default=False)
    consent = models.JSONField(default=dict, blank=True, help_text="purpose → {given, at, source}")
    custom = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "person"
        indexes = [
            models.Index(fields=["organization", "email_norm"], name="person_email"),
            models.Index(fields=["organization", "company"], name="person_company"),
            models.Index(fields=["organization", "-created_at"], name="person_created"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the best name we have for the human."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.phone or "Unnamed"


class Identity(OrganizationPart):
    """One row per way to recognise a person. Written by `identity.py`. Unique: (kind, value)."""

    class Kind(models.TextChoices):
        """How a person is recognised."""

        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        EXTERNAL = "external", "External id"

    person = TenantForeignKey(Person, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16, choices=Kind)
    value = models.CharField(max_length=400, help_text="Normal form; external ids as `system:id`.")
    created_at = models.DateTimeField()

    class Meta(OrganizationPart.Meta):
        db_table = "identity"
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "value"], name="identity_value"),
            models.CheckConstraint(condition=Q(kind__in=["email", "phone", "external"]), name="identity_kind"),
        ]
        indexes = [models.Index(fields=["organization", "person"], name="identity_person")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Suppression(OrganizationOwned):
    """One row per address never to be mailed, with why. Written by `consent.py`. Unique: email_norm.

    Where `covers_person`, whoever has the address gets no sequence's mail under any other one either: they asked.
    """

    email_norm = models.CharField(max_length=320)
    reason = models.CharField(max_length=200)
    covers_person = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        db_table = "suppression"
        constraints = [models.UniqueConstraint(fields=["organization", "email_norm"], name="suppression_email")]

    def __str__(self) -> str:
        return self.email_norm


class ExternalRef(OrganizationOwned):
    """One row per record's name in another system. Unique: (system, kind, external_id)."""

    record_kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    system = models.CharField(max_length=80)
    external_id = models.CharField(max_length=200)

    class Meta(OrganizationOwned.Meta):
        db_table = "external_ref"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "system", "record_kind", "external_id"], name="external_ref_id"
            )
        ]
        indexes = [models.Index(fields=["organization", "record_kind", "record_id"], name="external_ref_record")]

    def __str__(self) -> str:
        return f"{self.system}:{self.external_id}"
