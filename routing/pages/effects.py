"""What a pool's form would do, shown on its card before it is saved: "See the effect" posts `see` instead of `do`.

Whoever may save it may see it. Nothing is stored, and what was typed stays in the form. Called by the pool's page.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.shortcuts import get_object_or_404

from leadhub.accounts.access import MemberRequest
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import read_id
from leadhub.web.parts import Column
from routing.calendars import load_calendar
from routing.holidays import DayEffect, preview_closing, preview_opening
from routing.hours import Stretch
from routing.models import Holiday, Pool
from routing.pages.forms import HolidayForm, PoolForm, PoolMemberForm, PromiseForm
from routing.pages.week import read_week, show_typed_week
from routing.pool_settings import order_week
from routing.promise_preview import preview_promises
from routing.turn_preview import preview_turns

TURN_COLUMNS = [Column("Member"), Column("Leads", align="end"), Column("Most open at once", align="end")]
COUNTED = [
    Column("Promises", align="end"),
    Column("Kept", align="end"),
    Column("Broken", align="end"),
    Column("Still running", align="end"),
]


def show_effect(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    """Fill in what the posted form would do, or what is wrong at its fields."""
    seen = request.POST.get("see", "")
    if seen in EFFECTS:
        EFFECTS[seen](request, pool, forms)
        forms |= {
            "seen": seen,
            "intent_columns": [Column("Promise"), *COUNTED],
            "owner_columns": [Column("Owner"), *COUNTED],
            "turn_columns": TURN_COLUMNS,
        }


def _see_member(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    form = PoolMemberForm(request.POST)
    forms["typed"] = {request.POST.get("member", ""): form}
    if form.is_valid():
        forms["turns"] = form.cleaned_data
        forms["turn_effect"] = preview_turns(pool=pool, **form.cleaned_data, now=utc_now())


def _see_newcomer(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    _see_member(request, pool, forms)
    (forms["member_form"],), forms["typed"] = forms["typed"].values(), {}


def _see_promises(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    form = forms["promise_form"] = PromiseForm(request.POST)
    if form.is_valid():
        forms["as_though"] = "By these promises"
        forms["promise_effect"] = preview_promises(pool=pool, minutes=form.promises(), now=utc_now())


def _see_hours(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    forms["week"] = show_typed_week(request.POST)
    try:
        hours = order_week(read_week(request.POST))
    except DomainError as error:
        forms["week_error"] = error.message
        return
    if pool.works_always:
        return
    stretches = tuple(Stretch(weekday=day, opens_at=opens, closes_at=closes) for day, opens, closes in hours)
    calendar = replace(load_calendar(pool=pool), stretches=stretches)
    forms["as_though"] = "By these hours"
    forms["promise_effect"] = preview_promises(pool=pool, calendar=calendar, now=utc_now())


def _see_holiday(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    form, now = HolidayForm(request.POST), utc_now()
    forms["holiday_form"] = form
    if not form.is_valid():
        return
    effect = preview_closing(pool=pool, on=form.cleaned_data["on"], now=now)
    forms["as_though"] = f"Closed on {_name_days(effect)}"
    forms["promise_effect"] = effect.promises


def _see_dropped_holiday(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    holiday = get_object_or_404(Holiday, pool=pool, pk=read_id(request.POST.get("holiday")))
    effect = preview_opening(pool=pool, on=holiday.on, now=utc_now())
    forms["dropped"], forms["promise_effect"] = holiday, effect.promises
    forms["as_though"] = f"{'Open' if effect.is_past else 'Closed'} on {_name_days(effect)}"
    forms["was_open"] = not effect.is_past


def _name_days(effect: DayEffect) -> str:
    on = effect.on
    return f"{on:%d %b}" if effect.is_past else f"the last {len(effect.days)} {on:%A}s"


def _see_pool(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> None:
    form = forms["pool_form"] = PoolForm(request.POST, instance=Pool.objects.get(pk=pool.pk))
    if form.is_valid():
        hours = "round the clock" if form.instance.works_always else "by its hours"
        forms["as_though"] = f"Working {hours} in {form.instance.time_zone}"
        calendar = load_calendar(pool=form.instance)
        forms["promise_effect"] = preview_promises(pool=pool, calendar=calendar, now=utc_now())


EFFECTS: dict[str, Callable[[MemberRequest, Pool, dict[str, Any]], None]] = {
    "member": _see_member,
    "newcomer": _see_newcomer,
    "promises": _see_promises,
    "hours": _see_hours,
    "holiday": _see_holiday,
    "drop_holiday": _see_dropped_holiday,
    "pool": _see_pool,
}
