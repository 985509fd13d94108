"""The queue's page and its parts: the list, the preview beside it, the bar that tells of new leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.act_forms import build_forms
from leadhub.desk.allowed import may_work
from leadhub.desk.deeds import Deed
from leadhub.desk.lead_reading import get_lead
from leadhub.desk.preview import read_preview
from leadhub.desk.queue import PAGE_SIZE, Queue, Row, list_queue
from leadhub.desk.reasons import TONES, explain_beside_clock, explain_row
from leadhub.desk.sla import find_openings
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import read_id
from leadhub.web.paging import read_page_number
from routing.models import Assignment

TITLES = {
    "overdue": "Overdue",
    "hot": "Hot",
    "due": "Due now",
    "next": "Next best",
    "planned": "Planned for later",
}


@dataclass(frozen=True)
class Line:
    """A row as drawn: with its sentence, alone and beside its clock, its colour, and the heading that it opens."""

    row: Row
    why: str
    beside_clock: str
    tone: str
    heading: str
    count: int
    opens_at: datetime | None


def draw_lines(queue: Queue, *, now: datetime) -> list[Line]:
    """Return the queue's rows as drawn, grouped by headings."""
    openings = find_openings(pool_ids={row.closing_pool_id for row in queue.rows if row.closing_pool_id}, now=now)
    lines: list[Line] = []
    for row in queue.rows:
        is_first = not lines or lines[-1].row.group != row.group
        heading = TITLES[row.group] if is_first else ""
        opens_at = openings.get(row.closing_pool_id) if row.closing_pool_id else None
        why, beside_clock = explain_row(row, now=now), explain_beside_clock(row, now=now)
        lines.append(Line(row, why, beside_clock, TONES[row.group], heading, queue.counts[row.group], opens_at))
    return lines


@require_GET
@member_view(permission="leads.work")
def queue(request: MemberRequest) -> HttpResponse:
    """Show the member's next actions; `?lead=` opens one beside them, `?since=` counts what is new."""
    if since := _read_instant(request.GET.get("since", "")):
        return show_news(request, since=since)
    lead_id = _read_id(request.GET.get("lead", ""))
    if lead_id and request.htmx.target == "preview":
        return TemplateResponse(request, "desk/queue/_preview.html", read_context(request, lead_id=lead_id, bound={}))
    return show_queue(request, lead_id=lead_id, bound={})


def show_queue(
    request: MemberRequest, *, lead_id: UUID | None, bound: Mapping[str, forms.Form], status: int = 200
) -> HttpResponse:
    """Answer with the whole page; with the preview alone when a form in it was refused."""
    if lead_id and status != 200 and request.htmx:
        refused = read_context(request, lead_id=lead_id, bound=bound)
        return TemplateResponse(request, "desk/queue/_preview.html", refused, status=status)
    now = utc_now()
    is_planned = request.GET.get("show") == "planned"
    page = read_page_number(request.GET.get("page", ""))
    found = list_queue(member=request.viewer.member, now=now, is_planned=is_planned, offset=(page - 1) * PAGE_SIZE)
    context: dict[str, Any] = {
        "queue": found,
        "lines": draw_lines(found, now=now),
        "reject_reasons": draw_reject_reasons(),
        "is_planned": is_planned,
        "now": now,
        "page": page,
        "has_more": len(found.rows) == PAGE_SIZE,
    }
    shown = lead_id or (found.rows[0].lead_id if found.rows else None)
    if shown:
        context |= read_context(request, lead_id=shown, bound=bound)
    context["is_chosen"] = lead_id is not None
    return TemplateResponse(request, "desk/queue/page.html", context, status=status)


def draw_reject_reasons() -> str:
    """Return the buttons that reject a lead, the same in each row: drawn once a page."""
    return render_to_string("desk/queue/_reject_reasons.html", {"reasons": Assignment.RejectReason.choices})


def show_acted(request: MemberRequest, *, lead_id: UUID, deed: Deed) -> HttpResponse:
    """Answer an act from the queue: the preview again, the lead's row in its place, the counts, and who is next."""
    now = utc_now()
    waiting = list_queue(member=request.viewer.member, now=now, limit=2)
    context = read_context(request, lead_id=lead_id, bound={}) | {
        "deed": deed,
        "reject_reasons": draw_reject_reasons(),
        "queue": waiting,
    }
    if not deed.undo_url:
        found = list_queue(member=request.viewer.member, now=now, lead_id=lead_id)
        context["line"] = next(iter(draw_lines(found, now=now)), None)
    if not context.get("line"):
        context["following"] = next((row for row in waiting.rows if row.lead_id != lead_id), None)
    return TemplateResponse(request, "desk/queue/_acted.html", context)


def show_news(request: MemberRequest, *, since: datetime) -> HttpResponse:
    """Answer with the bar that says how many leads have come since the page was drawn."""
    found = list_queue(member=request.viewer.member, now=utc_now(), limit=500)
    count = sum(1 for row in found.rows if row.entered_at > since)
    return TemplateResponse(request, "desk/queue/_news.html", {"count": count, "now": since})


def read_context(request: MemberRequest, *, lead_id: UUID, bound: Mapping[str, forms.Form]) -> dict[str, Any]:
    """Return what the preview of a lead needs."""
    viewer = request.viewer
    lead = get_lead(lead_id)
    return {
        "preview": read_preview(lead=lead, now=utc_now()),
        "lead": lead,
        "place": "queue",
        "forms": build_forms(lead=lead, bound=bound),
        "may_work": may_work(viewer, lead),
        "is_chosen": True,
    }


def _read_instant(text: str) -> datetime | None:
    try:
        instant = parse_datetime(text)
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None


def _read_id(text: str) -> UUID | None:
    lead_id = read_id(text)
    if text and lead_id is None:
        raise Http404("There is no such lead.")
    return lead_id
