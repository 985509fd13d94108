"""Change pools: who takes turns, when they work, what they promise. Called by the pools pages.

Every change is audited, and the leads that wait for somebody are tried again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from routing.availability import retry_held_leads
from routing.defaults import add_usual_terms
from routing.models import BusinessHours, Holiday, Pool, PoolMember, RoutingRule, RuleSetState, SlaPolicy

Hours = tuple[int, time, time]


class PoolInUse(DomainError):
    """Rules send leads to the pool, or it catches what no rule does."""


class HoursReversed(DomainError):
    """A stretch ends before it starts, or two overlap."""

    def __init__(self) -> None:
        super().__init__("Each stretch must end after it starts, and before the next one starts.", field="hours")


def create_pool(*, name: str, time_zone: str, works_always: bool, actor: Membership, now: datetime) -> Pool:
    """Create an empty pool with the usual hours and promises; members are added to it."""
    pool = Pool.objects.create(name=name, time_zone=time_zone, works_always=works_always, created_at=now)
    add_usual_terms(pool=pool)
    _note_change(pool, actor=actor, now=now, what="created")
    return pool


def change_pool(
    *, pool: Pool, name: str, time_zone: str, works_always: bool, is_active: bool, actor: Membership, now: datetime
) -> Pool:
    """Change a pool; one that live rules or the fallback need stays active. Raises `PoolInUse`."""
    if not is_active:
        _require_unused(pool)
    before = {field: getattr(pool, field) for field in ("name", "time_zone", "works_always", "is_active")}
    pool.name, pool.time_zone, pool.works_always, pool.is_active = name, time_zone, works_always, is_active
    pool.save(update_fields=[*before])
    _note_change(pool, actor=actor, now=now, what="changed", before=before)
    return pool


def make_fallback(*, pool: Pool, actor: Membership, now: datetime) -> Pool:
    """Let the pool catch the leads that no rule takes; exactly one does. Raises `PoolInUse` for an inactive one."""
    if not pool.is_active:
        raise PoolInUse("Switch the pool on first.", field="is_active")
    Pool.objects.filter(is_fallback=True).update(is_fallback=False)
    pool.is_fallback = True
    pool.save(update_fields=["is_fallback"])
    _note_change(pool, actor=actor, now=now, what="made the fallback")
    return pool


def set_pool_member(
    *, pool: Pool, member: Membership, weight: int, capacity: int | None, actor: Membership, now: datetime
) -> PoolMember:
    """Add a member to the pool's turns, or change their weight and capacity."""
    row, _ = PoolMember.objects.update_or_create(
        pool=pool, member=member, defaults={"weight": weight, "capacity": capacity}
    )
    after = {"weight": weight, "capacity": capacity}
    _note_change(pool, actor=actor, now=now, what=f"{member.name} takes turns", after=after)
    return row


def remove_pool_member(*, pool: Pool, member: Membership, actor: Membership, now: datetime) -> None:
    """Take a member out of the pool's turns; their leads stay theirs. The others start level."""
    PoolMember.objects.filter(pool=pool, member=member).delete()
    PoolMember.objects.filter(pool=pool).update(current_weight=0)
    _note_change(pool, actor=actor, now=now, what=f"{member.name} takes no more turns")


def set_hours(*, pool: Pool, hours: Sequence[Hours], actor: Membership, now: datetime) -> None:
    """Replace the pool's week by (weekday, opens, closes) stretches, local time. Raises `HoursReversed`."""
    ordered = sorted(hours)
    for index, (weekday, opens, closes) in enumerate(ordered):
        follows = ordered[index + 1] if index + 1 < len(ordered) else None
        if closes <= opens or (follows and follows[0] == weekday and follows[1] < closes):
            raise HoursReversed
    BusinessHours.objects.filter(pool=pool).delete()
    BusinessHours.objects.bulk_create(
        BusinessHours(pool=pool, weekday=weekday, opens_at=opens, closes_at=closes)
        for weekday, opens, closes in ordered
    )
    after = {"hours": [[weekday, f"{opens:%H:%M}", f"{closes:%H:%M}"] for weekday, opens, closes in ordered]}
    _note_change(pool, actor=actor, now=now, what="hours changed", after=after)


def add_holiday(*, pool: Pool, on: date, name: str, actor: Membership, now: datetime) -> Holiday:
    """Add a day on which the pool does not work; the same day again changes its name."""
    holiday, _ = Holiday.objects.update_or_create(pool=pool, on=on, defaults={"name": name})
    _note_change(pool, actor=actor, now=now, what=f"closed on {on:%d %b %Y}")
    return holiday


def remove_holiday(*, holiday: Holiday, actor: Membership, now: datetime) -> None:
    """Work on the day after all."""
    Holiday.objects.filter(pk=holiday.pk).delete()
    _note_change(holiday.pool, actor=actor, now=now, what=f"open on {holiday.on:%d %b %Y}")


def set_promises(*, pool: Pool, minutes: Mapping[str, int | None], actor: Membership, now: datetime) -> None:
    """Set the promised minutes by intent, None for the end of the next business day. Open deadlines stay."""
    for intent, promised in minutes.items():
        SlaPolicy.objects.update_or_create(
            pool=pool, intent=intent, defaults={"minutes": promised, "is_next_business_day": promised is None}
        )
    _note_change(pool, actor=actor, now=now, what="promises changed", after=dict(minutes))


def _require_unused(pool: Pool) -> None:
    if pool.is_fallback:
        raise PoolInUse(
            "This pool catches what no rule takes: make another pool the fallback first.", field="is_active"
        )
    rules = RoutingRule.objects.filter(pool=pool, rule_set__state=RuleSetState.PUBLISHED)
    names = list(rules.values_list("name", flat=True))
    if names:
        raise PoolInUse(f"These rules send leads here: {', '.join(names)}.", field="is_active")


def _note_change(
    pool: Pool,
    *,
    actor: Membership,
    now: datetime,
    what: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the change down; whoever waits for somebody may now find them."""
    record_change(
        actor=actor,
        action="pool.changed",
        target_kind="pool",
        target_id=pool.pk,
        summary=f"Pool {pool.name}: {what}",
        now=now,
        before=before,
        after=after,
    )
    retry_held_leads(now=now)
