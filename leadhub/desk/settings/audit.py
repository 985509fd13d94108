"""The audit log: who changed what, when, before and after; filtered, and as a file."""

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import AuditEntry
from leadhub.desk.settings.audit_words import Wording, read_wording
from leadhub.desk.settings.differences import list_differences
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, MemberFilter, WordsFilter
from leadhub.web.formatting import format_label
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import Lines, Portions
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Sort, Sorting

PAGE_SIZE = 50
COLUMNS = [Column("When", "when"), Column("Who"), Column("What"), Column("Before and after")]
# An index serves the time alone. Whoever wants a colleague's changes filters by them.
SORTING = Sorting(sorts=(Sort(key="when", by="at", up="Oldest first", down="Newest first"),), usual="-when")
HEADER = ("When", "Who", "What", "Action", "Field", "Before", "After")


def list_kinds() -> list[tuple[str, str]]:
    """Return what was ever changed, in words."""
    kinds = AuditEntry.objects.order_by("target_kind").values_list("target_kind", flat=True).distinct()
    return [(kind, format_label(kind)) for kind in kinds]


class AuditFilter(ListFilter):
    """Who, what, when; each may be left open."""

    q = WordsFilter("summary", "action", label="Search what changed")
    who = MemberFilter("actor", label="Who", nobody="LeadHub itself")
    kind = ChoiceFilter("target_kind", choices=list_kinds, label="What", every="Everything")
    first = DayFilter("at")
    last = DayFilter("at", is_last=True)


AUDIT_VIEWS = SavedList(
    key="audit", url_name="audit_log", permission="settings.edit", filters=frozenset(AuditFilter.base_filters)
)


@require_GET
@member_view(permission="settings.edit")
def audit_log(request: MemberRequest) -> HttpResponse:
    """Show who changed what, newest first unless asked otherwise."""
    filters, order = AuditFilter(request.GET, AuditEntry.objects.all()), SORTING.read(request.GET)
    rows = AuditEntry.objects.select_related("actor")
    page = read_page(found=order.apply(filters.qs), rows=rows, size=PAGE_SIZE, text=request.GET.get("page"))
    wording = read_wording(request.viewer.organization)
    context = {
        "page": page,
        "rows": [(entry, list_differences(entry, wording=wording)) for entry in page],
        "columns": COLUMNS,
        "filters": filters,
        "query": urlencode({**filters.kept, **order.query}),
        "sort": order,
        "views": read_views(request, AUDIT_VIEWS),
    }
    return render(request, "desk/settings/audit.html", context)


@require_GET
@member_view(permission="settings.edit")
def audit_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the filtered log, one row a changed field; `kind` is a filter here, so `format` names the file's."""
    filters = AuditFilter(request.GET, AuditEntry.objects.all())
    read = partial(_read_lines, wording=read_wording(request.viewer.organization))
    rows = Portions(found=SORTING.read(request.GET).apply(filters.qs), read=read, size=500)
    return export_list(request, name="audit-log", header=HEADER, rows=rows, format_in="format")


def _read_lines(keys: Sequence[UUID], *, wording: Wording) -> Lines:
    found = AuditEntry.objects.filter(pk__in=keys).select_related("actor")
    return {entry.pk: list(_write_entry(entry, wording=wording)) for entry in found}


def _write_entry(entry: AuditEntry, *, wording: Wording) -> Iterator[Sequence[Cell]]:
    who = entry.actor.name if entry.actor else "LeadHub"
    changes = list_differences(entry, wording=wording)
    told = [(change.field, change.before, change.after) for change in changes] or [("", "", "")]
    for cells in told:
        yield entry.at, who, entry.summary, entry.action, *cells
