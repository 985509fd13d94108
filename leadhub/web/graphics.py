"""The arithmetic behind the small pictures in components: rings, sparklines, hues. Pure; no markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from leadhub.web.formatting import format_duration, format_moment

HUES = ("blue", "indigo", "violet", "pink", "red", "orange", "amber", "green", "teal", "cyan")
SPARK_WIDTH, SPARK_HEIGHT = 100, 28
SOON_SHARE, URGENT_SHARE = 0.5, 0.25


@dataclass(frozen=True)
class Clock:
    """An SLA as drawn: its state, the share of time left (0–100) and the words beside the ring."""

    state: str
    percent_left: int
    text: str
    spoken: str


def read_clock(
    *,
    due_at: datetime | None,
    started_at: datetime | None,
    now: datetime,
    met_at: datetime | None = None,
    opens_at: datetime | None = None,
) -> Clock:
    """Read an SLA at a moment: met, late, waiting for opening hours, or running with a share left."""
    if due_at is None:
        return Clock("none", 0, "–", "No deadline")
    if met_at is not None:
        return _read_met_clock(due_at=due_at, started_at=started_at, met_at=met_at)
    if opens_at is not None and opens_at > now:
        return Clock("waiting", 100, format_moment(opens_at), f"Starts {format_moment(opens_at)}")
    left = due_at - now
    if left <= timedelta(0):
        late = f"{format_duration(_without_seconds(-left))} late"
        return Clock("late", 100, late, late)
    share = min(1.0, left / (due_at - started_at)) if started_at and started_at < due_at else 1.0
    state = "urgent" if share <= URGENT_SHARE else "soon" if share <= SOON_SHARE else "calm"
    return Clock(state, round(share * 100), format_duration(left), f"{format_duration(left)} left")


def _without_seconds(span: timedelta) -> timedelta:
    """Return the whole minutes, from the first on: seconds that run tell nobody how late it is."""
    minute = timedelta(minutes=1)
    return span - span % minute if span >= minute else span


def _read_met_clock(*, due_at: datetime, started_at: datetime | None, met_at: datetime) -> Clock:
    took = format_duration(met_at - started_at) if started_at else format_moment(met_at)
    state = "met" if met_at <= due_at else "missed"
    return Clock(state, 100, took, f"First attempt after {took}, {'in time' if state == 'met' else 'late'}")


def draw_sparkline(values: Sequence[float]) -> str:
    """Return the points of a polyline that fits a 100 × 28 box with a margin of 2."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = SPARK_WIDTH / (len(values) - 1)
    height = SPARK_HEIGHT - 4
    return " ".join(
        f"{index * step:.1f},{SPARK_HEIGHT - 2 - (value - low) / reach * height:.1f}"
        for index, value in enumerate(values)
    )


def choose_hue(name: str) -> str:
    """Return the hue that belongs to a name, the same on every page and in every process."""
    return HUES[crc32(name.casefold().encode()) % len(HUES)]


def write_initials(name: str) -> str:
    """Return the first letters of a name's first and last word."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def share_of(value: float | None, whole: float | None) -> float:
    """Return a value as a percentage of the whole, between 0 and 100."""
    if not value or not whole:
        return 0.0
    return max(0.0, min(100.0, round(float(value) / float(whole) * 100, 2)))
