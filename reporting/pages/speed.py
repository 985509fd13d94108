"""The speed-to-lead page and the inquiries behind each of its numbers.

Who may see the team sees every rep; a rep sees the own row beside everybody's total, a marketer the total.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, Viewer, member_view
from leadhub.accounts.models import Role
from leadhub.leads.models import Inquiry
from leadhub.web.parts import Column, Tab
from leadhub.web.sorting import Order, Sort, Sorting
from reporting.pages.asking import Asked, list_choices, read_request
from reporting.pages.findings import tell_promises
from reporting.pages.pictures import BAR_TOOLTIP, GRID
from reporting.speed import (
    DIMENSIONS,
    STATES,
    SpeedReport,
    SpeedRow,
    list_conditions,
    list_promised,
    narrow_to,
    report_speed,
)

PAGE_SIZE = 50
NUMBERS = ("Inquiries", "In time", "Answered late", "Unanswered, late", "Waiting", "Promise kept")
SPANS = ("First attempt", "9 of 10 within", "First contact", "9 of 10 within")
INQUIRY_COLUMNS = (
    Column("Person"),
    Column("Owner"),
    Column("Arrived", "arrived"),
    Column("Promised", "promised"),
    Column("First attempt"),
    Column("Took", "took"),
)
INQUIRY_SORTING = Sorting(
    sorts=(
        Sort(key="arrived", by="promised_from", up="Oldest first", down="Newest first"),
        Sort(key="promised", by="due_at", up="Promised soonest first", down="Promised latest first"),
        Sort(key="took", by="took", up="Quickest first", down="Slowest first", may_be_missing=True),
    ),
    usual="-arrived",
)
SHOWN = {**STATES, "late_now": "Late now, lead still open", "attempted": "With a first attempt"}


@dataclass(frozen=True, kw_only=True)
class LinkedRow:
    """A row with the inquiries behind each of its counts."""

    row: SpeedRow
    url: str

    @property
    def counts(self) -> list[tuple[int, str]]:
        """Return the counts with their links, in the table's order."""
        numbers = self.row.numbers
        states = [(getattr(numbers, state), f"{self.url}&state={state}") for state in STATES]
        return [(numbers.inquiries, self.url), *states]

    @property
    def late_now_url(self) -> str:
        """Return the overdue inquiries whose lead is still open."""
        return f"{self.url}&state=late_now"

    @property
    def spans(self) -> list[float | None]:
        """Return the median and ninth decile to the first attempt and to the first contact."""
        numbers = self.row.numbers
        return [numbers.attempt_median, numbers.attempt_p90, numbers.contact_median, numbers.contact_p90]


@require_GET
@member_view(permission="reports.view")
def speed(request: MemberRequest) -> HttpResponse:
    """Show how fast inquiries are answered, by rep or by another dimension."""
    asked, report = ask_speed(request)
    dimension, sees_team = report.dimension, request.viewer.may("team.view")
    lines = [link_row(row, asked, value=row.value) for row in report.rows]
    context = {
        **list_choices(asked, sees_owners=sees_team),
        "report": report,
        "lines": lines,
        "total": link_row(SpeedRow(value="", label="All inquiries", numbers=report.total), asked),
        "picture": draw_promises(lines),
        "finding": tell_promises(report) if lines else "",
        "columns": [Column(DIMENSIONS[dimension]), *(Column(label, align="end") for label in (*NUMBERS, *SPANS))],
        "dimensions": list_dimensions(asked, dimension, request.viewer),
        "sees_team": sees_team,
    }
    return render(request, "reporting/speed.html", context)


@require_GET
@member_view(permission="reports.view")
def speed_inquiries(request: MemberRequest) -> HttpResponse:
    """Show the inquiries behind a number of the report."""
    asked = read_behind(request)
    order = INQUIRY_SORTING.read(request.GET)
    found, extra = list_behind(asked, viewer=request.viewer, order=order), asked.extra
    sees_team = request.viewer.may("team.view")
    context = {
        "asked": asked,
        "sees_team": sees_team,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "columns": [column for column in INQUIRY_COLUMNS if sees_team or column.label != "Owner"],
        "sort": order,
        "title": SHOWN.get(extra.get("state", ""), "Inquiries with a promise"),
        "back_url": reverse("speed") + replace(asked, extra={"by": extra.get("by", "")}).to_query(),
    }
    return render(request, "reporting/speed_inquiries.html", context)


