"""All leads: search, filters, sorting. Every number of a report links here, so the filters are those of the API."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from capture.imports.filters import ListedLeadFilter
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.team_page import read_undo
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.web.formatting import format_stored
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Sort, Sorting
from routing.acceptance import with_first_answer
from scoring.queries import with_score

PAGE_SIZE = 50
LEAD_VIEWS = SavedList(
    key="leads", url_name="lead_list", permission="leads.view", filters=frozenset(ListedLeadFilter.base_filters)
)
SORTING = Sorting(
    sorts=(
        Sort(key="captured", by="captured_at", up="Oldest first", down="Newest first"),
        Sort(key="value", by="quote_value", up="Lowest value first", down="Highest value first", may_be_missing=True),
        Sort(key="score", by="score", up="Lowest score first", down="Highest score first", may_be_missing=True),
        Sort(key="stage", by="stage", up="Stage, A to Z", down="Stage, Z to A"),
        Sort(key="owner", by="owner__name", up="Owner, A to Z", down="Owner, Z to A"),
        Sort(key="name", by="person__last_name", up="Name, A to Z", down="Name, Z to A"),
    ),
    usual="-captured",
    last=("-captured_at", "-pk"),
)
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
MORE = ("verdict", "postal_code", "captured_from", "captured_to")  # behind "More filters"
SHOWN = ("q", "stage", "channel", "owner")


@dataclass(frozen=True)
class Chip:
    """A filter that is on: its words, the page without it, and whether it has a field on the page."""

    name: str
    value: str
    words: str
    url: str
    has_field: bool


@require_GET
@member_view(permission="leads.view")
def lead_list(request: MemberRequest) -> HttpResponse:
    """Show the leads that the filters keep; htmx gets the table alone."""
    leads = with_first_answer(with_score(Lead.objects.all(), utc_now())).select_related("person__company", "owner")
    filters = ListedLeadFilter(request.GET, queryset=leads, request=request)
    is_valid = filters.is_valid()
    order = SORTING.read(request.GET)
    found = order.apply(filters.qs if is_valid else leads.none())
    context = {
        "filters": filters,
        "errors": [] if is_valid else [f"{name}: {' '.join(map(str, each))}" for name, each in filters.errors.items()],
        "page": read_page(found=found, rows=leads, size=PAGE_SIZE, text=request.GET.get("page")),
        "columns": COLUMNS,
        "sort": order,
        "chips": list_chips(filters, request.GET),
        "views": read_views(request, LEAD_VIEWS),
        "listed": [(name, each) for name in LEAD_VIEWS.kept for each in request.GET.getlist(name) if each],
        "undo": read_undo(request) if request.viewer.may("team.reassign") else None,
        "more_on": sum(any(request.GET.getlist(name)) for name in MORE),
        "is_part": bool(request.htmx),
        "is_filtered": any(request.GET.get(name) for name in filters.filters),
    }
    return TemplateResponse(request, f"desk/leads/{'_table' if context['is_part'] else 'page'}.html", context)


def list_chips(filters: ListedLeadFilter, query: QueryDict) -> list[Chip]:
    """Return the filters that are on and not to be seen in the row of fields."""
    return [
        Chip(
            name,
            value,
            f"{filters.filters[name].label or name}: {_name_value(filters, name, value)}",
            _without(query, name),
            has_field=name in MORE,
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
    known = {"-": "unknown", "true": "yes", "false": "no"} | dict(getattr(filters.form.fields[name], "choices", ()))
    return str(known.get(value) or format_stored(value))


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for key in (name, "page"):
        rest.pop(key, None)
    return f"?{rest.urlencode()}"
