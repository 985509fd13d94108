"""The suppression list's page: the addresses that are never mailed, found, added and lifted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.full_mailboxes import list_full
from leadhub.leads.models import Person, Suppression
from leadhub.leads.suppressions import find_silenced, lift_suppression, suppress_addresses
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import Lines, Portions
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Sort, Sorting
from nurture.pages.tabs import list_tabs

PAGE_SIZE = 50
HEADER = ("Address", "Person", "Reason", "Silences", "Since")
_COLUMNS = [
    Column("Address", "address"),
    Column("Why", "why"),
    Column("Silences"),
    Column("Since", "since"),
    Column("", align="end"),
]
SORTING = Sorting(
    sorts=(
        Sort(key="since", by="created_at", up="Oldest first", down="Newest first"),
        Sort(key="address", by="email_norm", up="Address, A to Z", down="Address, Z to A"),
        Sort(key="why", by="reason", up="Reason, A to Z", down="Reason, Z to A"),
    ),
    usual="-since",
)
_FULL_COLUMNS = [Column("Address"), Column("Tried again from")]


class SuppressionFilter(ListFilter):
    """Words of the address or the reason, what it silences, since when."""

    q = WordsFilter("email_norm", "reason", label="Address or reason")
    silences = ChoiceFilter(
        "covers_person",
        choices=[("True", "The address, and every sequence"), ("False", "The address alone")],
        label="Silences",
        every="Both kinds",
    )
    first = DayFilter("created_at")
    last = DayFilter("created_at", is_last=True)


SUPPRESSION_VIEWS = SavedList(
    key="suppressions",
    url_name="suppression_list",
    permission="suppression.view",
    filters=frozenset(SuppressionFilter.base_filters),
)


class SuppressForm(forms.Form):
    """Addresses to leave alone, and why."""

    addresses = forms.CharField(
        label="Addresses",
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "zoe@example.com"}),
        help_text="One or many, apart by lines, commas or spaces.",
    )
    reason = forms.CharField(label="Why", max_length=200, help_text="Such as: asked on the phone, bounced, competitor.")
    covers_person = forms.BooleanField(
        label="The person asked for it",
        required=False,
        initial=True,
        help_text="Then no sequence writes to them under any other address either. Not for a mailbox that is gone.",
    )


@require_http_methods(["GET", "POST"])
@member_view(permission="suppression.view", post="suppression.edit")
def suppression_list(request: MemberRequest) -> HttpResponse:
    """Show the list; a POST adds to it."""
    form = SuppressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect("suppression_list")
    return render(request, "nurture/suppressions.html", _read(request, form), status=422 if form.errors else 200)


@require_GET
@member_view(permission="suppression.view")
def suppression_export(request: MemberRequest) -> HttpResponseBase:
    """Download the list, or what the search found of it, in its order."""
    found = SORTING.read(request.GET).apply(SuppressionFilter(request.GET, Suppression.objects.all()).qs)
    rows = Portions(found=found, read=_read_lines)
    return export_list(request, name="suppression-list", header=HEADER, rows=rows)


@require_POST
@member_view(permission="suppression.edit")
def suppression_lift(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take an address off the list."""
    reason = request.POST.get("reason", "")
    try:
        address = lift_suppression(suppression_id=pk, reason=reason, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{address} may be mailed again.")
    return redirect("suppression_list")


def _read_lines(keys: Sequence[UUID]) -> Lines:
    found = list(Suppression.objects.filter(pk__in=keys))
    people = find_silenced(found)
    return {each.pk: [_write_line(each, people.get(each.email_norm))] for each in found}


def _write_line(row: Suppression, person: Person | None) -> Sequence[Cell]:
    silences = "The address, and every sequence" if row.covers_person else "The address"
    return row.email_norm, person.name if person else "", row.reason, silences, row.created_at


def _add(request: MemberRequest, form: SuppressForm) -> bool:
    values = form.cleaned_data
    try:
        added = suppress_addresses(
            text=values["addresses"],
            reason=values["reason"],
            covers_person=values["covers_person"],
            actor=request.viewer.member,
            now=utc_now(),
        )
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    known = f" {added.known} stood there already." if added.known else ""
    messages.success(request, f"Added: {added.new}.{known}")
    return True


def _read(request: MemberRequest, form: SuppressForm) -> dict[str, Any]:
    filters, order = SuppressionFilter(request.GET, Suppression.objects.all()), SORTING.read(request.GET)
    found, text = order.apply(filters.qs), request.GET.get("page")
    page = read_page(found=found, rows=Suppression.objects.all(), size=PAGE_SIZE, text=text)
    rows: list[Suppression] = list(page)
    people = find_silenced(rows)
    return {
        "tabs": list_tabs("suppression_list", may=request.viewer.may),
        "form": form,
        "page": page,
        "rows": [(row, people.get(row.email_norm)) for row in rows],
        "filters": filters,
        "sort": order,
        "views": read_views(request, SUPPRESSION_VIEWS),
        "full": list_full(now=utc_now()),
        "full_columns": _FULL_COLUMNS,
        "columns": _COLUMNS,
        "may_edit": request.viewer.may("suppression.edit"),
    }
