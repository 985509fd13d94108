"""Where the organization in scope is at home: a number without a country's code is dialled there."""

from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id


def get_country() -> str:
    """Return the country, by ISO 3166."""
    country: str = Organization.objects.values_list("country", flat=True).get(pk=get_organization_id())
    return country
