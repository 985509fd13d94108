"""Whether the reps have room for what a rule change would send them. The thresholds page asks, as a fragment."""

import math
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from routing.models import PoolMember
from routing.queries import MemberLoad, list_member_loads


@dataclass(frozen=True, kw_only=True)
class Room:
    """Who takes turns, and how many more open leads they can have; None where somebody has no limit."""

    loads: list[MemberLoad]
    free: int | None

    def last_weeks(self, weekly: float) -> float | None:
        """Return how many weeks of so many leads fill it; None where nothing fills it."""
        return self.free / weekly if self.free is not None and weekly > 0 else None


def measure_room() -> Room:
    """Return the room of those who take turns in an active pool and are here."""
    takers = set(PoolMember.objects.filter(pool__is_active=True, weight__gt=0).values_list("member", flat=True))
    loads = [load for load in list_member_loads(now=utc_now()) if load.member.pk in takers and not load.is_away]
    limits = [load.capacity for load in loads]
    free = [max(0, load.capacity - load.open) for load in loads if load.capacity is not None]
    return Room(loads=loads, free=None if None in limits else sum(free))


@require_GET
@member_view(permission="scoring.view")
def room(request: MemberRequest) -> HttpResponse:
    """Show who has room for `weekly` leads more a week."""
    weekly, found = _read_number(request.GET.get("weekly", "")), measure_room()
    context = {"room": found, "weekly": weekly, "weeks": found.last_weeks(weekly)}
    template = "desk/room/_room.html" if request.htmx else "desk/room/page.html"
    return render(request, template, context)


def _read_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0
