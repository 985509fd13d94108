"""The part of the leads that a report looks at, and by which date it counts. Called by report pages and the API.

The names are those of the lead list's filters, so that a number's link carries them over as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Inquiry, Lead
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import read_id
from leadhub.tenancy.scope import get_organization_id
from reporting.periods import Period


class Basis(models.TextChoices):
    """By which date leads are counted (ADR 55)."""

    COHORT = "cohort", "By day of arrival"
    ACTIVITY = "activity", "By day of the step"


class BadSlice(DomainError):
    """The filter names what does not exist."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One channel, owner, service; empty is all of them."""

    channel: str = ""
    owner: UUID | None = None
    service: str = ""

    def narrow(self, leads: QuerySet[Lead]) -> QuerySet[Lead]:
        """Keep the leads of the slice."""
        if self.channel:
            leads = leads.filter(channel=self.channel)
        if self.owner:
            leads = leads.filter(owner_id=self.owner)
        if self.service:
            leads = leads.filter(Exists(Inquiry.objects.filter(lead=OuterRef("pk"), service=self.service)))
        return leads

    def to_query(self) -> dict[str, str]:
        """Return the slice as the query of a link."""
        wanted = {"channel": self.channel, "owner": str(self.owner or ""), "service": self.service}
        return {name: value for name, value in wanted.items() if value}


EVERYTHING = Slice()


def parse_slice(query: Mapping[str, str]) -> Slice:
    """Read a slice from a query string. Raises `BadSlice` at the field."""
    channel = query.get("channel", "")
    if channel and channel not in Channel.values:
        raise BadSlice("Choose one of the channels.", field="channel")
    return Slice(channel=channel, owner=_parse_owner(query.get("owner", "")), service=query.get("service", ""))


def parse_basis(text: str) -> Basis:
    """Read a basis; by cohort where nothing is asked. Raises `BadSlice`."""
    if text and text not in Basis.values:
        raise BadSlice(f"Choose one of {', '.join(Basis.values)}.", field="basis")
    return Basis(text or Basis.COHORT)


def list_services(*, period: Period) -> list[str]:
    """Return the services that were asked for in the period, by name."""
    asked = Inquiry.objects.filter(arrived_at__gte=period.starts_at, arrived_at__lt=period.ends_at).exclude(service="")
    return sorted(asked.order_by().values_list("service", flat=True).distinct())


def _parse_owner(text: str) -> UUID | None:
    if not text:
        return None
    owner = read_id(text)
    if owner is None or not Membership.objects.filter(pk=owner, organization_id=get_organization_id()).exists():
        raise BadSlice("There is no such member.", field="owner")
    return owner
