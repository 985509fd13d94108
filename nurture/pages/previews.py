"""A step as a real lead would read it, while it is written. Used by the step's page."""

from typing import Any

from leadhub.accounts.access import MemberRequest
from leadhub.delivery.liquid import TemplateFault
from leadhub.leads.models import Lead
from leadhub.leads.search import search_people
from leadhub.lib.clock import utc_now
from nurture.preview import list_preview_leads, list_slips, render_step
from nurture.steps import StepPlan

_FOUND = 20


def preview_step(request: MemberRequest, *, plan: StepPlan) -> dict[str, Any]:
    """Return the leads to choose from, the chosen one, and the rendering or what is wrong with the words."""
    asked = request.POST if request.method == "POST" else request.GET
    search = asked.get("who", "").strip()
    leads = _find_leads(search)
    lead = next((each for each in leads if str(each.pk) == asked.get("lead", "")), None) or next(iter(leads), None)
    context: dict[str, Any] = {"leads": leads, "lead": lead, "who": search}
    if lead is None or not (plan.body or plan.task_title):
        return context
    try:
        return {**context, "mail": render_step(step=plan, lead=lead), "unknown": list_slips(step=plan, lead=lead)}
    except TemplateFault as fault:
        return {**context, "fault": fault.message}


def _find_leads(search: str) -> list[Lead]:
    if not search:
        return list_preview_leads(now=utc_now(), limit=_FOUND)
    found = Lead.objects.filter(is_test=False, person__in=search_people(search).values("pk"))
    return list(found.select_related("person", "owner__user").order_by("-captured_at")[:_FOUND])
