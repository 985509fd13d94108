"""The audit log: who changed what, when, before and after; filtered, and as a file."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.members import list_members
from leadhub.accounts.models import AuditEntry
from leadhub.desk.settings.differences import list_differences
from leadhub.lib.sheets import Cell
from leadhub.web.export import note_export, read_kind, stream_rows
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import Lines, Portions
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Order, Sort, Sorting

PAGE_SIZE = 50
LAST_DAY = date(2199, 12, 31)
LEADHUB = "leadhub"  # the choice of what the product did by itself
COLUMNS = [Column("When", "when"), Column("Who"), Column("What"), Column("Before and after")]
AUDIT_VIEWS = SavedList(
    key="audit",
    url_name="audit_log",
    permission="settings.edit",
    filters=frozenset({"q", "who", "kind", "first", "last"}),
)
# An index serves the time alone. Whoever wants a colleague's changes filters by them.
SORTING = Sorting(sorts=(Sort(key="when", by="at", up="Oldest first", down="Newest first"),), usual="-when")
HEADER = ("When", "Who", "What", "Action", "Field", "Before", "After")


class AuditFilter(forms.Form):
    """Who, what, when; each may be left open."""

    q = forms.CharField(required=False, max_length=100)
    who = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    first = forms.DateField(required=False)
    last = forms.DateField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(member.pk), member.name) for member in list_members(include_inactive=True)]
        kinds = AuditEntry.objects.order_by("target_kind").values_list("target_kind", flat=True).distinct()
        self.fields["who"].choices = [("", "Everybody"), (LEADHUB, "LeadHub itself"), *people]  # type: ignore[attr-defined]
        named = [(kind, kind.replace("_", " ").capitalize()) for kind in kinds]
        self.fields["kind"].choices = [("", "Everything"), *named]  # type: ignore[attr-defined]

    def list_entries(self, order: Order) -> QuerySet[AuditEntry]:
        """Return the rows that match, in the order; what cannot be read filters nothing."""
        self.is_valid()
        found = order.apply(AuditEntry.objects.all())
        for name, narrow in _NARROW.items():
            if value := self.cleaned_data.get(name):
                found = found.filter(narrow(value))
        return found


def _is_by(who: str) -> Q:
    return Q(actor=None) if who == LEADHUB else Q(actor=who)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_NARROW: dict[str, Any] = {
    "q": lambda words: Q(summary__icontains=words) | Q(action__icontains=words),
    "who": _is_by,
    "kind": lambda kind: Q(target_kind=kind),
    "first": lambda day: Q(at__gte=_midnight(day)),
    "last": lambda day: Q(at__lt=_midnight(min(day, LAST_DAY) + timedelta(days=1))),
}


@require_GET
@member_view(permission="settings.edit")
def audit_log(request: MemberRequest) -> HttpResponse:
    """Show who changed what, newest first unless asked otherwise."""
    form, order = AuditFilter(request.GET), SORTING.read(request.GET)
    rows = AuditEntry.objects.select_related("actor")
    page = read_page(found=form.list_entries(order), rows=rows, size=PAGE_SIZE, text=request.GET.get("page"))
    kept = {name: value for name in form.fields if (value := request.GET.get(name, ""))}
    context = {
        "page": page,
        "rows": [(entry, list_differences(entry.before, entry.after)) for entry in page],
        "columns": COLUMNS,
        "form": form,
        "kept": kept,
        "query": urlencode({**kept, **order.query}),
        "sort": order,
        "views": read_views(request, AUDIT_VIEWS),
    }
    return render(request, "desk/settings/audit.html", context)


@require_GET
@member_view(permission="settings.edit")
def audit_export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the filtered log, one row a changed field."""
    form = AuditFilter(request.GET)
    form.is_valid()
    kind = read_kind(request.GET.get("format", ""))
    rows = Portions(found=form.list_entries(SORTING.read(request.GET)), read=_read_lines, size=500)
    note_export(request, name="audit-log", kind=kind, apart_from="format")
    return stream_rows(name="audit-log", header=HEADER, rows=rows, kind=kind, access=request.access)


def _read_lines(keys: Sequence[UUID]) -> Lines:
    found = AuditEntry.objects.filter(pk__in=keys).select_related("actor")
    return {entry.pk: list(_write_entry(entry)) for entry in found}


def _write_entry(entry: AuditEntry) -> Iterator[Sequence[Cell]]:
    who = entry.actor.name if entry.actor else "LeadHub"
    changes = list_differences(entry.before, entry.after)
    told = [(change.field, change.before, change.after) for change in changes] or [("", "", "")]
    for cells in told:
        yield entry.at, who, entry.summary, entry.action, *cells
