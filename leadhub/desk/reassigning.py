"""Leads chosen in the list go to one colleague: what would move is shown before, and can be undone after."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.chosen import ask_for_ticks, find_chosen, is_nothing_ticked, without_ticks
from leadhub.desk.forms import ReassignForm
from leadhub.desk.team_page import give_leads_away
from leadhub.lib.clock import utc_now

MOST_AT_ONCE = 1_000
SHOWN = 100


@require_http_methods(["GET", "POST"])
@member_view(permission="team.reassign")
def bulk_reassignment(request: MemberRequest) -> HttpResponse:
    """Show whose leads would move; a POST gives them to the member."""
    if is_nothing_ticked(request.GET):
        return ask_for_ticks(request)
    found = find_chosen(request.GET, now=utc_now()).select_related("person", "owner")
    leads = list(found.order_by("-captured_at", "-pk")[: MOST_AT_ONCE + 1])
    form = ReassignForm(request.POST or None)
    is_too_long = len(leads) > MOST_AT_ONCE
    is_answered = request.method == "POST" and form.is_valid() and not is_too_long
    if is_answered and give_leads_away(request, form=form, lead_ids=[lead.pk for lead in leads]):
        return redirect(f"{reverse('lead_list')}?{without_ticks(request.GET)}")
    context = {
        "leads": leads,
        "owners": Counter(lead.owner.name for lead in leads).most_common(),
        "form": form,
        "is_too_long": is_too_long,
        "most": MOST_AT_ONCE,
        "shown": SHOWN,
        "list_query": without_ticks(request.GET),
    }
    return TemplateResponse(
        request, "desk/leads/reassign.html", context, status=422 if request.method == "POST" else 200
    )
