"""The pages of one import: columns, check, progress, ledger, undo. Each step is a page that can be reloaded."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capture.imports.checking import check_import
from capture.imports.mapping_form import describe_mapping, read_posted_plan
from capture.imports.models import Import, ImportRow
from capture.imports.plan import BadPlan, Plan, propose_plan
from capture.imports.queries import (
    FAILED_HEADER,
    LEDGER_HEADER,
    count_outcomes,
    list_errors,
    list_ledger,
    list_ledger_rows,
    list_refused_rows,
    read_findings,
    read_progress,
)
from capture.imports.running import start_import
from capture.imports.undoing import count_undone, undo_import
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.export import export_list
from leadhub.web.paging import read_page
from leadhub.web.parts import Column, Step
from leadhub.web.sorting import Sort, Sorting

PERMISSION = "imports.edit"
PAGE_SIZE = 50
_State = Import.State
LEDGER_SORTING = Sorting(
    sorts=(Sort(key="row", by="number", up="As in the file", down="From the file's end"),), usual="row", last=("pk",)
)
_ERROR_COLUMNS = [Column("Row"), Column("Column"), Column("Value"), Column("What to do")]
_ROW_COLUMNS = [Column("Row", "row"), Column("What became of it"), Column("Who"), Column("Why")]
_STEPS = (
    ("Upload", ()),
    ("Columns", (_State.MAPPING,)),
    ("Check", (_State.CHECKING, _State.CHECKED)),
    ("Import", (_State.RUNNING, _State.DONE, _State.UNDOING, _State.UNDONE)),
)


@require_http_methods(["GET", "POST"])
@member_view(permission=PERMISSION)
def import_mapping(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say what each column is, and check the file by it."""
    upload = get_object_or_404(Import, pk=pk)
    if upload.state not in {_State.MAPPING, _State.CHECKING, _State.CHECKED}:
        return redirect("import_detail", pk=pk)
    plan, error = _find_plan(upload), ""
    if request.method == "POST":
        plan = read_posted_plan(request.POST, width=len(upload.header))
        try:
            check_import(upload_id=pk, plan=plan, actor=request.viewer.member, now=utc_now())
        except BadPlan as refusal:
            error = refusal.message
        else:
            return redirect("import_detail", pk=pk)
    context = {
        "upload": upload,
        "error": error,
        "steps": _list_steps(upload),
        **describe_mapping(upload, plan=plan),
    }
    return render(request, "capture/imports/mapping.html", context, status=422 if error else 200)


@require_GET
@member_view(permission=PERMISSION)
def import_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show how far the import is: what the check found, the progress, or the ledger."""
    upload = get_object_or_404(Import.objects.select_related("created_by"), pk=pk)
    if upload.state == _State.MAPPING:
        return redirect("import_mapping", pk=pk)
    context: dict[str, Any] = {"upload": upload, "steps": _list_steps(upload), "progress": read_progress(upload)}
    if upload.state == _State.CHECKED:
        context |= _describe_check(upload)
    elif upload.state in {_State.DONE, _State.UNDONE}:
        context |= _describe_ledger(request, upload)
    return render(request, "capture/imports/detail.html", context)


@require_GET
@member_view(permission=PERMISSION)
def import_progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show how far the work is; when it has ended the page is to be read anew."""
    upload = get_object_or_404(Import, pk=pk)
    progress = read_progress(upload)
    response = render(request, "capture/imports/_progress.html", {"upload": upload, "progress": progress})
    if progress is None:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@member_view(permission=PERMISSION)
def import_run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Import the rows that the check found good."""
    return _act(request, pk, act=start_import)


@require_POST
@member_view(permission=PERMISSION)
def import_undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take back what the import made and nobody has touched since."""
    return _act(request, pk, act=undo_import)


@require_GET
@member_view(permission=PERMISSION)
def import_refused(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Download the rows that cannot be imported, as they came, with the reasons before them."""
    upload = get_object_or_404(Import, pk=pk)
    header = (*FAILED_HEADER, *upload.header)
    name = f"{upload.name}-not-imported"
    return export_list(request, name=name, header=header, rows=list_refused_rows(upload))


@require_GET
@member_view(permission=PERMISSION)
def import_rows(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Download the ledger."""
    upload = get_object_or_404(Import, pk=pk)
    rows = list_ledger_rows(upload, outcome=_read_outcome(request), order=LEDGER_SORTING.read(request.GET))
    return export_list(request, name=f"{upload.name}-ledger", header=LEDGER_HEADER, rows=rows)


def _act(request: MemberRequest, pk: UUID, *, act: Any) -> HttpResponse:
    get_object_or_404(Import, pk=pk)
    try:
        act(upload_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("import_detail", pk=pk)


def _find_plan(upload: Import) -> Plan:
    return Plan.from_json(upload.plan) if upload.plan else propose_plan(header=upload.header, sample=upload.sample)


def _describe_check(upload: Import) -> dict[str, Any]:
    return {
        "findings": read_findings(upload),
        "plan": Plan.from_json(upload.plan),
        "errors": list_errors(upload),
        "error_columns": _ERROR_COLUMNS,
    }


def _describe_ledger(request: MemberRequest, upload: Import) -> dict[str, Any]:
    outcome, order = _read_outcome(request), LEDGER_SORTING.read(request.GET)
    found = order.apply(list_ledger(upload, outcome=outcome))
    rows = ImportRow.objects.select_related("person")
    counts = count_outcomes(upload)
    taken_back, kept = count_undone(upload) if upload.state == _State.UNDONE else (0, 0)
    return {
        "counts": [(ImportRow.Outcome(name).label, name, count) for name, count in counts.items()],
        "failed": counts[ImportRow.Outcome.FAILED],
        "outcome": outcome,
        "taken_back": taken_back,
        "kept": kept,
        "page": read_page(found=found, rows=rows, size=PAGE_SIZE, text=request.GET.get("page")),
        "sort": order,
        "row_columns": _ROW_COLUMNS,
    }


def _read_outcome(request: MemberRequest) -> str:
    outcome = request.GET.get("outcome", "")
    return outcome if outcome in ImportRow.Outcome.values else ""


def _list_steps(upload: Import) -> list[Step]:
    """Return the four steps, the present one marked."""
    current = next(i for i, (_, within) in enumerate(_STEPS) if upload.state in within)
    is_over = upload.state in {_State.DONE, _State.UNDONE}
    return [
        Step(label, "done" if i < current or is_over else "current" if i == current else "open")
        for i, (label, _) in enumerate(_STEPS)
    ]
