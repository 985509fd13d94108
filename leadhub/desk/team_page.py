"""The team page: load per rep, the leads behind each number, bulk reassignment with undo, absence."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.desk.forms import AbsenceForm, BulkForm, ReassignForm
from leadhub.desk.team import HINTS, KINDS, LABELS, list_leads, read_loads, total_loads
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import read_id
from leadhub.tenancy.scope import get_organization_id
from leadhub.web.formatting import name_counted
from leadhub.web.parts import Column
from leadhub.web.sorting import Sort, Sorting
from routing.availability import return_back, send_away
from routing.reassignment import Reassigned, reassign_many, undo_reassignment

PAGE_SIZE = 50
UNDO_OFFERED_FOR = timedelta(minutes=30)
COLUMNS = [
    Column("Member", "name"),
    Column("Late", "late", "end"),
    Column("Untouched", "untouched", "end"),
    Column("Not accepted", "waiting", "end"),
    Column("Cooling", "cooling", "end"),
    Column("Open leads", "open"),
    Column(""),
]
SORTING = Sorting(
    sorts=(
        Sort(key="name", by="member.name", up="Name, A to Z", down="Name, Z to A"),
        *(
            Sort(key=kind, by=kind, up=f"Fewest {words} first", down=f"Most {words} first")
            for kind, words in (
                ("late", "late"),
                ("untouched", "untouched"),
                ("waiting", "not accepted"),
                ("cooling", "cooling"),
                ("open", "open leads"),
            )
        ),
    ),
    usual="-late",
)


@require_GET
@member_view(permission="team.view")
def team(request: MemberRequest) -> HttpResponse:
    """Show everybody's load, and below it the leads behind the chosen number."""
    return _show(request, form=BulkForm())


def _show(request: MemberRequest, *, form: forms.Form, status: int = 200) -> HttpResponse:
    now = utc_now()
    loads, order = read_loads(now=now), SORTING.read(request.GET)
    member = _read_member(request.GET.get("member", ""))
    kind = request.GET.get("show", "")
    totals = total_loads(loads)
    kind = kind if kind in LABELS else next((each for each in KINDS if totals[each]), "open")
    leads = list_leads(kind=kind, member_id=member.pk if member else None, now=now)
    page = Paginator(leads, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "loads": order.arrange(loads),
        "sort": order,
        "totals": totals,
        "columns": COLUMNS,
        "kind": kind,
        "kind_label": LABELS[kind],
        "kinds": KINDS,
        "hints": HINTS,
        "member": member,
        "page": page,
        "form": form,
        "undo": read_undo(request),
        "most": max((max(load.capacity or 0, load.open) for load in loads), default=1) or 1,
        "absence": AbsenceForm(),
    }
    return TemplateResponse(request, "desk/team/page.html", context, status=status)


@require_POST
@member_view(permission="team.reassign")
def bulk_reassignment(request: MemberRequest) -> HttpResponse:
    """Give the chosen leads to one member; the page then offers the undo."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form, status=422)
    if not give_leads_away(request, form=form, lead_ids=form.cleaned_data["leads"]):
        return _show(request, form=form, status=422)
    return _back(request)


def give_leads_away(request: MemberRequest, *, form: ReassignForm, lead_ids: Sequence[UUID]) -> bool:
    """Give the leads to the form's member and offer the undo; or put at its field what is wrong, and return False."""
    member = form.cleaned_data["member"]
    try:
        moved = reassign_many(
            lead_ids=lead_ids,
            member=member,
            actor=request.viewer.member,
            now=utc_now(),
            note=form.cleaned_data["note"],
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    _offer_undo(request, moved=moved, member=member)
    return True


def _offer_undo(request: MemberRequest, *, moved: Reassigned, member: Membership) -> None:
    """Keep for the next pages what was moved, and how to take it back."""
    noun = "lead" if moved.count == 1 else "leads"
    text = f"{moved.count} {noun} given to {member}."
    request.session["team_undo"] = {"batch": str(moved.batch_id), "text": text, "at": utc_now().isoformat()}


def read_undo(request: MemberRequest) -> dict[str, str] | None:
    """Return the bulk reassignment that may be undone, while it is news."""
    undo: dict[str, str] | None = request.session.get("team_undo")
    at = undo.get("at") if undo else None  # a session may be older than the instant in it
    return undo if at and utc_now() - datetime.fromisoformat(at) < UNDO_OFFERED_FOR else None


@require_POST
@member_view(permission="team.reassign")
def reassignment_undo(request: MemberRequest) -> HttpResponse:
    """Return the leads of the last bulk reassignment to whom they came from."""
    undo: dict[str, Any] = request.session.pop("team_undo", {})
    try:
        count = undo_reassignment(batch_id=UUID(undo["batch"]), actor=request.viewer.member, now=utc_now())
        messages.success(request, f"Undone: {count:,} {name_counted(count, 'leads')} back with the owner before.")
    except (DomainError, KeyError) as error:
        messages.error(request, error.message if isinstance(error, DomainError) else "There is nothing to undo.")
    return redirect("lead_list") if request.POST.get("back") == "lead_list" else _back(request)


@require_POST
@member_view(permission="team.reassign")
def absence(request: MemberRequest, member: UUID) -> HttpResponse:
    """Send a member away, until a day or until further notice; or bring them back."""
    actor, now = request.viewer.member, utc_now()
    person = get_object_or_404(Membership, pk=member, organization_id=get_organization_id())
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write the day of return as a date.")
        return redirect("team")
    try:
        if form.cleaned_data["is_away"]:
            send_away(member=person, away_from=now, away_until=_start_of(form), actor=actor, now=now)
            messages.success(request, f"{person} gets no new leads until they are back.")
        else:
            return_back(member=person, actor=actor, now=now)
            messages.success(request, f"{person} is back.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("team")


def _start_of(form: AbsenceForm) -> datetime | None:
    day = form.cleaned_data["until"]
    return datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone()) if day else None


def _back(request: MemberRequest) -> HttpResponseRedirect:
    kept = {name: request.POST[name] for name in ("show", "member_filter") if request.POST.get(name)}
    if "member_filter" in kept:
        kept["member"] = kept.pop("member_filter")
    return HttpResponseRedirect(f"{reverse('team')}?{urlencode(kept)}" if kept else reverse("team"))


def _read_member(text: str) -> Membership | None:
    pk = read_id(text)
    return Membership.objects.filter(pk=pk, organization_id=get_organization_id()).first() if pk else None
