"""Whose turn it is where an organization writes only so many mails a day. Called by `mailing`, and by the pages.

A mail over the day's number takes a turn and keeps it: the first day with room behind everybody who has one already,
at its share of the hours in which the lead may be written to. So the oldest goes first, nobody is put off day after
day, and a day's mails are spread over the day. What comes due later never takes the place of one that has its turn.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Max, QuerySet

from leadhub.tenancy.lookups import is_one_of
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import JobRequest, enqueue_many
from leadhub.work.registry import ClaimedJob
from nurture.models import Enrollment, Message, Sequence
from nurture.moments import ONE_DAY, at_local, end_of_quiet, list_open_spans, spread
from nurture.path import STEP, find_zone_of_all, name_job
from nurture.settings import SendingRules


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The day whose mails it is one of, and when on that day."""

    on: date
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """How many mails of a sequence wait for their turn, and when the last one has it."""

    length: int
    last_at: datetime


def find_turn(*, enrollment: Enrollment, zone: ZoneInfo, now: datetime, rules: SendingRules) -> Turn | None:
    """Return when the mail has its turn, or None where it may be written now.

    Steps done at once by several workers may each write the day's last one; no two take one turn.
    """
    limit, home = rules.daily_limit, find_zone_of_all()
    if not limit:
        return None
    today = now.astimezone(home).date()
    written = Message.objects.filter(written_at__gte=at_local(today, time.min, home))[:limit].count()
    has_turn = enrollment.turn_on is not None and enrollment.turn_on <= today
    promised = 0 if has_turn else _list_waiting().filter(turn_on__lte=today)[:limit].count()
    if written + promised < limit:
        return None
    reason = f"All {limit:,} mails of the day are {'written' if written >= limit else 'given out'}"
    if has_turn:  # mails of yesterday came late: it keeps its place before those of the days to come
        tomorrow = at_local(today + ONE_DAY, time.min, home)
        return Turn(on=today + ONE_DAY, at=end_of_quiet(tomorrow, zone=zone, rules=rules), reason=reason)
    on, at = _take_turn(after=today, home=home, zone=zone, rules=rules)
    return Turn(on=on, at=at, reason=reason)


def find_line(*, sequence: Sequence) -> Line | None:
    """Return what of a sequence waits for its turn; None where nothing does."""
    waiting = _list_waiting().filter(sequence=sequence)
    line = waiting.aggregate(length=Count("id"), last_at=Max("next_due_at"))
    return Line(**line) if line["last_at"] else None


def run_take_turns_anew(*, job: ClaimedJob, now: datetime) -> None:  # noqa: ARG001
    """Handle "nurture.turns": the day's number is another one; all ask again, in the order in which they wait."""
    held = _list_waiting().select_for_update(of=("self",)).order_by("id").only("id", "step_id", "next_due_at")
    waiting = sorted(held, key=lambda one: (one.next_due_at or now, one.pk))
    _list_waiting().filter(is_one_of("id", [one.pk for one in waiting])).update(turn_on=None)
    first = now - timedelta(microseconds=len(waiting))
    jobs = [
        JobRequest(kind=STEP, target_id=one.pk, dedupe_key=name_job(one), due_at=first + timedelta(microseconds=place))
        for place, one in enumerate(waiting)
    ]
    enqueue_many(jobs=jobs, now=now)


def _list_waiting() -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(turn_on__isnull=False)


def _take_turn(*, after: date, home: ZoneInfo, zone: ZoneInfo, rules: SendingRules) -> tuple[date, datetime]:
    """Return the first turn behind all that are taken, on a day on which the lead may be written to."""
    _hold_line()
    last = _list_waiting().filter(turn_on__gt=after).aggregate(last=Max("turn_on"))["last"]
    first: date = last or after + ONE_DAY
    for day in (first + number * ONE_DAY for number in count()):
        taken = _list_waiting().filter(turn_on=day)[: rules.daily_limit].count()
        begins, ends = (at_local(each, time.min, home) for each in (day, day + ONE_DAY))
        spans = list_open_spans(begins, ends, zone=zone, rules=rules)
        if spans and taken < rules.daily_limit:
            return day, spread(spans, share=taken / rules.daily_limit)
    raise AssertionError("some day has hours that are not quiet")  # pragma: no cover


def _hold_line() -> None:
    """Let nobody else take a turn until the transaction ends. Nothing but jobs is locked behind it."""
    with connection.cursor() as cursor:
        key = f"{get_organization_id()}|turns"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
