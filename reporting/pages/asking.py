"""What a report page is asked for: period, basis and slice, read alike on every page of the reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from leadhub.accounts.access import MemberRequest
from leadhub.leads.filters import list_owners
from leadhub.leads.models import Channel
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.parts import Tab
from reporting.periods import DEFAULT_DAYS, PRESETS, Period, last_days, last_month, read_period
from reporting.slices import EVERYTHING, Basis, Slice, list_services, parse_basis, parse_slice


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One page's question; `error` says what was wrong with it, and then the usual is shown."""

    period: Period
    basis: Basis
    within: Slice
    extra: dict[str, str]
    now: datetime
    error: str = ""

    def to_query(self, **changes: str) -> str:
        """Return the page's own query with changes; an empty value leaves a name out."""
        basis = {"basis": self.basis.value} if self.basis != Basis.COHORT else {}
        query = {**self.period.to_query(), **basis, **self.within.to_query(), **self.extra, **changes}
        return f"?{urlencode({name: value for name, value in query.items() if value})}"

    def link_leads(self, **filters: str) -> str:
        """Return the list of the cohort's leads behind a number."""
        return link_leads({**self.period.to_lead_query(), **self.within.to_query(), **filters})

    def list_presets(self) -> list[Tab]:
        """Return the quick choices of the period."""
        return list_presets(self.period, self.to_query, now=self.now)


def list_presets(period: Period, link: Callable[..., str], *, now: datetime) -> list[Tab]:
    """Return the quick choices of a page's period: the last days and the last month; `link` writes the page's query."""
    ends_today = period.last_on == now.astimezone(period.zone).date()
    tabs = [
        Tab(f"{days} days", link(**{"from": "", "to": "", "days": str(days)}), ends_today and period.days == days)
        for days in PRESETS
    ]
    month = last_month(now=now, zone=period.zone)
    return [*tabs[:2], Tab("Last month", link(**month.to_query()), is_current=period == month), *tabs[2:]]


def link_leads(filters: Mapping[str, str | Sequence[str]]) -> str:
    """Return the list of the leads that the filters keep; several values of one are any of them."""
    return f"{reverse('lead_list')}?{urlencode(filters, doseq=True)}"


def read_request(
    request: MemberRequest, *, extra: dict[str, str] | None = None, usual_days: int = DEFAULT_DAYS
) -> Asked:
    """Read the query string; what is wrong with it is told and replaced by the usual."""
    now, zone_name = utc_now(), request.viewer.organization.time_zone
    query = request.GET.dict()
    try:
        return Asked(
            period=read_period(query, now=now, zone_name=zone_name, usual_days=usual_days),
            basis=parse_basis(query.get("basis", "")),
            within=parse_slice(query),
            extra=extra or {},
            now=now,
        )
    except DomainError as error:
        usual = last_days(usual_days, now=now, zone_name=zone_name)
        return Asked(
            period=usual, basis=Basis.COHORT, within=EVERYTHING, extra=extra or {}, now=now, error=error.message
        )


def list_choices(asked: Asked, *, sees_owners: bool = True) -> dict[str, Any]:
    """Return what the filter form offers and shows as chosen."""
    owners = list_owners(None) if sees_owners else []
    return {
        "asked": asked,
        "days": asked.period.to_query(),
        "presets": asked.list_presets(),
        "bases": Basis.choices,
        "channels": Channel.choices,
        "owners": [(str(member.pk), member.name) for member in owners],
        "owner": str(asked.within.owner or ""),
        "services": list_services(period=asked.period),
    }
