"""The imports: what was brought in, by whom and how far it is; the upload of a new file; and the list as a file."""

from collections.abc import Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from capture.imports.models import Import
from capture.imports.uploading import store_upload
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.sheets import DELIMITERS, ENCODINGS, Cell
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, MemberFilter, WordsFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import write_each
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Sort, Sorting

PAGE_SIZE = 50
HEADER = ("File", "State", "Rows", "By", "Uploaded", "Begun", "Finished", "Undone", "Import")
_COLUMNS = [
    Column("File", "name"),
    Column("State", "state"),
    Column("Rows", "rows", "end"),
    Column("By", "by"),
    Column("Uploaded", "uploaded"),
]
SORTING = Sorting(
    sorts=(
        Sort(key="uploaded", by="created_at", up="Oldest first", down="Newest first"),
        Sort(key="name", by="name", up="File, A to Z", down="File, Z to A"),
        Sort(key="state", by="state", up="State, A to Z", down="State, Z to A"),
        Sort(key="rows", by="row_count", up="Fewest rows first", down="Most rows first"),
        Sort(key="by", by="created_by__name", up="By whom, A to Z", down="By whom, Z to A", may_be_missing=True),
    ),
    usual="-uploaded",
    last=("-created_at", "-pk"),
)


class ImportFilter(ListFilter):
    """The file's name, how far it is, who uploaded it, when."""

    q = WordsFilter("name", label="Find by the file’s name")
    state = ChoiceFilter("state", choices=Import.State.choices, label="State", every="Every state")
    by = MemberFilter("created_by", label="By")
    first = DayFilter("created_at")
    last = DayFilter("created_at", is_last=True)


IMPORT_VIEWS = SavedList(
    key="imports", url_name="import_list", permission="imports.edit", filters=frozenset(ImportFilter.base_filters)
)


@require_http_methods(["GET", "POST"])
@member_view(permission="imports.edit")
def import_list(request: MemberRequest) -> HttpResponse:
    """Show the imports, and take a new file."""
    error = ""
    if request.method == "POST":
        try:
            return redirect("import_mapping", pk=_store(request).pk)
        except DomainError as refusal:
            error = refusal.message
    filters, order = ImportFilter(request.GET, Import.objects.all()), SORTING.read(request.GET)
    rows = Import.objects.select_related("created_by")
    context = {
        "page": read_page(found=order.apply(filters.qs), rows=rows, size=PAGE_SIZE, text=request.GET.get("page")),
        "filters": filters,
        "sort": order,
        "views": read_views(request, IMPORT_VIEWS),
        "columns": _COLUMNS,
        "encodings": ENCODINGS.items(),
        "delimiters": DELIMITERS.items(),
        "error": error,
    }
    return render(request, "capture/imports/list.html", context, status=422 if error else 200)


@require_GET
@member_view(permission="imports.edit")
def import_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the imports that the list shows."""
    found = SORTING.read(request.GET).apply(ImportFilter(request.GET, Import.objects.all()).qs)
    rows = write_each(found=found, rows=Import.objects.select_related("created_by"), write=_write_line)
    return export_list(request, name="imports", header=HEADER, rows=rows)


def _write_line(one: Import) -> Sequence[Cell]:
    by = one.created_by.name if one.created_by else ""
    moments = (one.created_at, one.started_at, one.finished_at, one.undone_at)
    return one.name, one.get_state_display(), one.row_count, by, *moments, str(one.pk)


def _store(request: MemberRequest) -> Import:
    file = request.FILES.get("file")
    if file is None:
        raise DomainError("Choose a file.", field="file")
    encoding, delimiter = request.POST.get("encoding", ""), request.POST.get("delimiter", "")
    return store_upload(
        file=file,  # type: ignore[arg-type]
        name=str(file.name or "upload"),
        actor=request.viewer.member,
        now=utc_now(),
        encoding=encoding if encoding in ENCODINGS else "",
        delimiter=delimiter if delimiter in DELIMITERS else "",
    )
