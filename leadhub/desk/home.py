"""The home page: to a rep what to do now, to a manager who is late, to a marketer the numbers, to an admin set-up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, Viewer, member_view
from leadhub.accounts.models import Role
from leadhub.desk.checklist import needs_checklist, read_checklist
from leadhub.desk.queue import list_queue
from leadhub.desk.queue_page import draw_lines
from leadhub.desk.team import KINDS, read_loads, total_loads
from leadhub.leads.models import Inquiry, Verdict
from leadhub.lib.clock import utc_now
from leadhub.web.formatting import format_money_short
from reporting.periods import parse_period
from reporting.source_value import Numbers, Row, report_source_value

NEXT = 5
LATEST = 5
DAYS = 30


@dataclass(frozen=True)
class Tile:
    """A number, the leads behind it, and how it changed against the days before."""

    label: str
    value: str
    href: str
    change: str = ""
    is_good: bool = True


Reader = Callable[[Viewer, datetime], dict[str, Any]]


@require_GET
@member_view(permission="home.view")
def home(request: HttpRequest) -> HttpResponse:
    """Show what matters to the viewer's role today."""
    viewer, now = cast("MemberRequest", request).viewer, utc_now()
    context: dict[str, Any] = {"greeting": greet(now), "now": now}
    for read in SECTIONS[Role(viewer.member.role)]:
        context |= read(viewer, now)
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
    """Return the last thirty days' numbers beside the thirty before, and the latest raised hands."""
    organization = viewer.organization
    period = parse_period(first="", last="", days=str(DAYS), now=now, zone_name=organization.time_zone)
    back = timedelta(days=DAYS)
    former = replace(period, first_on=period.first_on - back, last_on=period.last_on - back)
    report = report_source_value(period=period, currency=organization.currency)
    before = report_source_value(period=former, currency=organization.currency).total
    days = {"counted": "true", "captured_from": period.first_on.isoformat(), "captured_to": period.last_on.isoformat()}
    latest = Inquiry.objects.filter(duplicate_of=None).select_related("person__company", "lead")
    return {
        "tiles": list_tiles(report.total, before, days=days, currency=organization.currency),
        "channels": [(row, _link_channel(row, days=days)) for row in report.rows[:LATEST]],
        "most_value": max((row.numbers.quote_value for row in report.rows), default=0),
        "currency": organization.currency,
        "days": DAYS,
        "raised_hands": latest.order_by("-arrived_at")[:LATEST],
    }


def list_tiles(now: Numbers, before: Numbers, *, days: dict[str, str], currency: str) -> list[Tile]:
    """Return the five numbers, each with the leads behind it."""
    url = f"{reverse('lead_list')}?{urlencode(days)}"
    qualified = f"{url}&verdict=qualified"
    return [
        _tile("Leads", now.leads, before.leads, url),
        _tile("Qualified", now.qualified, before.qualified, qualified),
        _tile("Quote value", now.quote_value, before.quote_value, f"{qualified}&value=quote", currency),
        _tile("Pipeline", now.pipeline_value, before.pipeline_value, f"{url}&value=pipeline", currency),
        _tile("Won", now.sales_value, before.sales_value, f"{url}&value=sales", currency),
    ]


def _link_channel(row: Row, *, days: dict[str, str]) -> str:
    """Return where the leads behind a channel's value are."""
    query = {**days, "channel": row.value, "verdict": Verdict.QUALIFIED.value}
    return f"{reverse('lead_list')}?{urlencode(query)}"


def _tile(label: str, now: Any, before: Any, href: str, currency: str = "") -> Tile:
    value = format_money_short(now, currency) if currency else str(now)
    if not before:
        return Tile(label, value, href)
    change = round(float(now - before) / float(before) * 100)
    return Tile(label, value, href, change=f"{change:+d}%" if change else "±0%", is_good=change >= 0)


def read_setup(viewer: Viewer, now: datetime) -> dict[str, Any]:  # noqa: ARG001
    """Return the set-up checklist while something on it is open."""
    if not needs_checklist():
        return {}
    checklist = read_checklist(organization=viewer.organization)
    return {"checklist": None if checklist.is_complete else checklist}


SECTIONS: dict[Role, tuple[Reader, ...]] = {
    Role.REP: (read_work,),
    Role.MANAGER: (read_team, read_work),
    Role.MARKETER: (read_numbers,),
    Role.ADMIN: (read_setup, read_team, read_numbers, read_work),
}
