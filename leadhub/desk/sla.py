"""The promise on a lead as the ring draws it: started, due, met, or asleep until the pool opens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.leads.models import Inquiry
from routing.calendars import load_calendar
from routing.hours import next_opening
from routing.models import Pool


@dataclass(frozen=True)
class Promise:
    """The clock of one inquiry: when it started, when it is due, when it was met, when the pool opens."""

    due_at: datetime | None
    started_at: datetime
    met_at: datetime | None
    opens_at: datetime | None = None


def read_promise(*, inquiries: Sequence[Inquiry], pool: Pool | None, now: datetime) -> Promise | None:
    """Return the clock that matters: the first that waits, else the latest that was promised."""
    promised = [each for each in inquiries if each.due_at is not None and each.duplicate_of_id is None]
    waiting = [each for each in promised if each.first_attempt_at is None]
    if waiting:
        inquiry = min(waiting, key=lambda each: each.asked_at)
    elif promised:
        inquiry = max(promised, key=lambda each: each.asked_at)
    else:
        return None
    is_running = bool(waiting) and inquiry.due_at is not None and inquiry.due_at > now
    opens_at = find_openings(pool_ids=[pool.pk], now=now).get(pool.pk) if pool and is_running else None
    return Promise(inquiry.due_at, inquiry.asked_at, inquiry.first_attempt_at, opens_at)


def find_openings(*, pool_ids: Collection[UUID], now: datetime) -> dict[UUID, datetime]:
    """Return when each pool that is closed now opens next; pools that work now are left out."""
    if not pool_ids:
        return {}
    pools = Pool.objects.filter(pk__in=pool_ids, works_always=False)
    openings = {pool.pk: next_opening(load_calendar(pool=pool), now) for pool in pools}
    return {pool_id: opens_at for pool_id, opens_at in openings.items() if opens_at > now}
