"""The lead page: their words first, then everything a colleague knows and may do."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.act_forms import build_forms
from leadhub.desk.allowed import may_judge, may_reassign, may_work
from leadhub.desk.deeds import Deed
from leadhub.desk.lead_reading import get_lead, read_lead_page
from leadhub.leads.duplicates import find_duplicates
from leadhub.leads.models import Person, PersonMerge
from leadhub.lib.clock import utc_now
from leadhub.live.alerts import mark_lead_seen
from nurture.pages.permission import may_enroll


@require_GET
@member_view(permission="leads.view")
def lead_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show a lead; `?timeline=` filters its events, `?as_of=` dates its score. Looking is seeing its alerts."""
    viewer = request.viewer
    mark_lead_seen(member=viewer.member, lead_id=pk, now=utc_now())
    return show_lead(request, lead_id=pk, bound={})


def show_lead(
    request: MemberRequest,
    *,
    lead_id: UUID,
    bound: Mapping[str, forms.Form] | None = None,
    deed: Deed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page, or with its body where htmx asks; `deed` says what was just done."""
    viewer = request.viewer
    lead, chosen = get_lead(lead_id), _read_chosen(request)
    page = read_lead_page(
        lead=lead,
        only=chosen.get("timeline", ""),
        is_long="all" in chosen,
        as_of=read_as_of(chosen.get("as_of", "")),
    )
    context = {
        "page": page,
        "lead": lead,
        "chosen": chosen,
        "place": "lead",
        "forms": build_forms(lead=lead, bound=bound or {}, service=page.words.service if page.words else ""),
        "may_work": may_work(viewer, lead),
        "may_judge": may_judge(viewer, lead),
        "may_reassign": may_reassign(viewer, lead),
        "may_enroll": may_enroll(viewer, lead),
        "may_merge": viewer.may("people.merge"),
        "twins": read_twins(lead.person) if viewer.may("people.merge") else None,
        "deed": deed,
    }
    template = "desk/lead/_body.html" if request.htmx else "desk/lead/page.html"
    return TemplateResponse(request, template, context, status=status)


def _read_chosen(request: MemberRequest) -> QueryDict:
    """Return what the page shows by its address; an act, which has an address of its own, leaves it as it is."""
    if not request.htmx or request.method != "POST":
        return request.GET
    _, _, query = (request.htmx.current_url or "").partition("?")
    return QueryDict(query.partition("#")[0])


def read_twins(person: Person) -> dict[str, Any]:
    """Return who may be the same human, and whom a colleague joined."""
    merges = PersonMerge.objects.filter(kept=person, parted_at=None).select_related("absorbed", "merged_by")
    return {"duplicates": find_duplicates(person=person), "merges": list(merges.order_by("-merged_at"))}


def read_as_of(text: str) -> datetime | None:
    """Read the end of a day in the viewer's zone, or nothing."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone()) if day else None
