"""A pool's week as a form: two stretches a day, each a pair of times."""

from dataclasses import dataclass
from datetime import time

from django.http import QueryDict
from django.utils.dateparse import parse_time

from routing.models import BusinessHours, Pool
from routing.pool_settings import WEEKDAYS, Hours, HoursReversed

STRETCHES = 2


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One pair of inputs; empty texts are time off."""

    name: str
    opens: str
    closes: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """A weekday with its slots."""

    label: str
    slots: list[Slot]


def show_week(pool: Pool) -> list[Day]:
    """Return the pool's stored week."""
    rows = list(BusinessHours.objects.filter(pool=pool).order_by("weekday", "opens_at"))
    return [_show_day(weekday, [row for row in rows if row.weekday == weekday]) for weekday in range(len(WEEKDAYS))]


def show_typed_week(post: QueryDict) -> list[Day]:
    """Return the week as it was typed, right or wrong."""
    return [
        Day(
            label=label,
            slots=[
                Slot(name=name, opens=post.get(f"{name}-opens", ""), closes=post.get(f"{name}-closes", ""))
                for name in (f"{weekday}-{index}" for index in range(STRETCHES))
            ],
        )
        for weekday, label in enumerate(WEEKDAYS)
    ]


def read_week(post: QueryDict) -> list[Hours]:
    """Return the stretches as posted. Raises `HoursReversed` for half of a pair or no time at all."""
    hours: list[Hours] = []
    for weekday in range(len(WEEKDAYS)):
        for index in range(STRETCHES):
            opens, closes = (post.get(f"{weekday}-{index}-{end}", "").strip() for end in ("opens", "closes"))
            if opens or closes:
                hours.append((weekday, _read_time(opens), _read_time(closes)))
    return hours


def _show_day(weekday: int, rows: list[BusinessHours]) -> Day:
    slots = []
    for index in range(max(STRETCHES, len(rows))):
        row = rows[index] if index < len(rows) else None
        slots.append(
            Slot(
                name=f"{weekday}-{index}",
                opens=f"{row.opens_at:%H:%M}" if row else "",
                closes=f"{row.closes_at:%H:%M}" if row else "",
            )
        )
    return Day(label=WEEKDAYS[weekday], slots=slots)


def _read_time(text: str) -> time:
    try:
        found = parse_time(text)
    except ValueError:
        found = None
    if found is None:
        raise HoursReversed
    return found
