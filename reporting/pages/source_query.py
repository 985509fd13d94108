"""What the source and value page is asked for, and the links from its numbers to what is behind them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from leadhub.accounts.access import MemberRequest
from leadhub.leads.filters import NOT_KNOWN
from leadhub.leads.models import Channel
from leadhub.lib.clock import utc_now
from leadhub.web.parts import Tab
from reporting.cost import LEVELS
from reporting.pages.asking import link_leads
from reporting.periods import DEFAULT_DAYS, BadPeriod, Period, last_days, read_period
from reporting.source_value import DIMENSIONS, LABELS


@dataclass(frozen=True, kw_only=True)
class Question:
    """A period, the level to group by, the chosen values of other levels; `error` is what was wrong with it."""

    period: Period
    currency: str
    dimension: str
    now: datetime
    within: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    error: str = ""
    sees_spend: bool = False

    def link_page(self, **changes: str) -> str:
        """Return the page's own query; an empty change leaves a name out."""
        asked = {**self.period.to_query(), "by": self.dimension, "sort": self.sort, **changes}
        return f"?{urlencode({**{name: value for name, value in asked.items() if value}, **self.within})}"

    def link_level(self, within: dict[str, str]) -> str:
        """Return the page within other values, at the level below them."""
        return f"?{urlencode({**within, **self.period.to_query()})}"

    def link_leads(self, within: dict[str, str], **filters: str) -> str:
        """Return the list of the period's leads within the values and the filters."""
        shown = {name: value or NOT_KNOWN for name, value in within.items()}
        return link_leads({**shown, **self.period.to_lead_query(), **filters})

    def link_spend(self, within: dict[str, str]) -> str:
        """Return the list of the spend within the values, for those who may see it."""
        if not self.sees_spend:
            return ""
        shown = {name: value or NOT_KNOWN for name, value in within.items() if name in LEVELS}
        return f"{reverse('spend_list')}?{urlencode({**shown, **self.period.to_query()})}"


def read_question(request: MemberRequest) -> Question:
    """Read the query string; a bad period is told and replaced by the usual one."""
    organization, now, error = request.viewer.organization, utc_now(), ""
    try:
        period = read_period(request.GET.dict(), now=now, zone_name=organization.time_zone)
    except BadPeriod as problem:
        error = problem.message
        period = last_days(DEFAULT_DAYS, now=now, zone_name=organization.time_zone)
    within = {name: request.GET[name] for name in DIMENSIONS if name in request.GET}
    return Question(
        period=period,
        currency=organization.currency,
        dimension=read_dimension(request.GET.get("by", ""), within),
        now=now,
        within=within,
        sort=request.GET.get("sort", ""),
        error=error,
        sees_spend=request.viewer.may("spend.edit"),
    )


def read_dimension(asked: str, within: dict[str, str]) -> str:
    """Return the level to group by: the one asked for, else the one below the deepest chosen."""
    if asked in DIMENSIONS:
        return asked
    chosen = [DIMENSIONS.index(name) for name in within]
    return DIMENSIONS[min(max(chosen, default=-1) + 1, len(DIMENSIONS) - 1)]


def list_levels(question: Question) -> list[Tab]:
    """Return the levels that the table can be grouped by, whatever is chosen above."""
    return [
        Tab(LABELS[name], question.link_page(by=name), is_current=name == question.dimension)
        for name in DIMENSIONS
        if name not in question.within
    ]


def list_crumbs(question: Question) -> list[tuple[str, str]]:
    """Return the way down so far: (label, URL of that level)."""
    crumbs = [("All channels", question.link_level({}))]
    chosen: dict[str, str] = {}
    for name in DIMENSIONS:
        if name in question.within:
            chosen[name] = question.within[name]
            crumbs.append((f"{LABELS[name]}: {name_value(name, chosen[name])}", question.link_level(dict(chosen))))
    return crumbs


def name_value(dimension: str, value: str) -> str:
    """Return a value of a level in words."""
    if dimension == "channel" and value in Channel.values:
        return str(Channel(value).label)
    return value or "Unknown"
