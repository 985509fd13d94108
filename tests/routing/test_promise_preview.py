"""Other promises and hours over the last 30 days: PostgreSQL's tables agree with the clock's own arithmetic."""

from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Intent
from routing.calendars import load_calendar
from routing.clocks import promise_due_at
from routing.hours import BusinessCalendar, Stretch, is_open
from routing.models import Assignment, Pool
from routing.promise_preview import Compared, preview_promises
from tests.desk.leads import add_inquiry
from tests.routing.conftest import MakeLead, MakePool

SPLIT = tuple(
    Stretch(weekday=day, opens_at=opens, closes_at=closes)
    for day in (0, 2, 3, 6)
    for opens, closes in ((time(9), time(12)), (time(13, 30), time(23, 59)))
)
CALENDARS = [
    BusinessCalendar(time_zone="UTC"),
    BusinessCalendar(time_zone="Europe/Berlin", stretches=SPLIT, holidays=frozenset({date(2026, 2, 11)})),
    BusinessCalendar(time_zone="Pacific/Auckland", stretches=SPLIT[:1]),
]
MINUTES: dict[str, int | None] = {"hot": 25, "warm": 700, "content": None}


def make_inquiries(make_lead: MakeLead, *owners: Membership, now: datetime) -> list[Inquiry]:
    """Write promises of all intents over 30 days, some answered, some handed over later, each with some deadline."""
    random = Random(3)
    found = []
    for index in range(45):
        arrived_at = now - timedelta(minutes=random.randrange(60, 30 * 24 * 60))
        asked_at = arrived_at + (now - arrived_at) * random.random() if index % 5 == 0 else None
        waited = timedelta(minutes=random.choice((3, 25, 26, 400, 3000)))
        lead = make_lead(owner=owners[index % len(owners)])
        inquiry = add_inquiry(
            lead,
            arrived_at=arrived_at,
            handed_over_at=asked_at,
            intent=Intent.values[index % 3],
            due_at=(asked_at or arrived_at) + timedelta(hours=1),
            first_attempt_at=(asked_at or arrived_at) + waited if index % 4 else None,
        )
        found.append(inquiry)
    return found


def count(inquiries: list[Inquiry], due: list[datetime], *, now: datetime) -> tuple[int, int, int]:
    """Return how many were kept, broken, or run, by their deadlines."""
    pairs = list(zip(inquiries, due, strict=True))
    kept = sum(1 for one, due_at in pairs if one.first_attempt_at and one.first_attempt_at <= due_at)
    running = sum(1 for one, due_at in pairs if not one.first_attempt_at and due_at >= now)
    return kept, len(pairs) - kept - running, running


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_promise_falls_due_when_the_clock_says(
    make_lead: MakeLead, sales: Pool, ria: Membership, raj: Membership, now: datetime, calendar: BusinessCalendar
) -> None:
    inquiries = make_inquiries(make_lead, ria, raj, now=now)
    effect = preview_promises(pool=sales, now=now, calendar=calendar, minutes=MINUTES)
    for intent, part in effect.by_intent:
        asked = [one for one in inquiries if one.intent == intent]
        due = [promise_due_at(calendar=calendar, minutes=MINUTES[intent], since=one.asked_at) for one in asked]
        assert (part.kept.draft, part.broken.draft, part.running.draft) == count(asked, due, now=now)
        stored = [one.due_at for one in asked if one.due_at]
        assert (part.kept.live, part.broken.live, part.running.live) == count(asked, stored, now=now)
    assert effect.total.asked == len(inquiries) == sum(part.asked for _, part in effect.by_owner)
    assert effect.total.outside.draft == sum(not is_open(calendar, one.asked_at) for one in inquiries)
    assert effect.total.outside.live == sum(not is_open(load_calendar(pool=sales), one.asked_at) for one in inquiries)


def test_only_the_promises_of_the_pool_count(
    make_lead: MakeLead, make_pool: MakePool, sales: Pool, ria: Membership, raj: Membership, now: datetime
) -> None:
    closers, asked_at = make_pool(raj, name="Closers"), now - timedelta(days=2)
    lead = make_lead(owner=raj)
    add_inquiry(lead, arrived_at=asked_at, due_at=asked_at + timedelta(minutes=5))
    for pool, began, ended in ((closers, asked_at, now), (sales, now, None)):  # handed on since: the clock stays theirs
        Assignment.objects.create(
            lead=lead, member=raj, pool=pool, is_sales=True, state="offered", reason="rule", assigned_at=began,
            ended_at=ended,
        )  # fmt: skip
    add_inquiry(make_lead(is_test=True), arrived_at=asked_at, due_at=now)
    add_inquiry(make_lead(), arrived_at=now - timedelta(days=31), due_at=now)
    assert preview_promises(pool=sales, now=now).total.asked == 0
    effect = preview_promises(pool=closers, now=now, minutes={"hot": 3 * 24 * 60})
    assert [(owner, part.asked) for owner, part in effect.by_owner] == [(raj, 1)]
    assert (effect.total.broken, effect.total.running) == (Compared(live=1, draft=0), Compared(live=0, draft=1))
