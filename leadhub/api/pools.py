"""`pools/`: read and change who takes turns, when they work and what they promise, by what the pools pages call."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import Membership
from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.lead_resources import find_member
from leadhub.api.pool_effects import (
    TIMED,
    answer_effect,
    list_reaching_effects,
    read_terms,
)
from leadhub.api.pool_shapes import HolidayInput, PoolEffectShape, PoolInput, PoolShape, TurnInput
from leadhub.api.trying import DRY_RUN, either, undone
from leadhub.lib.clock import utc_now
from routing.holidays import preview_closing, preview_opening
from routing.impact import list_leaver_effects
from routing.models import BusinessHours, Holiday, Pool, PoolMember
from routing.pool_settings import (
    PoolInUse,
    add_holiday,
    change_pool,
    create_pool,
    make_fallback,
    remove_holiday,
    remove_pool_member,
    set_hours,
    set_pool_member,
    set_promises,
)
from routing.promise_preview import preview_promises
from routing.turn_preview import preview_turns

VIEW, EDIT = ("settings:read", "routing.view"), ("settings:write", "routing.edit")
ANSWERS = either("PoolOrEffect", PoolShape, PoolEffectShape)
_SETTINGS = ("name", "time_zone", "works_always", "is_active")


class Pools(ScopedView):
    """The pools."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "POST": EDIT}

    @extend_schema(operation_id="pools_list", summary="List pools", responses=PoolShape(many=True))
    def get(self, request: Request) -> Response:
        """List all pools by name."""
        return Response(PoolShape(list_pools().order_by("name"), many=True).data)

    @extend_schema(
        operation_id="pools_create",
        summary="Create a pool",
        request=PoolInput,
        responses={HTTPStatus.CREATED: PoolShape},
    )
    def post(self, request: Request) -> Response:
        """Create a pool with the usual hours and promises, or those given; then put members into its turns."""
        values, actor, now = read_input(PoolInput, request), self.viewer.member, utc_now()
        pool = create_pool(
            name=values["name"],
            time_zone=values.get("time_zone", self.viewer.organization.time_zone),
            works_always=values.get("works_always", False),
            actor=actor,
            now=now,
        )
        apply_changes(pool, values, actor=actor, now=now)
        return answer_pool(pool.pk, status=HTTPStatus.CREATED)


