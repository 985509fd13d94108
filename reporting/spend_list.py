"""The list of spend: narrowed by level and days, with what of it falls on these days. Called by page, file and API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from leadhub.leads.filters import NOT_KNOWN
from leadhub.leads.models import Channel, Lead
from reporting.cost import LEVELS, Cost, measure_cost
from reporting.models import Spend
from reporting.periods import BadPeriod, Period, parse_period

KNOWN_FOR_DAYS = 400


@dataclass(frozen=True, kw_only=True)
class SpendQuestion:
    """Values of levels, `-` being "entered above it", and a period; without one, all days."""

    within: dict[str, str]
    period: Period | None

    def list_spend(self) -> QuerySet[Spend]:
        """Return the spend, latest days first."""
        values = {name: "" if value == NOT_KNOWN else value for name, value in self.within.items()}
        spends = Spend.objects.filter(**values).select_related("entered_by", "upload")
        if self.period:
            spends = spends.filter(first_on__lte=self.period.last_on, last_on__gte=self.period.first_on)
        return spends.order_by("-last_on", "-first_on", "channel", "source", "campaign", "id")

    def measure(self, *, currency: str) -> Cost | None:
        """Return what of the spend falls on the period's days; None without a period."""
        if self.period is None:
            return None
        named = {name: value for name, value in self.within.items() if value != NOT_KNOWN}
        above = next((name for name in LEVELS if self.within.get(name) == NOT_KNOWN), "")
        parts = measure_cost(period=self.period, currency=currency, dimension=above or "channel", within=named)
        kept = [part for value, part in parts.items() if not above or value is None]
        amounts = [part.amount for part in kept if part.amount is not None]
        return Cost(amount=sum(amounts, Decimal(0)), foreign=sum(part.foreign for part in kept))


def read_spend_question(query: Mapping[str, str], *, now: datetime, zone_name: str) -> SpendQuestion:
    """Read a query string; without days, all of them. Raises `BadPeriod`."""
    within = {name: query[name] for name in LEVELS if query.get(name)}
    if within.get("channel", Channel.DIRECT) not in Channel.values:
        raise BadPeriod("Choose one of the channels.", field="channel")
    return SpendQuestion(within=within, period=read_days(query, now=now, zone_name=zone_name))


def read_days(query: Mapping[str, str], *, now: datetime, zone_name: str) -> Period | None:
    """Read the days of a query string; None without any. Raises `BadPeriod`."""
    first, last = query.get("from", ""), query.get("to", "")
    return parse_period(first=first, last=last, days="", now=now, zone_name=zone_name) if first or last else None


def list_known(*, column: str, since: date) -> list[str]:
    """Return the values of a lead's column that came in lately, for a form to offer."""
    leads = Lead.objects.filter(captured_at__gte=datetime.combine(since, datetime.min.time(), ZoneInfo("UTC")))
    found = leads.exclude(**{column: ""}).order_by().values_list(column, flat=True).distinct()[:200]
    return sorted(found)
