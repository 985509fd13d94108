"""A lead entered by hand: a submission like any other, walked along the line in the same transaction."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from capture.models import Submission
from leadhub.accounts.access import MemberRequest, Viewer, member_view
from leadhub.desk.forms import LeadForm
from leadhub.leads.models import Door
from leadhub.lib.clock import utc_now
from leadhub.line.entry import walk_entry
from routing.reassignment import reassign


@require_http_methods(["GET", "POST"])
@member_view(permission="leads.create")
def lead_create(request: MemberRequest) -> HttpResponse:
    """Show the form; on POST create the lead, or join the person's open one, and open its page."""
    if request.method == "GET":
        return _show(request, LeadForm(), status=200)
    form = LeadForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    viewer, now = request.viewer, utc_now()
    values = form.read_values()
    submission, walk = walk_entry(
        door=Door.MANUAL,
        values=values,
        body=json.dumps(values).encode(),
        content_type="application/json",
        request={},
        now=now,
    )
    submission.refresh_from_db()
    if walk is None or walk.lead is None:
        return _refuse(request, form, submission)
    is_new = submission.status == Submission.Status.CREATED
    if form.cleaned_data["is_mine"] and may_keep(viewer, is_new=is_new):
        reassign(lead=walk.lead, member=viewer.member, actor=viewer.member, now=now, note="Entered by hand")
    messages.success(request, "The lead is in." if is_new else "They are known: the inquiry joined their open lead.")
    return redirect("lead_detail", pk=walk.lead.pk)


def may_keep(viewer: Viewer, *, is_new: bool) -> bool:
    """Say whether whoever entered the lead may take it: a new one, not the open lead of a colleague."""
    return viewer.may("leads.work") if is_new else viewer.may("team.reassign")


def _refuse(request: MemberRequest, form: LeadForm, submission: Submission) -> HttpResponse:
    """Show why the line refused the entry, at the field where it names one."""
    for reason in submission.reasons or ["This could not be taken in."]:
        field, _, text = reason.partition(": ")
        form.add_error(field if text and field in form.fields else None, text or reason)
    return _show(request, form, status=422)


def _show(request: MemberRequest, form: LeadForm, *, status: int) -> HttpResponse:
    viewer = request.viewer
    context = {"form": form, "may_work": viewer.may("leads.work")}
    return TemplateResponse(request, "desk/leads/new.html", context, status=status)
