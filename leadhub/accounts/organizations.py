"""Change what an organization is called, where it is and what money it counts in. Called by the settings page."""

from datetime import datetime
from zoneinfo import available_timezones

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.countries import list_countries
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Organization

FIELDS = ("name", "time_zone", "currency", "country")


class OrganizationInvalid(DomainError):
    """A setting of the organization cannot be; `field` names it."""


def change_organization(
    *,
    organization: Organization,
    name: str,
    time_zone: str,
    currency: str,
    country: str,
    actor: Membership,
    now: datetime,
) -> Organization:
    """Change the organization in scope, audited; nothing changed writes nothing. Raises `OrganizationInvalid`."""
    values = {"name": name.strip(), "time_zone": time_zone, "currency": currency, "country": country}
    _require_valid(values)
    before = {field: getattr(organization, field) for field in FIELDS}
    changed = [field for field in FIELDS if before[field] != values[field]]
    if not changed:
        return organization
    for field in changed:
        setattr(organization, field, values[field])
    organization.save(update_fields=changed)
    record_change(
        actor=actor,
        action="organization.changed",
        target_kind="organization",
        target_id=organization.pk,
        summary=f"Organization: {', '.join(field.replace('_', ' ') for field in changed)} changed",
        now=now,
        before={field: before[field] for field in changed},
        after={field: values[field] for field in changed},
    )
    return organization


def _require_valid(values: dict[str, str]) -> None:
    if not 0 < len(values["name"]) <= 200:
        raise OrganizationInvalid("Give it a name of at most 200 characters.", field="name")
    if values["time_zone"] not in available_timezones():
        raise OrganizationInvalid("Choose a time zone of the list.", field="time_zone")
    if not (len(values["currency"]) == 3 and values["currency"].isascii() and values["currency"].isupper()):
        raise OrganizationInvalid("A currency is three capital letters, such as EUR.", field="currency")
    if values["country"] not in dict(list_countries()):
        raise OrganizationInvalid("Choose a country of the list.", field="country")
