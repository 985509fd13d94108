"""The pools pages: who takes turns, hours, holidays, promises; and a member's absence."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Intent
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import read_id
from leadhub.tenancy.forms import field_error
from leadhub.web.confirmation import Effect, ask_first, is_confirmed
from leadhub.web.parts import Column
from routing.availability import is_away
from routing.calendars import load_calendar
from routing.hours import is_open
from routing.impact import list_catcher_effects, list_leaver_effects, list_pool_effects
from routing.models import Holiday, Pool, PoolMember
from routing.pages.effects import show_effect
from routing.pages.forms import HolidayForm, PoolForm, PoolMemberForm, PromiseForm
from routing.pages.rules import list_tabs
from routing.pages.week import read_week, show_typed_week, show_week
from routing.pool_settings import (
    add_holiday,
    change_pool,
    create_pool,
    make_fallback,
    remove_holiday,
    remove_pool_member,
    require_unused,
    set_hours,
    set_pool_member,
    set_promises,
)
from routing.pools import count_open_leads

MEMBER_COLUMNS = [Column("Member"), Column("Open leads", align="end"), Column("Turns", align="end")]
# Who may edit has the weight in its field.
EDITED, READ = Column("", align="end"), Column("Weight", align="end")


@require_GET
@member_view(permission="routing.view")
def pool_list(request: MemberRequest) -> HttpResponse:
    """List the pools with who is in them and whether they work now."""
    now = utc_now()
    pools = [
        {"pool": pool, "is_open": is_open(load_calendar(pool=pool), now), "members": _members(pool)}
        for pool in Pool.objects.order_by("-is_active", "-is_fallback", "name")
    ]
    context = {"pools": pools, "tabs": list_tabs("pools"), "may_edit": request.viewer.may("routing.edit")}
    return render(request, "routing/pools.html", context)


@require_http_methods(["GET", "POST"])
@member_view(permission="routing.edit")
def pool_new(request: MemberRequest) -> HttpResponse:
    """Create a pool."""
    form = PoolForm(request.POST or None)
    form.fields.pop("is_active")
    if request.method == "POST" and form.is_valid():
        pool = create_pool(**form.cleaned_data, actor=request.viewer.member, now=utc_now())
        messages.success(request, f"{pool.name} exists. Add who takes turns.")
        return redirect("pool_detail", pk=pool.pk)
    return render(request, "routing/pool_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@member_view(permission="routing.view", post="routing.edit")
def pool_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show a pool; each card of it posts what it changes as `do`, or as `see` what would change."""
    pool = get_object_or_404(Pool, pk=pk)
    forms = _unbound_forms(pool)
    if request.method == "POST":
        do = request.POST.get("do", "")
        show_effect(request, pool, forms)
        if do in REACHING and not is_confirmed(request) and (question := REACHING[do](request, pool)):
            return question
        if do in ACTIONS and ACTIONS[do](request, pool, forms):
            return redirect("pool_detail", pk=pool.pk)
    now, may_edit = utc_now(), request.viewer.may("routing.edit")
    context = {
        "pool": pool,
        "may_edit": may_edit,
        "members": _members(pool),
        "member_columns": [*MEMBER_COLUMNS, EDITED if may_edit else READ],
        "holidays": pool.holidays.filter(on__gte=now.date()).order_by("on"),
        "promises": pool.sla_policies.all(),
        "is_open": is_open(load_calendar(pool=pool), now),
        **forms,
    }
    return render(request, "routing/pool.html", context)


def _ask_to_switch_off(request: MemberRequest, pool: Pool) -> HttpResponse | None:
    if not pool.is_active or "is_active" in request.POST:
        return None
    try:
        require_unused(pool)
    except DomainError:
        return None  # refused anyway: the form says why
    return _ask(request, pool, f"Switch {pool.name} off?", list_pool_effects(pool))


def _ask_to_drop(request: MemberRequest, pool: Pool) -> HttpResponse | None:
    row = _find_row(request, pool)
    effects = list_leaver_effects(pool, row.member, now=utc_now())
    return _ask(request, pool, f"Take {row.member.name} out of the turns?", effects)


def _ask_to_catch(request: MemberRequest, pool: Pool) -> HttpResponse | None:
    if pool.is_fallback or not pool.is_active:
        return None  # it does, or is refused anyway
    effects = list_catcher_effects(pool, now=utc_now())
    return _ask(request, pool, f"Let {pool.name} catch what no rule takes?", effects)


