"""Sources that bring unusually few or many leads: the last seven full days against the eight times seven before.

Robust statistics: the usual is the median of the weeks before, the spread their median absolute deviation (scaled
by 1.4826 to a standard deviation), but never less than what chance alone makes of counts (Poisson: the root of the
usual). Small counts raise no alarm. Called by `unusual`, which adds what leads are worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median
from typing import ClassVar

from leadhub.leads.models import Channel
from reporting.days import WEEKS_BEFORE, DayOfSource

WEEKS_NEEDED = 4
MAD_TO_DEVIATION = 1.4826
DEVIATIONS = 3.0
LEAST_DIFFERENCE = 8
LEAST_SHARE = 0.3
MOST = 4


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """A channel, or a source of it, or everything (both empty): leads of the last week, and of a usual one."""

    kind: ClassVar[str] = "leads"
    behind: ClassVar[str] = "the leads"
    channel: str
    source: str
    leads: int
    usual: float
    weeks: int
    last_on: date

    @property
    def first_on(self) -> date:
        """Return the first of the seven days."""
        return self.last_on - timedelta(days=6)

    @property
    def value(self) -> float | None:
        """Return the number that is unusual, beside `usual`."""
        return self.leads

    @property
    def is_bad(self) -> bool:
        """Say whether somebody should look into it soon: here, whether there are fewer than usual."""
        return self.leads < self.usual

    @property
    def name(self) -> str:
        """Return who it is about."""
        channel = str(Channel(self.channel).label) if self.channel else "All channels"
        return f"{self.source} ({channel})" if self.source else channel

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        kind = "fewer" if self.is_bad else "more"
        if self.usual < 1:
            return f"{self.name}: {self.leads} leads in the last 7 days, none in a usual week of the last {self.weeks}"
        change = round(abs(self.leads - self.usual) / self.usual * 100)
        return (
            f"{self.name}: {change}% {kind} leads than in the last {self.weeks} weeks "
            f"({self.leads} in the last 7 days, usually {self.usual:g})"
        )


def judge(leads: int, before: Sequence[int]) -> bool:
    """Say whether a week's leads are unusual after the weeks before."""
    if len(before) < WEEKS_NEEDED:
        return False
    usual = median(before)
    deviation = median(abs(each - usual) for each in before)
    spread = max(MAD_TO_DEVIATION * deviation, sqrt(usual))
    difference = abs(leads - usual)
    return difference >= max(DEVIATIONS * spread, LEAST_DIFFERENCE, LEAST_SHARE * usual)


def find_anomalies(*, days: Sequence[DayOfSource], today: date) -> list[Anomaly]:
    """Return the unusual sources, the largest difference first.

    A channel is named only where none of its sources is, and the whole only where no channel is.
    """
    weeks = _count_weeks(days, today)
    if not weeks:
        return []
    sources = [key for key in weeks if all(key)]
    channels = [key for key in weeks if key[0] and not key[1]]
    found = [anomaly for key in sources if (anomaly := _find(key, weeks, today))]
    told = {anomaly.channel for anomaly in found}
    found += [anomaly for key in channels if key[0] not in told and (anomaly := _find(key, weeks, today))]
    if not found and (whole := _find(("", ""), weeks, today)):
        found = [whole]
    return sorted(found, key=lambda each: -abs(each.leads - each.usual))[:MOST]


def _count_weeks(days: Sequence[DayOfSource], today: date) -> dict[tuple[str, str], list[int]]:
    """Count by source, channel and whole: the last seven full days first, then each week before."""
    weeks: dict[tuple[str, str], list[int]] = {}
    for each in days:
        week = (today - timedelta(days=1) - each.day).days // 7
        if 0 <= week <= WEEKS_BEFORE:  # today is of week -1
            for key in {(each.channel, each.source), (each.channel, ""), ("", "")}:
                weeks.setdefault(key, [0] * (WEEKS_BEFORE + 1))[week] += each.leads
    return weeks


def _find(key: tuple[str, str], weeks: dict[tuple[str, str], list[int]], today: date) -> Anomaly | None:
    # Weeks before the very first lead say nothing; the week of it was none in full.
    known = max(number for number, leads in enumerate(weeks["", ""]) if leads or not number)
    leads, before = weeks[key][0], weeks[key][1 : known + (known == WEEKS_BEFORE)]
    if not judge(leads, before):
        return None
    return Anomaly(
        channel=key[0],
        source=key[1],
        leads=leads,
        usual=median(before),
        weeks=len(before),
        last_on=today - timedelta(days=1),
    )
