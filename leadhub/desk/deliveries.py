"""The admin's page of deliveries that wait for a person: in doubt or failed, each sent once more or settled."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.models import Delivery
from leadhub.delivery.settling import UNSETTLED, list_unsettled, mark_sent, send_again
from leadhub.desk.troubles import go_back, list_trouble_tabs
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.formatting import format_label
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import write_each
from leadhub.web.sorting import Sort, Sorting

PAGE_SIZE = 50
HEADER = (
    "Subject",
    "What",
    "By",
    "To",
    "Lead of",
    "State",
    "Why",
    "Tries",
    "Written",
    "Last tried",
    "Lead",
    "Delivery",
)
COLUMNS = [
    Column("What", "what"),
    Column("To", "to"),
    Column("State", "state"),
    Column("Why"),
    Column("Written", "written"),
    Column(""),
]
SORTING = Sorting(  # "in_doubt" sorts after "failed"
    sorts=(
        Sort(key="state", by="state", up="Failed first", down="In doubt first"),
        Sort(key="to", by="recipient", up="Recipient, A to Z", down="Recipient, Z to A"),
        Sort(key="what", by="purpose", up="What it is, A to Z", down="What it is, Z to A"),
        Sort(key="written", by="created_at", up="Oldest first", down="Newest first"),
    ),
    usual="-state",
    last=("-created_at", "-pk"),
)


def list_purposes() -> list[tuple[str, str]]:
    """Return what the deliveries that wait are, in words."""
    purposes = list_unsettled().order_by("purpose").values_list("purpose", flat=True).distinct()
    return [(purpose, format_label(purpose)) for purpose in purposes]


class DeliveryFilter(ListFilter):
    """The recipient or the subject, the state, what it is, the days on which it was written."""

    q = WordsFilter("recipient", "content__subject", "error", label="Recipient, subject or error")
    state = ChoiceFilter(
        "state", choices=[(each.value, each.label) for each in UNSETTLED], label="State", every="In doubt or failed"
    )
    what = ChoiceFilter("purpose", choices=list_purposes, label="What", every="Whatever it is")
    first = DayFilter("created_at")
    last = DayFilter("created_at", is_last=True)


@require_GET
@member_view(permission="jobs.view")
def delivery_list(request: MemberRequest) -> HttpResponse:
    """Show what waits for a person, why, and what may be done."""
    filters, order = DeliveryFilter(request.GET, list_unsettled()), SORTING.read(request.GET)
    found, text = order.apply(filters.qs), request.GET.get("page")
    context = {
        "tabs": list_trouble_tabs("delivery_list"),
        "filters": filters,
        "sort": order,
        "page": read_page(found=found, rows=list_unsettled(), size=PAGE_SIZE, text=text),
        "columns": COLUMNS,
        "may_retry": request.viewer.may("jobs.retry"),
        "now": utc_now(),
    }
    return render(request, "desk/troubles/deliveries.html", context)


@require_GET
@member_view(permission="jobs.view")
def delivery_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the deliveries that the list shows."""
    found = SORTING.read(request.GET).apply(DeliveryFilter(request.GET, list_unsettled()).qs)
    rows = write_each(found=found, rows=list_unsettled(), write=_write_line)
    return export_list(request, name="deliveries", header=HEADER, rows=rows)


@require_POST
@member_view(permission="jobs.retry")
def delivery_send_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a delivery once more."""
    try:
        delivery = send_again(delivery_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return go_back(request, "delivery_list", error.message, is_refusal=True)
    return go_back(request, "delivery_list", f"It is sent to {delivery.recipient} once more.")


@require_POST
@member_view(permission="jobs.retry")
def delivery_mark_sent(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Settle a delivery that is known to have arrived."""
    try:
        delivery = mark_sent(delivery_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return go_back(request, "delivery_list", error.message, is_refusal=True)
    return go_back(request, "delivery_list", f"The delivery to {delivery.recipient} counts as sent.")


def _write_line(one: Delivery) -> Sequence[Cell]:
    return (
        str(one.content.get("subject", "")), one.purpose, one.channel, one.recipient,
        one.lead.person.name if one.lead else "", one.get_state_display(), one.error, one.attempts, one.created_at,
        one.claimed_at, str(one.lead_id or ""), str(one.pk),
    )  # fmt: skip
