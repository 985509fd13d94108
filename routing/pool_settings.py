"""Change pools: who takes turns, when they work, what they promise. Called by the pools pages and the API.

Every change is audited, and the leads that wait for somebody are tried again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.versions import VersionState
from leadhub.lib.errors import DomainError
from routing.availability import retry_held_leads
from routing.defaults import add_usual_terms
from routing.models import BusinessHours, Holiday, Pool, PoolMember, RoutingRule, SlaPolicy

Hours = tuple[int, time, time]
HEAVIEST = 100
MOST_OPEN = 1_000_000
LONGEST_MINUTES = 90 * 24 * 60  # deadlines are found business day by business day
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
    _record(pool, "created", before=None, after=_describe(pool), actor=actor, now=now)
    return pool


def change_pool(
    *, pool: Pool, name: str, time_zone: str, works_always: bool, is_active: bool, actor: Membership, now: datetime
) -> Pool:
    """Change a pool; one that live rules or the fallback need stays active. Raises `PoolInUse`."""
    if not is_active:
        require_unused(pool)
    with _audited(pool, "changed", actor=actor, now=now):
        pool.name, pool.time_zone, pool.works_always, pool.is_active = name, time_zone, works_always, is_active
        pool.save(update_fields=["name", "time_zone", "works_always", "is_active"])
    return pool


def make_fallback(*, pool: Pool, actor: Membership, now: datetime) -> Pool:
    """Let the pool catch the leads that no rule takes; exactly one does. Raises `PoolInUse` for an inactive one."""
    if not pool.is_active:
        raise PoolInUse("Switch the pool on first.", field="is_active")
    with _audited(pool, "catches what no rule takes", actor=actor, now=now):
        Pool.objects.filter(is_fallback=True).update(is_fallback=False)
        pool.is_fallback = True
        pool.save(update_fields=["is_fallback"])
    return pool


def set_pool_member(
    *, pool: Pool, member: Membership, weight: int, capacity: int | None, actor: Membership, now: datetime
) -> PoolMember:
    """Add a member to the pool's turns, or change their weight and capacity."""
    with _audited(pool, f"{member.name} takes turns", actor=actor, now=now):
        row, _ = PoolMember.objects.update_or_create(
            pool=pool, member=member, defaults={"weight": weight, "capacity": capacity}
        )
    return row


def remove_pool_member(*, pool: Pool, member: Membership, actor: Membership, now: datetime) -> None:
    """Take a member out of the pool's turns; their leads stay theirs. The others start level."""
    with _audited(pool, f"{member.name} takes no more turns", actor=actor, now=now):
        PoolMember.objects.filter(pool=pool, member=member).delete()
        PoolMember.objects.filter(pool=pool).update(current_weight=0)


def set_hours(*, pool: Pool, hours: Sequence[Hours], actor: Membership, now: datetime) -> None:
    """Replace the pool's week by (weekday, opens, closes) stretches, local time. Raises `HoursReversed`."""
    ordered = order_week(hours)
    with _audited(pool, "hours changed", actor=actor, now=now):
        BusinessHours.objects.filter(pool=pool).delete()
        BusinessHours.objects.bulk_create(
            BusinessHours(pool=pool, weekday=weekday, opens_at=opens, closes_at=closes)
            for weekday, opens, closes in ordered
        )


def order_week(hours: Sequence[Hours]) -> list[Hours]:
    """Return the stretches in the week's order. Raises `HoursReversed` where one ends early or two overlap."""
    ordered = sorted(hours)
    for index, (weekday, opens, closes) in enumerate(ordered):
        follows = ordered[index + 1] if index + 1 < len(ordered) else None
        if closes <= opens or (follows and follows[0] == weekday and follows[1] < closes):
            raise HoursReversed
    return ordered


def add_holiday(*, pool: Pool, on: date, name: str, actor: Membership, now: datetime) -> Holiday:
    """Add a day on which the pool does not work; the same day again changes its name."""
    with _audited(pool, f"closed on {on:%d %b %Y}", actor=actor, now=now):
        holiday, _ = Holiday.objects.update_or_create(pool=pool, on=on, defaults={"name": name})
    return holiday


def remove_holiday(*, holiday: Holiday, actor: Membership, now: datetime) -> None:
    """Work on the day after all."""
    with _audited(holiday.pool, f"open on {holiday.on:%d %b %Y}", actor=actor, now=now):
        Holiday.objects.filter(pk=holiday.pk).delete()


def set_promises(*, pool: Pool, minutes: Mapping[str, int | None], actor: Membership, now: datetime) -> None:
    """Set the promised minutes by intent, None for the end of the next business day. Open deadlines stay."""
    with _audited(pool, "promises changed", actor=actor, now=now):
        for intent, promised in minutes.items():
            SlaPolicy.objects.update_or_create(
                pool=pool, intent=intent, defaults={"minutes": promised, "is_next_business_day": promised is None}
            )


def require_unused(pool: Pool) -> None:
    """Raise `PoolInUse` for the fallback, and for a pool to which live rules send leads."""
    if pool.is_fallback:
        raise PoolInUse(
            "This pool catches what no rule takes: make another pool the fallback first.", field="is_active"
        )
    rules = RoutingRule.objects.filter(pool=pool, rule_set__state=VersionState.PUBLISHED)
    names = list(rules.values_list("name", flat=True))
    if names:
        raise PoolInUse(f"These rules send leads here: {', '.join(names)}.", field="is_active")


@contextmanager
def _audited(pool: Pool, what: str, *, actor: Membership, now: datetime) -> Iterator[None]:
    """Write down what the block changes; nothing changed writes nothing."""
    before = _describe(pool)
    yield
    after = _describe(pool)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        parts = ({name: values[name] for name in changed} for values in (before, after))
        _record(pool, what, before=next(parts), after=next(parts), actor=actor, now=now)


def _record(
    pool: Pool,
    what: str,
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    actor: Membership,
    now: datetime,
) -> None:
    """Write the audit row; whoever waits for somebody may now find them."""
    record_change(
        actor=actor,
        action="pool.changed" if before else "pool.created",
        target_kind="pool",
        target_id=pool.pk,
        summary=f"Pool {pool.name}: {what}",
        now=now,
        before=before,
        after=after,
    )
    retry_held_leads(now=now)


def _describe(pool: Pool) -> dict[str, Any]:
    """Return all of a pool's settings as JSON, by the names that people know."""
    fields = Pool.objects.values("name", "time_zone", "works_always", "is_active", "is_fallback").get(pk=pool.pk)
    members = PoolMember.objects.filter(pool=pool).select_related("member").order_by("member__name")
    return {
        **fields,
        "turns": {row.member.name: {"weight": row.weight, "capacity": row.capacity} for row in members},
        "hours": _describe_week(pool),
        "holidays": {f"{row.on:%Y-%m-%d}": row.name or "closed" for row in Holiday.objects.filter(pool=pool)},
        "promised_minutes": {
            row.intent: row.minutes or "next business day" for row in SlaPolicy.objects.filter(pool=pool)
        },
    }


def _describe_week(pool: Pool) -> dict[str, str]:
    week: dict[str, str] = {}
    for row in BusinessHours.objects.filter(pool=pool).order_by("weekday", "opens_at"):
        day, stretch = WEEKDAYS[row.weekday], f"{row.opens_at:%H:%M}–{row.closes_at:%H:%M}"
        week[day] = f"{week[day]}, {stretch}" if day in week else stretch
    return week
