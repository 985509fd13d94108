"""A step, or a template, as a real lead would read it, while it is written. Used by the pages of both."""

from collections.abc import Callable
from typing import Any

from leadhub.accounts.access import MemberRequest
from leadhub.delivery.liquid import RenderedMail, TemplateFault
from leadhub.delivery.writing import Words
from leadhub.leads.models import Lead
from leadhub.leads.search import search_people
from leadhub.lib.clock import utc_now
from nurture.mail_templates import list_letter_slips, show_letter
from nurture.preview import list_preview_leads, list_slips, render_step
from nurture.steps import StepPlan

_FOUND = 20


def preview_step(request: MemberRequest, *, plan: StepPlan) -> dict[str, Any]:
    """Return the leads to choose from, the chosen one, and the rendering or what is wrong with the words."""
    return _preview(
        request,
        is_written=bool(plan.body or plan.task_title),
        show=lambda lead: render_step(step=plan, lead=lead),
        list_unknown=lambda lead: list_slips(step=plan, lead=lead),
    )


def preview_letter(request: MemberRequest, *, words: Words) -> dict[str, Any]:
    """Return the same for the words of a template, sent by whoever looks at it."""
    sender = request.viewer.member
    return _preview(
        request,
        is_written=bool(words.body),
        show=lambda lead: show_letter(words=words, lead=lead, sender=sender),
        list_unknown=lambda lead: list_letter_slips(words=words, lead=lead, sender=sender),
    )


def _preview(
    request: MemberRequest,
    *,
    is_written: bool,
    show: Callable[[Lead], RenderedMail],
    list_unknown: Callable[[Lead], list[str]],
) -> dict[str, Any]:
    asked = request.POST if request.method == "POST" else request.GET
    search = asked.get("who", "").strip()
    leads = _find_leads(search)
    lead = next((each for each in leads if str(each.pk) == asked.get("lead", "")), None) or next(iter(leads), None)
    context: dict[str, Any] = {"leads": leads, "lead": lead, "who": search}
    if lead is None or not is_written:
        return context
    try:
        return {**context, "mail": show(lead), "unknown": list_unknown(lead)}
    except TemplateFault as fault:
        return {**context, "fault": fault.message}


def _find_leads(search: str) -> list[Lead]:
    if not search:
        return list_preview_leads(now=utc_now(), limit=_FOUND)
    found = Lead.objects.filter(is_test=False, person__in=search_people(search).values("pk"))
    return list(found.select_related("person", "owner__user").order_by("-captured_at")[:_FOUND])
