"""The spend pages: the list with its form, one amount, and a file that is checked before it is written."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.parts import Column
from leadhub.web.portions import write_each
from reporting.models import Spend, SpendUpload
from reporting.pages.spend_filter import read_asked
from reporting.pages.spend_forms import SpendForm, UploadForm
from reporting.spend import change_spend, delete_spend, describe_spend, enter_spend
from reporting.spend_list import KNOWN_FOR_DAYS, list_known
from reporting.spend_upload import Effect, apply_upload, find_same_file, preview_upload, read_upload

PAGE_SIZE = 50
PREVIEW_ROWS = 50
COLUMNS = [
    Column("Spent on", "channel"),
    Column("Days", "days"),
    Column("Amount", "amount", "end"),
    Column("Entered", "entered"),
]
PREVIEW_COLUMNS = [
    Column("Spent on"),
    Column("Days"),
    Column("Amount", align="end"),
    Column("Now", align="end"),
    Column(""),
]

SHEET = ["Channel", "Source", "Campaign", "From", "To", "Amount", "Currency"]


@require_http_methods(["GET", "POST"])
@member_view(permission="spend.edit")
def spend_list(request: MemberRequest) -> HttpResponse:
    """List spend beside the form that enters some; a POST enters it."""
    form = SpendForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            enter_spend(line=form.read_line(), actor=request.viewer.member, now=utc_now())
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Entered.")
            return redirect("spend_list")
    return _show_list(request, form, UploadForm())


@require_http_methods(["GET", "POST"])
@member_view(permission="spend.edit")
def spend_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show and change one amount."""
    spend = get_object_or_404(Spend.objects.select_related("entered_by", "upload"), pk=pk)
    form = SpendForm(request.POST or None, initial=describe_spend(spend))
    if request.method == "POST" and form.is_valid():
        try:
            change_spend(spend=spend, line=form.read_line(), actor=request.viewer.member, now=utc_now())
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect("spend_list")
    context = {"spend": spend, "form": form, **_offer()}
    return render(request, "reporting/spend_detail.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(permission="spend.edit")
def spend_delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Delete one amount."""
    spend = get_object_or_404(Spend.objects.all(), pk=pk)
    delete_spend(spend=spend, actor=request.viewer.member, now=utc_now())
    messages.success(request, "Deleted. The audit log keeps what it was.")
    return redirect("spend_list")


@require_GET
@member_view(permission="spend.edit")
def spend_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the list as it is filtered; the file can be uploaded again."""
    rows = write_each(found=read_asked(request).find(), rows=Spend.objects.all(), write=_write_line)
    return export_list(request, name="spend", header=SHEET, rows=rows)


@require_POST
@member_view(permission="spend.edit")
def spend_upload_create(request: MemberRequest) -> HttpResponse:
    """Read a file and show what it would do."""
    form = UploadForm(request.POST, request.FILES)
    organization = request.viewer.organization
    if form.is_valid():
        file = form.cleaned_data["file"]
        habits = form.read_habits(currency=organization.currency, country=organization.country)
        try:
            upload = read_upload(
                file=file.file, name=file.name, habits=habits, actor=request.viewer.member, now=utc_now()
            )
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect("spend_upload", pk=upload.pk)
    return _show_list(request, SpendForm(initial=_initial(request)), form)


@require_GET
@member_view(permission="spend.edit")
def spend_upload(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show what a file would do, row by row, and what in it cannot be read."""
    upload = get_object_or_404(SpendUpload.objects.select_related("uploaded_by"), pk=pk)
    lines = preview_upload(upload=upload)
    order = list(Effect)
    context = {
        "upload": upload,
        "lines": sorted(lines, key=lambda each: order.index(each.effect))[:PREVIEW_ROWS],
        "count": len(lines),
        "counts": [(effect.value, sum(each.effect == effect for each in lines)) for effect in Effect],
        "changing": sum(each.effect != Effect.UNCHANGED for each in lines),
        "overlapping": sum(each.overlaps for each in lines),
        "same": find_same_file(upload=upload),
        "columns": PREVIEW_COLUMNS,
        "error_columns": [Column("Row"), Column("What is wrong")],
    }
    return render(request, "reporting/spend_upload.html", context)


@require_POST
@member_view(permission="spend.edit")
def spend_upload_apply(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write the file's spend."""
    upload = get_object_or_404(SpendUpload.objects.all(), pk=pk)
    written = apply_upload(upload=upload, actor=request.viewer.member, now=utc_now())
    messages.success(request, f"{written:,} row{'' if written == 1 else 's'} written.")
    return redirect("spend_list")


def _show_list(request: MemberRequest, form: SpendForm, upload_form: UploadForm) -> HttpResponse:
    asked, query = read_asked(request), request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "upload_form": upload_form,
        "page": Paginator(asked.find(), PAGE_SIZE).get_page(request.GET.get("page")),
        "filters": asked.filters,
        "sort": asked.order,
        "question": asked.question,
        "cost": asked.question.measure(currency=request.viewer.organization.currency),
        "currency": request.viewer.organization.currency,
        "error": asked.error,
        "columns": COLUMNS,
        "query": query.urlencode(),
        **_offer(),
    }
    return render(request, "reporting/spend.html", context, status=422 if form.errors or upload_form.errors else 200)


def _write_line(one: Spend) -> Sequence[Cell]:
    days = (one.first_on, one.last_on)
    return one.get_channel_display(), one.source, one.campaign, *days, one.amount, one.currency


def _initial(request: MemberRequest) -> dict[str, Any]:
    """Offer yesterday, in the organization's currency."""
    today = utc_now().astimezone(ZoneInfo(request.viewer.organization.time_zone)).date()
    yesterday = today - timedelta(days=1)
    return {"currency": request.viewer.organization.currency, "first_on": yesterday, "last_on": yesterday}


def _offer() -> dict[str, list[str]]:
    """Return the sources and campaigns that leads came by."""
    since = utc_now().date() - timedelta(days=KNOWN_FOR_DAYS)
    return {
        "sources": list_known(column="source", since=since),
        "campaigns": list_known(column="campaign", since=since),
    }
