"""Leads into sequences: one on its page, many from the list, with what would become of each shown before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, Viewer, member_view
from leadhub.accounts.models import Membership
from leadhub.desk.acting import Act, perform
from leadhub.desk.chosen import ask_for_ticks, find_chosen, is_nothing_ticked, without_ticks
from leadhub.desk.deeds import Deed
from leadhub.desk.forms import EnrollForm, NoForm, list_running
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from nurture.candidates import sort_candidates
from nurture.enrolling import MOST_AT_ONCE, enroll_lead, enroll_leads
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, Sequence
from nurture.pages.permission import may_enroll, may_enroll_any

SHOWN = 100


def _enroll(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    sequence = values.cleaned_data["sequence"]
    enroll_lead(sequence=sequence, lead=lead, actor=actor, now=now)
    return Deed(f"Is in “{sequence.name}” now.")


def _stop(*, lead: Lead, values: Any, actor: Membership, now: datetime, enrollment: Enrollment) -> Deed:  # noqa: ARG001
    stop_enrollment(enrollment=enrollment, actor=actor, now=now)
    return Deed(f"Is out of “{enrollment.sequence.name}”.")


@require_POST
@member_view(permission="nurture.enroll")
def enrollments(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put the lead into a sequence."""
    return perform(request, pk, Act("enroll", EnrollForm, _enroll, is_allowed=may_enroll))


@require_POST
@member_view(permission="nurture.enroll")
def enrollment_end(request: MemberRequest, pk: UUID, enrollment: UUID) -> HttpResponse:
    """Take the lead out of a sequence."""
    own = Enrollment.objects.select_related("sequence", "lead__person", "step").filter(lead=pk)
    found = get_object_or_404(own, pk=enrollment)
    return perform(request, pk, Act("stop", NoForm, _stop, is_allowed=may_enroll), enrollment=found)


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.enroll")
def bulk_enrollment(request: MemberRequest) -> HttpResponse:
    """Show what would become of the leads chosen in the list; a POST puts in those who can enter."""
    if is_nothing_ticked(request.GET):
        return ask_for_ticks(request)
    viewer, now = request.viewer, utc_now()
    found = _list_leads(viewer, request.GET, now=now)
    leads = list(found.select_related("person", "owner").order_by("-captured_at", "-pk")[: MOST_AT_ONCE + 1])
    asked = request.POST if request.method == "POST" else request.GET
    running = list(list_running())
    sequence = next((each for each in running if str(each.pk) == asked.get("sequence")), None)
    is_too_long = len(leads) > MOST_AT_ONCE
    if request.method == "POST" and sequence and not is_too_long:
        return _enroll_all(request, sequence=sequence, leads=leads, now=now)
    context = {
        "leads": leads,
        "is_too_long": is_too_long,
        "most": MOST_AT_ONCE,
        "sequences": running,
        "sequence": sequence,
        "candidates": sort_candidates(sequence=sequence, leads=leads, now=now)
        if sequence and not is_too_long
        else None,
        "shown": SHOWN,
        "kept": [(name, value) for name in request.GET for value in request.GET.getlist(name) if name != "sequence"],
        "list_query": without_ticks(request.GET),
    }
    return TemplateResponse(request, "desk/leads/enroll.html", context)


def _enroll_all(request: MemberRequest, *, sequence: Sequence, leads: list[Lead], now: datetime) -> HttpResponse:
    left_out = set(request.POST.getlist("leave"))
    chosen = [lead.pk for lead in leads if str(lead.pk) not in left_out]
    actor = request.viewer.member
    tally = enroll_leads(sequence=sequence, lead_ids=chosen, actor=actor, now=now)
    refused = sum(tally.refused.values())
    words = f"{len(tally.enrolled)} put into “{sequence.name}”." + (f" {refused} could not enter." if refused else "")
    messages.success(request, words)
    return redirect("enrollment_list", pk=sequence.pk)


def _list_leads(viewer: Viewer, query: QueryDict, *, now: datetime) -> QuerySet[Lead]:
    """Return the chosen leads that the viewer may put in."""
    leads = find_chosen(query, now=now).filter(is_test=False)
    return leads if may_enroll_any(viewer) else leads.filter(owner=viewer.member)
