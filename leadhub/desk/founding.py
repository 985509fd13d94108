"""Found an organization that works at once: admin, form, score model, pool with SLA, sequences, keys.

Called by `leadhub org create` and the demo; composes the defaults of the features.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from capture.defaults import create_default_form
from leadhub.accounts.apikeys import SCOPES, create_api_key
from leadhub.accounts.logins import create_login
from leadhub.accounts.members import add_member
from leadhub.accounts.models import Membership, Role, User
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Directory, Organization
from leadhub.tenancy.scope import scope
from nurture.starters import create_founding_sequences
from routing.defaults import create_default_pool
from scoring.defaults import create_default_model


@dataclass(frozen=True, kw_only=True)
class Founded:
    """A new organization and the keys to its doors; the API key is shown now and never again."""

    organization: Organization
    admin: Membership
    api_key: str
    form_key: str
    site_key: str


class AdminHasPassword(DomainError):
    """The admin's address has a log-in already, and another password was given."""

    def __init__(self) -> None:
        super().__init__("This e-mail has a log-in already: give its own password.", field="admin_password")


def found_organization(
    *,
    name: str,
    admin_email: str,
    admin_password: str,
    now: datetime,
    admin_name: str = "",
    time_zone: str = "UTC",
    currency: str = "USD",
    country: str = "US",
) -> Founded:
    """Create the organization and all it needs to take its first lead, or nothing."""
    with transaction.atomic():
        user = _find_or_create_user(email=admin_email, password=admin_password, name=admin_name)
        organization = Organization.objects.create(
            name=name,
            slug=_free_slug(name),
            time_zone=time_zone,
            currency=currency,
            country=country,
            created_at=now,
        )
        with scope(organization.id):
            admin = add_member(user=user, role=Role.ADMIN, name=admin_name or user.name, now=now)
            return _furnish(organization=organization, admin=admin, now=now)


def _furnish(*, organization: Organization, admin: Membership, now: datetime) -> Founded:
    create_default_model(now=now)
    create_default_pool(admin=admin, now=now)
    create_founding_sequences(now=now)
    form = create_default_form(name="Website contact", now=now)
    key = create_api_key(name="First key", scopes=list(SCOPES), member=admin, actor=admin, now=now)
    return Founded(
        organization=organization,
        admin=admin,
        api_key=key.secret,
        form_key=form.key,
        site_key=_create_site_key(organization_id=organization.id),
    )


def _find_or_create_user(*, email: str, password: str, name: str) -> User:
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        return create_login(email=email, password=password, name=name)
    if not user.check_password(password):
        raise AdminHasPassword
    return user


def _create_site_key(*, organization_id: UUID) -> str:
    key = f"site_{secrets.token_urlsafe(18)}"
    Directory.objects.create(
        kind=Directory.Kind.SITE, key=key, organization_id=organization_id, target_id=organization_id
    )
    return key


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)
