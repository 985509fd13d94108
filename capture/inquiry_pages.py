"""The marketer's stream of raised hands: what was asked, from where; verdict, value and service by one key each."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from capture.money import BadAmount, parse_money
from capture.queries import list_form_names
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.inquiries import set_service
from leadhub.leads.models import Channel, Inquiry, Intent, ValueSource, Verdict
from leadhub.leads.values import set_quote_value
from leadhub.leads.verdicts import set_verdict
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Tab
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Sort, Sorting

PAGE_SIZE = 25
SORTING = Sorting(
    sorts=(
        Sort(key="arrived", by="arrived_at", up="Oldest first", down="Newest first"),
        Sort(
            key="value",
            by="lead__quote_value",
            up="Lowest value first",
            down="Highest value first",
            may_be_missing=True,
        ),
    ),
    usual="-arrived",
    last=("-arrived_at", "-pk"),
)
_TABS = {
    "": "All",
    Verdict.PENDING: "To judge",
    Verdict.QUALIFIED: "Qualified",
    Verdict.UNQUALIFIED: "Unqualified",
    Verdict.NOT_A_LEAD: "Not a lead",
}
# What a key press says where no reason is typed.
_REASONS = {
    Verdict.QUALIFIED: "",
    Verdict.UNQUALIFIED: "Does not match what we sell",
    Verdict.NOT_A_LEAD: "A job seeker, vendor or support request",
    Verdict.PENDING: "",
}


class InquiryFilter(ListFilter):
    """The words of the inquiry and of who asks, the lead's verdict (the tabs), channel, intent, days."""

    q = WordsFilter(
        "person__first_name",
        "person__last_name",
        "person__email_norm",
        "person__company_name",
        "message",
        "service",
        label="Name, company or words",
    )
    verdict = ChoiceFilter("lead__verdict", choices=Verdict.choices, label="Verdict", widget=forms.HiddenInput)
    channel = ChoiceFilter("lead__channel", choices=Channel.choices, label="Channel", every="Every channel")
    intent = ChoiceFilter("intent", choices=Intent.choices, label="Intent", every="Every intent")
    first = DayFilter("arrived_at")
    last = DayFilter("arrived_at", is_last=True)


INQUIRY_VIEWS = SavedList(
    key="inquiries", url_name="inquiry_list", permission="leads.judge", filters=frozenset(InquiryFilter.base_filters)
)


@require_GET
@member_view(permission="leads.judge")
def inquiry_list(request: MemberRequest) -> HttpResponse:
    """Show the inquiries, the newest first unless asked otherwise."""
    filters, order = InquiryFilter(request.GET, list_inquiries()), SORTING.read(request.GET)
    found, text = order.apply(filters.qs), request.GET.get("page")
    context = {
        "page": read_page(found=found, rows=list_inquiries(), size=PAGE_SIZE, text=text),
        "forms": list_form_names(),
        "filters": filters,
        "sort": order,
        "views": read_views(request, INQUIRY_VIEWS),
        "tabs": _list_tabs({**filters.kept, **order.query}),
    }
    return render(request, "capture/inquiries.html", context)


def find_inquiries(query: QueryDict) -> QuerySet[Inquiry]:
    """Return the inquiries that the query's filters keep, in its order."""
    return SORTING.read(query).apply(InquiryFilter(query, list_inquiries()).qs)


def list_inquiries() -> QuerySet[Inquiry]:
    """Return every raised hand with what a row shows; repeats within a day stand under what they repeat."""
    return Inquiry.objects.filter(duplicate_of=None).select_related("person", "lead", "lead__owner", "touch")


@require_POST
@member_view(permission="leads.judge")
def inquiry_verdict(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Judge the lead of an inquiry."""
    chosen = request.POST.get("verdict", "")
    verdict = Verdict(chosen) if chosen in Verdict.values else None

    def judge(inquiry: Inquiry) -> None:
        if verdict is None:
            raise DomainError("Choose a verdict.", field="verdict")
        reason = request.POST.get("reason", "").strip()[:300] or _REASONS[verdict]
        set_verdict(lead=inquiry.lead, verdict=verdict, actor=request.viewer.member, reason=reason, now=utc_now())

    return _change(request, pk, judge)


@require_POST
@member_view(permission="leads.judge")
def inquiry_value(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Set what the lead is worth when it asks; empty clears it."""

    def value(inquiry: Inquiry) -> None:
        text = request.POST.get("quote_value", "").strip()
        try:
            amount = parse_money(text).amount if text else None
        except BadAmount:
            raise DomainError("Enter an amount, such as 1,200.", field="quote_value") from None
        set_quote_value(
            lead=inquiry.lead,
            amount=amount,
            source=ValueSource.MEMBER,
            actor=request.viewer.member,
            now=utc_now(),
        )

    return _change(request, pk, value)


@require_POST
@member_view(permission="leads.judge")
def inquiry_service(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say which service was asked for."""

    def name(inquiry: Inquiry) -> None:
        set_service(
            inquiry=inquiry, service=request.POST.get("service", ""), actor=request.viewer.member, now=utc_now()
        )

    return _change(request, pk, name)


def _change(request: MemberRequest, pk: UUID, change: Callable[[Inquiry], None]) -> HttpResponse:
    """Change one inquiry and answer its row, or go back to the list in a browser without scripts."""
    inquiry = get_object_or_404(list_inquiries(), pk=pk)
    error = ""
    try:
        change(inquiry)
    except DomainError as refusal:
        error = refusal.message
    if request.htmx:
        fresh = get_object_or_404(list_inquiries(), pk=pk)
        context = {"inquiry": fresh, "forms": list_form_names(), "error": error, "is_current": True}
        return render(request, "capture/_inquiry.html", context, status=422 if error else 200)
    if error:
        messages.error(request, error)
    return redirect(_find_way_back(request))


def _find_way_back(request: MemberRequest) -> str:
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours and back.startswith("/inquiries/") else "inquiry_list"


def _list_tabs(kept: dict[str, str]) -> list[Tab]:
    current = kept.pop("verdict", "")
    return [
        Tab(
            label=label,
            url="?" + urlencode({**kept, **({"verdict": value} if value else {})}),
            is_current=value == current,
        )
        for value, label in _TABS.items()
    ]
