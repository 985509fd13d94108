"""The home page: to a rep what to do now, to a manager who is late, to a marketer the numbers, to an admin set-up."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, Viewer, member_view
from leadhub.accounts.models import Role
from leadhub.desk.checklist import needs_checklist, read_checklist
from leadhub.desk.home_numbers import draw_numbers, link_own_speed
from leadhub.desk.metrics import DAYS, read_metrics
from leadhub.desk.queue import list_queue
from leadhub.desk.queue_page import draw_lines
from leadhub.desk.team import KINDS, read_loads, total_loads
from leadhub.leads.models import Inquiry
from leadhub.lib.clock import utc_now
from reporting.periods import last_days
from reporting.speed import report_speed

NEXT = 5
LATEST = 5


Reader = Callable[[Viewer, datetime], dict[str, Any]]


@require_GET
@member_view(permission="home.view")
def home(request: MemberRequest) -> HttpResponse:
    """Show what matters to the viewer's role today."""
    viewer, now = request.viewer, utc_now()
    context: dict[str, Any] = {"greeting": greet(now), "now": now}
    role = Role(viewer.member.role)
    for read in SECTIONS[role]:
        context |= read(viewer, now)
    checklist = context.get("checklist")
    parts = ("checklist",) if checklist and not checklist.has_lead else PARTS[role]
    context["parts"] = [f"desk/home/_{part}.html" for part in parts]
    return TemplateResponse(request, "desk/home/page.html", context)


def greet(now: datetime) -> str:
    """Return the greeting of the hour in the viewer's zone."""
    hour = timezone.localtime(now).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def read_work(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Return the member's first next actions."""
    queue = list_queue(member=viewer.member, now=now, limit=NEXT)
    return {"queue": queue, "lines": draw_lines(queue, now=now)}


def read_team(viewer: Viewer, now: datetime) -> dict[str, Any]:  # noqa: ARG001  one signature for all sections
    """Return the team's totals and those who are late."""
    loads = read_loads(now=now)
    totals = total_loads(loads)
    return {
        "team_totals": [(kind, label, totals[kind]) for kind, label in KINDS.items()],
        "late_loads": [load for load in loads if load.late],
    }


def read_numbers(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Return the five metrics of the last thirty days, revenue by source, and what is unusual."""
    organization = viewer.organization
    drawn = draw_numbers(read_metrics(organization=organization, now=now), currency=organization.currency)
    sets_targets = viewer.may("targets.edit")
    return {
        **drawn,
        "targets_url": reverse("target_list") if sets_targets else "",
        "no_target": "" if sets_targets else "not set",
    }


def read_hands(viewer: Viewer, now: datetime) -> dict[str, Any]:  # noqa: ARG001
    """Return the latest raised hands."""
    latest = Inquiry.objects.filter(duplicate_of=None).select_related("person__company", "lead")
    return {"raised_hands": latest.order_by("-arrived_at")[:LATEST]}


def read_own_speed(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Return how fast the member answers, and how many promises were kept."""
    days = last_days(DAYS, now=now, zone_name=viewer.organization.time_zone)
    report = report_speed(period=days, now=now, only=viewer.member.pk)
    return {
        "own_speed": report.rows[0].numbers if report.rows else None,
        "everybodys_speed": report.total,
        "speed_urls": link_own_speed(days, viewer.member.pk),
    }


def read_setup(viewer: Viewer, now: datetime) -> dict[str, Any]:  # noqa: ARG001
    """Return the set-up checklist while something on it is open."""
    if not needs_checklist():
        return {}
    checklist = read_checklist(organization=viewer.organization)
    return {"checklist": None if checklist.is_complete else checklist}


SECTIONS: dict[Role, tuple[Reader, ...]] = {
    Role.REP: (read_work, read_own_speed),
    Role.MANAGER: (read_team, read_work, read_numbers),
    Role.MARKETER: (read_numbers, read_hands),
    Role.ADMIN: (read_setup, read_team, read_numbers, read_hands, read_work),
}
# What stands on the page, from the top: the manager sees who is late before the numbers.
PARTS: dict[Role, tuple[str, ...]] = {
    Role.REP: ("next", "speed"),
    Role.MANAGER: ("team", "next", "anomalies", "metrics", "channels"),
    Role.MARKETER: ("anomalies", "metrics", "value"),
    Role.ADMIN: ("checklist", "anomalies", "metrics", "team", "next", "value"),
}
