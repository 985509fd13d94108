"""Rules in versions: draft → published → retired. Score models and routing rules are rows of this shape.

A version's number always names one set of rules: putting an older one back publishes a copy of it. Nothing here
knows what the rules are; the features copy and check them.
"""

from datetime import datetime
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from leadhub.tenancy.fields import TenantForeignKey
from leadhub.tenancy.models import OrganizationOwned


class VersionState(models.TextChoices):
    """A rule set's life: edited, live, replaced."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class RuleVersion(OrganizationOwned):
    """What every versioned rule set has; its table allows one draft and one published row."""

    version = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=VersionState, default=VersionState.DRAFT)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(OrganizationOwned.Meta):
        abstract = True


Version = TypeVar("Version", bound=RuleVersion)


class NoDraft(DomainError):
    """There is no draft to edit, publish or discard."""

    def __init__(self) -> None:
        super().__init__("There is no draft: begin one first.")


class NoSuchVersion(DomainError):
    """The version was never published, or is in force already."""

    def __init__(self, version: int) -> None:
        super().__init__(f"Version {version} cannot be put back: it was never published, or is in force already.")


def find_draft(rules: type[Version]) -> Version | None:
    """Return the version being edited."""
    return rules.objects.filter(state=VersionState.DRAFT).first()


def find_published(rules: type[Version]) -> Version | None:
    """Return the version in force."""
    return rules.objects.filter(state=VersionState.PUBLISHED).first()


def list_versions(rules: type[Version]) -> QuerySet[Version]:
    """Return the published and the retired versions, newest first."""
    versions = rules.objects.exclude(state=VersionState.DRAFT)
    return versions.select_related("published_by", "created_by").order_by("-version")


def lock_draft(rules: type[Version]) -> Version:
    """Return the draft, locked. Raises `NoDraft`."""
    draft = rules.objects.select_for_update().filter(state=VersionState.DRAFT).first()
    if draft is None:
        raise NoDraft
    return draft


def get_retired(rules: type[Version], *, version: int) -> Version:
    """Return a version that was in force once. Raises `NoSuchVersion`."""
    former = rules.objects.filter(version=version, state=VersionState.RETIRED).first()
    if former is None:
        raise NoSuchVersion(version)
    return former


def number_version(rules: type[Version], *, state: VersionState, actor: Membership, now: datetime) -> Version:
    """Return a new row under the next number, not saved yet."""
    last = rules.objects.order_by("-version").values_list("version", flat=True).first() or 0
    return rules(version=last + 1, state=state, created_at=now, created_by=actor)


def put_in_force(version: Version, *, actor: Membership, now: datetime, note: str) -> Version | None:
    """Publish the version and retire the one in force, which is returned."""
    former = type(version).objects.select_for_update().filter(state=VersionState.PUBLISHED).first()
    if former is not None:
        former.state = VersionState.RETIRED
        former.save(update_fields=["state"])
    version.state, version.note = VersionState.PUBLISHED, note.strip()[:300]
    version.published_at, version.published_by = now, actor
    version.save(update_fields=["state", "note", "published_at", "published_by"])
    return former
