"""What the spend page and its file are asked for: a level, days, an order. Called by `spend.py`."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from leadhub.accounts.access import MemberRequest
from leadhub.leads.filters import NOT_KNOWN
from leadhub.leads.models import Channel
from leadhub.lib.clock import utc_now
from leadhub.web.filtering import ChoiceFilter, ListFilter
from leadhub.web.sorting import Order, Sort, Sorting
from reporting.models import Spend
from reporting.periods import BadPeriod
from reporting.spend_list import SpendQuestion, read_days

SORTING = Sorting(
    sorts=(
        Sort(key="days", by="last_on", up="Earliest days first", down="Latest days first"),
        Sort(key="channel", by="channel", up="Channel, A to Z", down="Channel, Z to A"),
        Sort(key="amount", by="amount", up="Smallest first", down="Largest first"),
        Sort(key="entered", by="updated_at", up="Oldest entry first", down="Latest entry first"),
    ),
    usual="-days",
    last=("-last_on", "-first_on", "channel", "source", "campaign", "id"),
)


class LevelFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Spend of a source or campaign, `-` being none: where a report's number leads, drawn hidden."""

    def __init__(self, column: str) -> None:
        super().__init__(column, label=column.capitalize(), max_length=300, widget=forms.HiddenInput)

    def filter(self, rows: QuerySet[Spend], value: str) -> Any:
        """Keep it."""
        return rows.filter(**{self.field_name: "" if value == NOT_KNOWN else value}) if value else rows


class SpendFilter(ListFilter):
    """The level. The days stand apart: an amount is of several, and what falls on those asked for is summed."""

    channel = ChoiceFilter("channel", choices=Channel.choices, label="Channel", every="Every channel")
    source = LevelFilter("source")
    campaign = LevelFilter("campaign")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the list is asked for; `error` says what was wrong with its days, and then all are shown."""

    filters: SpendFilter
    question: SpendQuestion
    order: Order
    error: str

    def find(self) -> QuerySet[Spend]:
        """Return the spend in its order."""
        return self.order.apply(self.filters.qs)


def read_asked(request: MemberRequest) -> Asked:
    """Read the query string."""
    period, error = None, ""
    try:
        period = read_days(request.GET.dict(), now=utc_now(), zone_name=request.viewer.organization.time_zone)
    except BadPeriod as refusal:
        error = refusal.message
    filters = SpendFilter(request.GET, SpendQuestion(within={}, period=period).list_spend())
    filters.is_valid()
    within = {name: value for name, value in filters.form.cleaned_data.items() if value}
    question = SpendQuestion(within=within, period=period)
    return Asked(filters=filters, question=question, order=SORTING.read(request.GET), error=error)
