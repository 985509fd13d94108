"""What other promises or other hours would have meant: the last 30 days' promises of a pool, in one statement.

Counts what the report of speed counts, as it counts it: inquiries with a deadline by when sales was asked, each its
lead's owner's of today. First attempts stay where they were: nobody knows who would have hurried, or dawdled. Called by
the pools pages and the API before they save.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import connection

from leadhub.accounts.models import Membership
from leadhub.leads.models import Intent, Verdict
from leadhub.tenancy.scope import get_organization_id
from routing.calendars import load_calendar
from routing.clocks import promised_minutes
from routing.hours import BusinessCalendar
from routing.models import Pool
from routing.rule_preview import REPLAY
from routing.timetable import Timetable, draw_timetable

_ONE_WEEK = timedelta(days=7)
# The clock's pool is that of the sales assignment in force when sales was asked, else the fallback (`find_clock_pool`).
_COUNT = """
WITH asked AS (
    SELECT l.owner_id, i.intent, i.due_at, i.first_attempt_at AS attempt_at,
        coalesce(i.handed_over_at, i.arrived_at) AS since
    FROM inquiry i JOIN lead l ON l.organization_id = i.organization_id AND l.id = i.lead_id
    WHERE i.organization_id = %(organization)s AND i.duplicate_of_id IS NULL AND i.due_at IS NOT NULL
        AND (i.handed_over_at IS NULL AND i.arrived_at >= %(since)s OR i.handed_over_at >= %(since)s)
        AND NOT l.is_test AND l.verdict <> %(not_a_lead)s
        AND coalesce((
            SELECT a.pool_id FROM assignment a
            WHERE a.organization_id = i.organization_id AND a.lead_id = i.lead_id AND a.is_sales
                AND (a.ended_at IS NULL OR a.ended_at > coalesce(i.handed_over_at, i.arrived_at))
            ORDER BY a.assigned_at LIMIT 1
        ), %(fallback)s) = %(pool)s
), placed AS (
    SELECT asked.*, promise.span, width_bucket(since, %(closes)s::timestamptz[]) + 1 AS at,
        (%(ends)s::timestamptz[])[width_bucket(since, %(midnights)s::timestamptz[])] AS next_day_end,
        (%(live_opens)s::timestamptz[])[width_bucket(since, %(live_closes)s::timestamptz[]) + 1] AS live_opens_at
    FROM asked JOIN unnest(%(intents)s::text[], %(spans)s::bigint[]) AS promise (intent, span) USING (intent)
), aimed AS (
    SELECT placed.*, (%(opens)s::timestamptz[])[at] AS opens_at, span + (%(before)s::bigint[])[at]
        + (extract(epoch FROM greatest(since - (%(opens)s::timestamptz[])[at], '0')) * 1000000)::bigint AS target
    FROM placed
), found AS (
    SELECT aimed.*, width_bucket(target - 1, %(after)s::bigint[]) + 1 AS due_in FROM aimed
), promised AS (
    SELECT found.*, CASE WHEN span IS NULL THEN next_day_end ELSE coalesce(
        (%(opens)s::timestamptz[])[due_in] + (target - (%(before)s::bigint[])[due_in]) * interval '1 microsecond',
        'infinity'
    ) END AS would_be_due_at FROM found
)
SELECT owner_id, intent, count(*),
    count(*) FILTER (WHERE attempt_at <= due_at),
    count(*) FILTER (WHERE attempt_at <= would_be_due_at),
    count(*) FILTER (WHERE attempt_at > due_at OR attempt_at IS NULL AND due_at < %(now)s),
    count(*) FILTER (WHERE attempt_at > would_be_due_at OR attempt_at IS NULL AND would_be_due_at < %(now)s),
    count(*) FILTER (WHERE live_opens_at IS NULL OR live_opens_at > since),
    count(*) FILTER (WHERE opens_at IS NULL OR opens_at > since)
FROM promised GROUP BY owner_id, intent
"""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A number as it is, and as it would have been."""

    live: int = 0
    draft: int = 0

    @property
    def is_changed(self) -> bool:
        """Say whether the change would have made a difference."""
        return self.live != self.draft

    def swapped(self) -> "Compared":
        """Return what would have been as what was, and the other way round."""
        return Compared(live=self.draft, draft=self.live)

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(live=self.live + other.live, draft=self.draft + other.draft)