class PoolDetail(ScopedView):
    """One pool."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "PATCH": EDIT}
    dry_runs = frozenset({"PATCH"})

    @extend_schema(operation_id="pools_retrieve", summary="Read a pool", responses=PoolShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read who takes turns, when they work, what they promise."""
        return answer_pool(pk)

    @extend_schema(
        operation_id="pools_patch", summary="Change a pool", parameters=[DRY_RUN], request=PoolInput, responses=ANSWERS
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given; `is_active: false` retires the pool, `is_fallback: true` makes it the fallback."""
        pool = lock_pool(pk)
        values, actor, now = read_input(PoolInput, request, partial=True), self.viewer.member, utc_now()
        if self.is_dry_run:
            return try_changes(pool, values, actor=actor, now=now)
        apply_changes(pool, values, actor=actor, now=now)
        return answer_pool(pk)


class PoolTurn(ScopedView):
    """A member's part of a pool's turns."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"PUT": EDIT, "DELETE": EDIT}
    dry_runs = frozenset({"PUT", "DELETE"})

    @extend_schema(
        operation_id="pools_members_put",
        summary="Put into the turns",
        parameters=[DRY_RUN],
        request=TurnInput,
        responses=ANSWERS,
    )
    def put(self, request: Request, pk: UUID, member: UUID) -> Response:
        """Add the member (`weight` 1, no limit), or change what is given of their part."""
        pool, now = lock_pool(pk), utc_now()
        row = PoolMember.objects.filter(pool=pool, member_id=member).first()
        colleague = find_member(member)
        given = read_input(TurnInput, request)
        former = {"weight": row.weight, "capacity": row.capacity} if row else {"weight": 1, "capacity": None}
        part: dict[str, Any] = {**former, **given}
        if self.is_dry_run:
            return answer_effect(turns=preview_turns(pool=pool, member=colleague, **part, now=now))
        set_pool_member(pool=pool, member=colleague, **part, actor=self.viewer.member, now=now)
        return answer_pool(pk)

    @extend_schema(
        operation_id="pools_members_delete",
        summary="Take out of the turns",
        parameters=[DRY_RUN],
        request=None,
        responses=ANSWERS,
    )
    def delete(self, request: Request, pk: UUID, member: UUID) -> Response:
        """Take the member out; their leads stay theirs."""
        pool, now = lock_pool(pk), utc_now()
        row = PoolMember.objects.select_related("member").get(pool=pool, member_id=member)
        if self.is_dry_run:
            turns = preview_turns(pool=pool, member=row.member, weight=0, capacity=None, now=now)
            return answer_effect(list_leaver_effects(pool, row.member, now=now), turns=turns)
        remove_pool_member(pool=pool, member=row.member, actor=self.viewer.member, now=now)
        return answer_pool(pk)


class PoolHoliday(ScopedView):
    """A day on which a pool does not work."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"PUT": EDIT, "DELETE": EDIT}
    dry_runs = frozenset({"PUT", "DELETE"})

    @extend_schema(
        operation_id="pools_holidays_put",
        summary="Close on a day",
        parameters=[DRY_RUN],
        request=HolidayInput,
        responses=ANSWERS,
    )
    def put(self, request: Request, pk: UUID, on: str) -> Response:
        """Close on the day (`2026-12-25`), or change its name."""
        pool, now = lock_pool(pk), utc_now()
        day = read_day(on)
        given = read_input(HolidayInput, request)
        if self.is_dry_run:
            return answer_effect(promises=preview_closing(pool=pool, on=day, now=now).promises)
        add_holiday(pool=pool, on=day, name=given["name"], actor=self.viewer.member, now=now)
        return answer_pool(pk)

    @extend_schema(
        operation_id="pools_holidays_delete",
        summary="Work on a day",
        parameters=[DRY_RUN],
        request=None,
        responses=ANSWERS,
    )
    def delete(self, request: Request, pk: UUID, on: str) -> Response:
        """Work on the day after all."""
        pool, now = lock_pool(pk), utc_now()
        holiday = Holiday.objects.select_related("pool").get(pool=pool, on=read_day(on))
        if self.is_dry_run:
            return answer_effect(promises=preview_opening(pool=pool, on=holiday.on, now=now).promises)
        remove_holiday(holiday=holiday, actor=self.viewer.member, now=now)
        return answer_pool(pk)


def apply_changes(pool: Pool, values: Mapping[str, Any], *, actor: Membership, now: datetime) -> None:
    """Change what is given. Raises `PoolInUse`, `HoursReversed`."""
    if pool.is_fallback and values.get("is_fallback") is False:
        raise PoolInUse("Make another pool the fallback: leads that no rule takes need one.", field="is_fallback")
    former = {name: getattr(pool, name) for name in _SETTINGS}
    wanted = {name: values.get(name, value) for name, value in former.items()}
    if wanted != former:
        change_pool(pool=pool, **wanted, actor=actor, now=now)
    if values.get("is_fallback"):
        make_fallback(pool=pool, actor=actor, now=now)
    if "hours" in values:
        week = [(part["weekday"], part["opens_at"], part["closes_at"]) for part in values["hours"]]
        set_hours(pool=pool, hours=week, actor=actor, now=now)
    if values.get("promises"):
        set_promises(pool=pool, minutes=values["promises"], actor=actor, now=now)


def try_changes(pool: Pool, values: Mapping[str, Any], *, actor: Membership, now: datetime) -> Response:
    """Make the changes, read what they would mean, and take them back."""
    effects = list_reaching_effects(pool, values, now=now)
    with undone():
        apply_changes(pool, values, actor=actor, now=now)
        terms = read_terms(pool)
    return answer_effect(
        effects, promises=preview_promises(pool=pool, now=now, **terms) if TIMED & set(values) else None
    )


def list_pools() -> QuerySet[Pool]:
    """Return the pools, ready to be shown."""
    members = PoolMember.objects.select_related("member").order_by("member__name")
    return Pool.objects.prefetch_related(
        Prefetch("pool_members", members),
        Prefetch("hours", BusinessHours.objects.order_by("weekday", "opens_at")),
        Prefetch("holidays", Holiday.objects.order_by("on")),
        "sla_policies",
    )


def answer_pool(pk: UUID, *, status: int = HTTPStatus.OK) -> Response:
    """Answer with the pool as it is now."""
    return Response(PoolShape(list_pools().get(pk=pk)).data, status=status)


def lock_pool(pk: UUID) -> Pool:
    """Return the pool, locked, so that of two changes the second builds on the first."""
    pool: Pool = Pool.objects.select_for_update(no_key=True).get(pk=pk)
    return pool


def read_day(text: str) -> date:
    """Return the day that a URL names."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
