"""The intake ledger's pages: the equation, the list, one submission as it came, and its release."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from capture.ledger import Balance, Status, balance_doors, balance_period, list_submissions, release_submission
from capture.models import Submission
from capture.payloads import read_text
from capture.periods import PRESETS, Period, read_period
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Door
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.filtering import ChoiceFilter, ListFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Column, Tab
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Order, Sort, Sorting

PAGE_SIZE = 50
SHOWN_BYTES = 20_000
_COLUMNS = [
    Column("Arrived", "arrived"),
    Column("Door", "door"),
    Column("From"),
    Column("What became of it", "status"),
    Column(""),
]


class LedgerFilter(ListFilter):
    """The door, and what became of it. The period stands apart: the ledger has one always, which its sums are of."""

    door = ChoiceFilter("door", choices=Door.choices, label="Door", every="Every door")
    status = ChoiceFilter("status", choices=Status.choices, label="What became of it", every="Every outcome")


LEDGER_VIEWS = SavedList(
    key="intake",
    url_name="intake_ledger",
    permission="intake.view",
    filters=frozenset({"days", "from", "to", *LedgerFilter.base_filters}),
)
SORTING = Sorting(
    sorts=(
        Sort(key="arrived", by="received_at", up="Oldest first", down="Newest first"),
        Sort(key="door", by="door", up="Door, A to Z", down="Door, Z to A"),
        Sort(key="status", by="status", up="What became of it, A to Z", down="What became of it, Z to A"),
    ),
    usual="-arrived",
    last=("-received_at", "-pk"),
)
_DOOR_COLUMNS = [Column("Door"), Column("Received", align="end")] + [
    Column(str(label), align="end") for label in ("Created", "Merged", "Rejected", "Quarantined", "Pending")
]
_SIGNS = {
    Status.CREATED: "made a new lead",
    Status.MERGED: "joined a known lead",
    Status.REJECTED: "made nothing, and says why",
    Status.QUARANTINED: "held until somebody looks",
    Status.PENDING: "on its way",
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the ledger is asked for: a period, a door or all, what became of it or whatever did, and an order."""

    period: Period
    chosen: LedgerFilter
    door: str
    status: str
    order: Order

    def find(self) -> QuerySet[Submission]:
        """Return the submissions in their order."""
        return self.order.apply(self.chosen.qs)


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term of the equation, and the list behind it."""

    label: str
    count: int
    url: str
    hint: str
    is_current: bool


@require_GET
@member_view(permission="intake.view")
def intake_ledger(request: MemberRequest) -> HttpResponse:
    """Show what arrived in a period, what became of it, and each submission."""
    filters = read_filters(request)
    period, door = filters.period, filters.door
    rows = Submission.objects.select_related("form", "person").defer("body")
    balance = balance_period(since=period.since, until=period.until, door=door)
    context = {
        "balance": balance,
        "terms": _list_terms(balance, filters),
        "doors": balance_doors(since=period.since, until=period.until),
        "page": read_page(found=filters.find(), rows=rows, size=PAGE_SIZE, text=request.GET.get("page")),
        "sort": filters.order,
        "views": read_views(request, LEDGER_VIEWS),
        "presets": _list_presets(filters),
        "period": period,
        "filters": filters.chosen,
        "columns": _COLUMNS,
        "door_columns": _DOOR_COLUMNS,
        "may_release": request.viewer.may("intake.release"),
        "query": _query(filters, door=door, status=""),
        "is_filtered": bool(door or filters.status),
    }
    return render(request, "capture/ledger.html", context)


def read_filters(request: MemberRequest) -> Filters:
    """Read the query; a door or an outcome that there is not narrows nothing."""
    period = read_period(request.GET, zone=ZoneInfo(request.viewer.organization.time_zone), now=utc_now())
    chosen = LedgerFilter(request.GET, list_submissions(since=period.since, until=period.until))
    chosen.is_valid()
    door, status = (chosen.form.cleaned_data.get(name) or "" for name in LedgerFilter.base_filters)
    return Filters(period=period, chosen=chosen, door=door, status=status, order=SORTING.read(request.GET))


@require_GET
@member_view(permission="intake.view")
def submission_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one submission as it came, what was read of it, and why it became what it did."""
    submission = get_object_or_404(Submission.objects.select_related("form", "person", "lead", "inquiry"), pk=pk)
    raw = bytes(submission.body)
    context = {
        "submission": submission,
        "values": [(name, read_text(submission.values, name) or value) for name, value in submission.values.items()],
        "raw": raw[:SHOWN_BYTES].decode("utf-8", "replace"),
        "raw_bytes": len(raw),
        "is_cut": len(raw) > SHOWN_BYTES,
        "facts": _list_facts(submission),
        "may_release": request.viewer.may("intake.release") and submission.status == Status.QUARANTINED,
    }
    return render(request, "capture/submission.html", context)


@require_POST
@member_view(permission="intake.release")
def submission_release(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Let a quarantined submission go along the line."""
    get_object_or_404(Submission, pk=pk)
    try:
        release_submission(submission_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Released: it goes along the line now and is a lead in a moment.")
    return redirect("submission_detail", pk=pk)


def _list_terms(balance: Balance, filters: Filters) -> list[Term]:
    return [
        Term(
            label=Status(term).name.capitalize(),
            count=count,
            url="?" + _query(filters, door=balance.door, status=term),
            hint=_SIGNS[Status(term)],
            is_current=term == filters.status,
        )
        for term, count in balance.terms.items()
    ]


def _list_presets(filters: Filters) -> list[Tab]:
    chosen = {name: value for name, value in (("door", filters.door), ("status", filters.status)) if value}
    kept = {**chosen, **filters.order.query}
    return [
        Tab(label=label, url="?" + urlencode({"days": days, **kept}), is_current=days == filters.period.preset)
        for days, label in PRESETS.items()
    ]


def _query(filters: Filters, *, door: str, status: str) -> str:
    period = filters.period
    days = {"days": period.preset} if period.preset else {"from": str(period.first), "to": str(period.last)}
    chosen = {name: value for name, value in (("door", door), ("status", status)) if value}
    return urlencode({**days, **chosen, **filters.order.query})


def _list_facts(submission: Submission) -> list[tuple[str, object]]:
    request = submission.request
    return [
        ("Door", submission.get_door_display()),
        ("Form", submission.form),
        ("Content type", submission.content_type),
        ("Address", request.get("address")),
        ("Origin", request.get("origin")),
        ("Page", request.get("referrer")),
        ("Browser", request.get("agent")),
        ("Number", str(submission.pk)),
    ]