@dataclass(frozen=True, kw_only=True)
class Promises:
    """How promises went: each is kept, broken, or runs still; `outside` were asked while the pool was closed."""

    asked: int = 0
    kept: Compared = Compared()
    broken: Compared = Compared()
    outside: Compared = Compared()

    @property
    def running(self) -> Compared:
        """Return how many wait and have time left."""
        return Compared(
            live=self.asked - self.kept.live - self.broken.live, draft=self.asked - self.kept.draft - self.broken.draft
        )

    def swapped(self) -> "Promises":
        """Return them from what would have been to what was."""
        return replace(self, kept=self.kept.swapped(), broken=self.broken.swapped(), outside=self.outside.swapped())

    def __add__(self, other: Self) -> "Promises":
        return Promises(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


@dataclass(frozen=True, kw_only=True)
class PromiseEffect:
    """The promises of the last 30 days as they went, and as they would have gone: in all, by intent, and whose."""

    total: Promises
    by_intent: list[tuple[Intent, Promises]]
    by_owner: list[tuple[Membership, Promises]]

    def swapped(self) -> "PromiseEffect":
        """Return the effect of taking back what was tried."""
        return PromiseEffect(
            total=self.total.swapped(),
            by_intent=[(intent, part.swapped()) for intent, part in self.by_intent],
            by_owner=[(owner, part.swapped()) for owner, part in self.by_owner],
        )


def preview_promises(
    *,
    pool: Pool,
    now: datetime,
    calendar: BusinessCalendar | None = None,
    minutes: Mapping[str, int | None] | None = None,
) -> PromiseEffect:
    """Count the pool's promises of the last 30 days by another calendar, or other minutes (None: the next day)."""
    live = load_calendar(pool=pool)
    if minutes is None:
        minutes = {intent: promised_minutes(pool=pool, intent=intent) for intent in Intent.values}
    tables = (draw_timetable(each, since=now - REPLAY, now=now) for each in (calendar or live, live))
    rows = _count(_bind(*tables, pool=pool, minutes=minutes, now=now))
    owners = Membership.objects.filter(pk__in={owner_id for owner_id, _, _ in rows}).select_related("user")
    by_owner = [(owner, _sum(part for whose, _, part in rows if whose == owner.pk)) for owner in owners]
    by_intent = [(intent, _sum(part for _, asked, part in rows if asked == intent)) for intent in Intent]
    return PromiseEffect(
        total=_sum(part for _, _, part in rows),
        by_intent=[(intent, part) for intent, part in by_intent if part.asked],
        by_owner=sorted(by_owner, key=lambda row: (-row[1].asked, row[0].name)),
    )


def list_days_like(on: date, *, today: date) -> list[date]:
    """Return the day itself where it lies in the last 30 days, else the days of those that fell on its weekday."""
    if today - REPLAY <= on <= today:
        return [on]
    latest = today - timedelta(days=(today.weekday() - on.weekday()) % 7)
    days = [latest - _ONE_WEEK * index for index in range(5)]
    return [day for day in days if day >= today - REPLAY]


def _bind(
    draft: Timetable, live: Timetable, *, pool: Pool, minutes: Mapping[str, int | None], now: datetime
) -> dict[str, Any]:
    return {
        "organization": get_organization_id(),
        "pool": pool.pk,
        "fallback": Pool.objects.filter(is_fallback=True).values_list("pk", flat=True).first(),
        "not_a_lead": Verdict.NOT_A_LEAD,
        "since": now - REPLAY,
        "now": now,
        "intents": list(minutes),
        "spans": [None if each is None else each * 60 * 1_000_000 for each in minutes.values()],
        "opens": draft.opens,
        "closes": draft.closes,
        "before": draft.before,
        "after": draft.after,
        "midnights": draft.midnights,
        "ends": draft.next_day_ends,
        "live_opens": live.opens,
        "live_closes": live.closes,
    }


def _count(values: dict[str, Any]) -> list[tuple[UUID, str, Promises]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return [(owner_id, intent, _read(asked, *parts)) for owner_id, intent, asked, *parts in cursor.fetchall()]


def _read(asked: int, *parts: int) -> Promises:
    kept, broken, outside = (
        Compared(live=live, draft=draft) for live, draft in zip(parts[::2], parts[1::2], strict=True)
    )
    return Promises(asked=asked, kept=kept, broken=broken, outside=outside)


def _sum(parts: Iterable[Promises]) -> Promises:
    return sum(parts, Promises())