def _ask(request: MemberRequest, pool: Pool, title: str, effects: list[Effect]) -> HttpResponse:
    back = reverse("pool_detail", args=[pool.pk])
    return ask_first(request, title=title, effects=effects, confirm_label="Go ahead", back_url=back)


def _find_row(request: MemberRequest, pool: Pool) -> PoolMember:
    row: PoolMember = get_object_or_404(
        PoolMember.objects.select_related("member"), pool=pool, member_id=read_id(request.POST.get("member"))
    )
    return row


def _members(pool: Pool) -> list[dict[str, Any]]:
    rows = list(PoolMember.objects.filter(pool=pool).select_related("member").order_by("member__name"))
    loads = count_open_leads(members=[row.member_id for row in rows])
    now = utc_now()
    return [{"row": row, "load": loads.get(row.member_id, 0), "is_away": is_away(row.member, now)} for row in rows]


def _unbound_forms(pool: Pool) -> dict[str, Any]:
    promised = {policy.intent: policy.minutes for policy in pool.sla_policies.all()}
    return {
        "pool_form": PoolForm(instance=Pool.objects.get(pk=pool.pk)),
        "member_form": PoolMemberForm(),
        "holiday_form": HolidayForm(),
        "promise_form": PromiseForm(initial={intent: promised.get(intent) for intent in Intent.values}),
        "week": show_week(pool),
        "week_error": "",
        "typed": {},
    }


def _save_pool(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    form = forms["pool_form"] = PoolForm(request.POST, instance=Pool.objects.get(pk=pool.pk))
    return _apply(request, form, lambda: change_pool(pool=pool, **form.cleaned_data, **_who(request)))


def _save_fallback(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    return _apply(request, forms["pool_form"], lambda: make_fallback(pool=pool, **_who(request)), is_bound=False)


def _save_member(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    form = forms["member_form"] = PoolMemberForm(request.POST)
    return _apply(request, form, lambda: set_pool_member(pool=pool, **form.cleaned_data, **_who(request)))


def _drop_member(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    row = _find_row(request, pool)
    call = remove_pool_member
    return _apply(
        request, forms["member_form"], lambda: call(pool=pool, member=row.member, **_who(request)), is_bound=False
    )


def _save_holiday(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    form = forms["holiday_form"] = HolidayForm(request.POST)
    return _apply(request, form, lambda: add_holiday(pool=pool, **form.cleaned_data, **_who(request)))


def _drop_holiday(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    holiday = get_object_or_404(
        Holiday.objects.select_related("pool"), pool=pool, pk=read_id(request.POST.get("holiday"))
    )
    return _apply(
        request, forms["holiday_form"], lambda: remove_holiday(holiday=holiday, **_who(request)), is_bound=False
    )


def _save_promises(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    form = forms["promise_form"] = PromiseForm(request.POST)
    return _apply(request, form, lambda: set_promises(pool=pool, minutes=form.promises(), **_who(request)))


def _save_week(request: MemberRequest, pool: Pool, forms: dict[str, Any]) -> bool:
    try:
        set_hours(pool=pool, hours=read_week(request.POST), **_who(request))
    except DomainError as error:
        forms |= {"week": show_typed_week(request.POST), "week_error": error.message}
        return False
    messages.success(request, "The hours are saved.")
    return True


def _who(request: MemberRequest) -> dict[str, Any]:
    return {"actor": request.viewer.member, "now": utc_now()}


def _apply(request: MemberRequest, form: Any, call: Callable[[], Any], *, is_bound: bool = True) -> bool:
    """Make the call when the form is valid; what is wrong is shown at its field."""
    if is_bound and not form.is_valid():
        return False
    try:
        with transaction.atomic():
            call()
    except DomainError as error:
        if is_bound:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.error(request, error.message)
        return not is_bound
    except IntegrityError as error:
        found = field_error(error)
        if found is None:
            raise
        form.add_error(*found)
        return False
    messages.success(request, "Saved.")
    return True


# What asks before it is done: it takes something away, or reaches past this pool.
REACHING: dict[str, Callable[[MemberRequest, Pool], HttpResponse | None]] = {
    "pool": _ask_to_switch_off,
    "fallback": _ask_to_catch,
    "drop_member": _ask_to_drop,
}
ACTIONS: dict[str, Callable[[MemberRequest, Pool, dict[str, Any]], bool]] = {
    "pool": _save_pool,
    "fallback": _save_fallback,
    "member": _save_member,
    "drop_member": _drop_member,
    "hours": _save_week,
    "holiday": _save_holiday,
    "drop_holiday": _drop_holiday,
    "promises": _save_promises,
}
