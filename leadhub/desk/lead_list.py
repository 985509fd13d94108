"""All leads: search, filters, sorting. Every number of a report links here, so the filters are those of the API."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, QuerySet
from django.http import HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from capture.imports.filters import ListedLeadFilter
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.saved_views import KEPT, list_views
from leadhub.desk.team_page import read_undo
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.lib.numbers import read_whole_number
from leadhub.web.parts import Column
from routing.acceptance import with_first_answer
from scoring.queries import with_score

PAGE_SIZE = 50
COUNTED_TO = 10_000
SORTS = {
    "captured": "captured_at",
    "value": "quote_value",
    "score": "score",
    "stage": "stage",
    "owner": "owner__name",
    "name": "person__last_name",
}
COLUMNS = [
    Column(format_html('<span class="visually-hidden">{}</span>', "Tick")),
    Column("Person", "name"),
    Column("Stage", "stage"),
    Column("Grade", "score"),
    Column("Source"),
    Column("Value", "value", "end"),
    Column("Owner", "owner"),
    Column("Captured", "captured", "end"),
]
SHOWN = ("q", "stage", "verdict", "channel", "owner", "captured_from", "captured_to")


@dataclass(frozen=True)
class Chip:
    """A filter that is on: its words, and the page without it."""

    name: str
    value: str
    words: str
    url: str


@dataclass(frozen=True)
class Leaf:
    """One page of the list; counting stops where nobody would read on."""

    leads: list[Lead]
    number: int
    count: int
    has_next: bool

    @property
    def first(self) -> int:
        """The place of the first row."""
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.leads) - 1

    @property
    def count_words(self) -> str:
        """The number of leads, or that there are more than anybody counts."""
        return f"{COUNTED_TO:,}+" if self.count > COUNTED_TO else f"{self.count:,}"


@require_GET
@member_view(permission="leads.view")
def lead_list(request: MemberRequest) -> HttpResponse:
    """Show the leads that the filters keep; htmx gets the table alone."""
    leads = with_first_answer(with_score(Lead.objects.all(), utc_now())).select_related("person__company", "owner")
    filters = ListedLeadFilter(request.GET, queryset=leads, request=request)
    is_valid = filters.is_valid()
    found = sort_leads(filters.qs if is_valid else leads.none(), request.GET.get("sort", ""))
    context = {
        "filters": filters,
        "errors": [] if is_valid else [f"{name}: {' '.join(map(str, each))}" for name, each in filters.errors.items()],
        "leaf": read_leaf(found, number=read_number(request.GET.get("page", ""))),
        "columns": COLUMNS,
        "chips": list_chips(filters, request.GET),
        "views": list_views(request.viewer.member),
        "member_id": request.viewer.member.pk,
        "listed": [(name, value) for name, values in request.GET.lists() if name in KEPT for value in values if value],
        "undo": read_undo(request) if request.viewer.may("team.reassign") else None,
        "is_filtered": any(request.GET.get(name) for name in filters.filters),
    }
    is_part = getattr(request, "htmx", False)
    return TemplateResponse(request, "desk/leads/_table.html" if is_part else "desk/leads/page.html", context)


def sort_leads(leads: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """Order by a known key, descending with a minus; the latest first otherwise."""
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        return leads.order_by("-captured_at", "-pk")
    order = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    return leads.order_by(order, "-captured_at", "-pk")


def read_leaf(leads: QuerySet[Any], *, number: int) -> Leaf:
    """Read one page, and count no further than anybody pages."""
    start = (number - 1) * PAGE_SIZE
    rows = list(leads[start : start + PAGE_SIZE + 1])
    count = leads.order_by()[: COUNTED_TO + 1].count()
    return Leaf(rows[:PAGE_SIZE], number, count, has_next=len(rows) > PAGE_SIZE and start + PAGE_SIZE < COUNTED_TO)


def read_number(text: str) -> int:
    """Read a page's number; the first where it is none."""
    return min(read_whole_number(text) or 1, COUNTED_TO // PAGE_SIZE)


def list_chips(filters: ListedLeadFilter, query: QueryDict) -> list[Chip]:
    """Return the filters that are on and have no field of their own on the page."""
    return [
        Chip(
            name,
            value,
            f"{filters.filters[name].label or name}: {_name_value(filters, name, value)}",
            _without(query, name),
        )
        for name in filters.filters
        if name not in SHOWN
        for value in query.getlist(name)
        if value
    ]


def _name_value(filters: ListedLeadFilter, name: str, value: str) -> str:
    chosen = filters.form.cleaned_data.get(name)
    if isinstance(chosen, Model):
        return str(chosen)
    return {"-": "unknown", "true": "yes", "false": "no"}.get(value, value)


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for key in (name, "page"):
        rest.pop(key, None)
    return f"?{rest.urlencode()}"
