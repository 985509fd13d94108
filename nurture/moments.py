"""When something may leave: waits and quiet hours, pure arithmetic in the lead's own time. Reads no database.

Times are local intent in an IANA zone. A local time in the spring gap moves forward by the gap, one in the autumn
overlap is the first of the two (PEP 495, `fold=0`).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nurture.models import Step
from nurture.settings import SendingRules
from nurture.steps import StepPlan

SATURDAY = 5
ONE_DAY = timedelta(days=1)
_MOST_SPANS = 10  # of one day; a clock that is put back has a few


def choose_zone(*names: str) -> ZoneInfo:
    """Return the first zone that exists, the reader's before the organization's."""
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for a folder of zones, as “Europe”
            continue
    return ZoneInfo("UTC")


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time on a day, in UTC."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def end_of_wait(step: Step | StepPlan, *, since: datetime, zone: ZoneInfo) -> datetime:
    """Return when a wait that begins at an instant is over: its days and hours, then its weekday and time."""
    local = since.astimezone(zone)
    end = at_local(local.date() + step.wait_days * ONE_DAY, local.time(), zone) if step.wait_days else since
    end += timedelta(hours=step.wait_hours)
    if step.wait_weekday is None and step.wait_at is None:
        return end
    return next_moment(end, weekday=step.wait_weekday, at=step.wait_at, zone=zone)


def next_moment(since: datetime, *, weekday: int | None, at: time | None, zone: ZoneInfo) -> datetime:
    """Return the first instant from `since` on that is the local weekday, at the local time; without one, any."""
    day = since.astimezone(zone).date()
    for offset in range(9):
        candidate = day + offset * ONE_DAY
        if weekday is not None and candidate.weekday() != weekday:
            continue
        start = at_local(candidate, at or time.min, zone)
        if at is None and offset == 0:
            return since
        if start >= since:
            return start
    raise AssertionError("every weekday comes within nine days")  # pragma: no cover


def end_of_quiet(moment: datetime, *, zone: ZoneInfo, rules: SendingRules) -> datetime:
    """Return the first instant from `moment` on that is not quiet: `moment` itself where it may be sent now."""
    for _ in range(10):
        local = moment.astimezone(zone)
        if rules.is_weekend_quiet and local.weekday() >= SATURDAY:
            monday = local.date() + (7 - local.weekday()) * ONE_DAY
            moment = at_local(monday, time.min, zone)
        elif _is_quiet_time(local.time(), rules):
            day = local.date() if local.time() < rules.quiet_until else local.date() + ONE_DAY
            moment = max(at_local(day, rules.quiet_until, zone), moment)
            if moment.astimezone(zone) == local:  # the second pass of an autumn hour that the first had opened
                return moment
        else:
            return moment
    return moment


def list_open_spans(
    begins: datetime, ends: datetime, *, zone: ZoneInfo, rules: SendingRules
) -> list[tuple[datetime, datetime]]:
    """Return the spans between two instants that are not quiet, in order; none where all of it is."""
    spans: list[tuple[datetime, datetime]] = []
    moment = end_of_quiet(begins, zone=zone, rules=rules)
    while moment < ends and len(spans) < _MOST_SPANS:
        closes = min(_begin_of_quiet(moment, zone=zone, rules=rules), ends)
        spans.append((moment, closes))
        moment = end_of_quiet(closes, zone=zone, rules=rules)
    return spans


def spread(spans: Sequence[tuple[datetime, datetime]], *, share: float) -> datetime:
    """Return the instant at a share, from 0 to below 1, of the time that the spans last together, to the second."""
    rest = sum((closes - opens for opens, closes in spans), timedelta()) * share
    for opens, closes in spans:
        if rest < closes - opens:
            return (opens + rest).replace(microsecond=0)
        rest -= closes - opens
    return spans[-1][1]


def _begin_of_quiet(moment: datetime, *, zone: ZoneInfo, rules: SendingRules) -> datetime:
    """Return when it is quiet next, seen from an instant that is not; far away where it never is."""
    begins = [moment + 7 * ONE_DAY]
    if rules.quiet_from != rules.quiet_until:
        begins.append(next_moment(moment, weekday=None, at=rules.quiet_from, zone=zone))
    if rules.is_weekend_quiet:
        begins.append(next_moment(moment, weekday=SATURDAY, at=time.min, zone=zone))
    return min(begins)


def _is_quiet_time(at: time, rules: SendingRules) -> bool:
    if rules.quiet_from == rules.quiet_until:
        return False
    if rules.quiet_from < rules.quiet_until:
        return rules.quiet_from <= at < rules.quiet_until
    return at >= rules.quiet_from or at < rules.quiet_until