def read_behind(request: MemberRequest) -> Asked:
    """Read which number's inquiries are asked for."""
    extra = {name: request.GET[name] for name in ("by", "value", "state") if request.GET.get(name)}
    return hide_owners(read_request(request, extra=extra), request.viewer)


def ask_speed(request: MemberRequest) -> tuple[Asked, SpeedReport]:
    """Read the question and answer it, as far as the viewer may know."""
    dimension = read_dimension(request)
    asked = hide_owners(read_request(request, extra={"by": dimension}), request.viewer)
    report = report_speed(
        period=asked.period,
        now=asked.now,
        dimension=dimension,
        within=asked.within,
        only=find_only(request.viewer, dimension),
    )
    return asked, report


def read_dimension(request: MemberRequest) -> str:
    """Return the level that is asked for; by rep where the viewer has a row of it, else by intent."""
    asked = request.GET.get("by", "")
    usual = "intent" if request.viewer.member.role == Role.MARKETER else "owner"
    is_shown = asked in DIMENSIONS and (asked != "owner" or usual == "owner")
    return asked if is_shown else usual


def hide_owners(asked: Asked, viewer: Viewer) -> Asked:
    """Forget the owner asked for where the viewer may not see the team."""
    if viewer.may("team.view"):
        return asked
    return replace(asked, within=replace(asked.within, owner=None))


def find_only(viewer: Viewer, dimension: str) -> UUID | None:
    """Return whose row alone the viewer may see; None is everybody's."""
    if dimension != "owner" or viewer.may("team.view"):
        return None
    return viewer.member.pk


def list_behind(asked: Asked, *, viewer: Viewer, order: Order) -> QuerySet[Inquiry]:
    """Return the inquiries behind a number, in the order."""
    found = list_promised(period=asked.period, within=asked.within).select_related("person", "lead__owner")
    dimension, value, state = (asked.extra.get(name, "") for name in ("by", "value", "state"))
    if dimension in DIMENSIONS and value:
        only = find_only(viewer, dimension)
        found = narrow_to(found, dimension=dimension, value=str(only or value), zone=asked.period.zone)
    timed = found.annotate(took=F("first_attempt_at") - F("promised_from"))
    return order.apply(timed.filter(list_conditions(asked.now).get(state, Q())))


def link_row(row: SpeedRow, asked: Asked, *, value: str = "") -> LinkedRow:
    """Give a row the inquiries behind it; the total keeps the filters only."""
    return LinkedRow(row=row, url=reverse("speed_inquiries") + asked.to_query(value=value))


def list_dimensions(asked: Asked, current: str, viewer: Viewer) -> list[Tab]:
    """Return the ways to part the inquiries."""
    hidden = {"owner"} if viewer.member.role == Role.MARKETER else set[str]()
    return [
        Tab(f"By {label.lower()}", asked.to_query(by=name), name == current)
        for name, label in DIMENSIONS.items()
        if name not in hidden
    ]


def draw_promises(lines: list[LinkedRow]) -> dict[str, Any]:
    """Return one bar a row, parted by what became of the promises; each part opens its inquiries."""
    return {
        "leadhub": {"hues": ["green", "amber", "red", "blue"]},
        "legend": {"top": 0, "type": "scroll"},
        "grid": GRID,
        "tooltip": BAR_TOOLTIP,
        "xAxis": {"type": "category", "data": [line.row.label for line in lines]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": label,
                "type": "bar",
                "stack": "promises",
                "data": [
                    {"value": getattr(line.row.numbers, state), "url": f"{line.url}&state={state}"} for line in lines
                ],
            }
            for state, label in STATES.items()
        ],
    }
