"""What is unusual in the last seven full days: how many leads came, what a qualified one cost, how many qualify.

A channel is held against the eight weeks before at the same age: leads of last week have had little time to qualify.
What a qualified lead costs is unusual where the spend brought three deviations more or fewer of them than at the
price of the weeks before (Poisson, the price being known as well as its own leads tell it); a rate where it is three
deviations of a proportion away. Weeks that always swing (scaled median absolute deviation) widen both. Pure but for
what it is given; called by home.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import median
from typing import ClassVar

from leadhub.web.formatting import format_money_short
from reporting.anomalies import DEVIATIONS, MAD_TO_DEVIATION, MOST, WEEKS_NEEDED, Anomaly, find_anomalies
from reporting.days import WEEKS_BEFORE, DayOfSource

LEAST_LEADS = 20
LEAST_BEFORE = 80
LEAST_POINTS = 0.15
LEAST_QUALIFIED_BEFORE = 20
LEAST_QUALIFIED = 5
LEAST_SHARE = 0.3


@dataclass(frozen=True, kw_only=True)
class Week:
    """What a channel brought in seven days, and what it cost."""

    leads: int = 0
    qualified: int = 0
    cost: float = 0


@dataclass(frozen=True, kw_only=True)
class CostAnomaly(Anomaly):
    """A channel whose spend of the last week brought unusually few or many qualified leads."""

    kind: ClassVar[str] = "cost_per_qualified_lead"
    behind: ClassVar[str] = "the spend"

    qualified: int
    cost: float
    currency: str

    @property
    def value(self) -> float | None:
        """Return the cost of a qualified lead; None where none qualified."""
        return self.cost / self.qualified if self.qualified else None

    @property
    def is_bad(self) -> bool:
        """Say whether it is dearer."""
        return self.value is None or self.value > self.usual

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        spent, usual = (format_money_short(amount, self.currency) for amount in (self.cost, self.usual))
        if self.value is None:
            return (
                f"{self.name}: {spent} in the last 7 days and nobody qualified, usually one for {usual} "
                f"in the last {self.weeks} weeks"
            )
        change = round(abs(self.value - self.usual) / self.usual * 100)
        return (
            f"{self.name}: a qualified lead costs {change}% {'more' if self.is_bad else 'less'} than in the last "
            f"{self.weeks} weeks ({self.qualified} for {spent} in the last 7 days, usually one for {usual})"
        )


@dataclass(frozen=True, kw_only=True)
class RateAnomaly(Anomaly):
    """A channel of whose leads of the last week unusually few or many qualify."""

    kind: ClassVar[str] = "qualified_rate"

    qualified: int

    @property
    def value(self) -> float:
        """Return the share that qualified."""
        return self.qualified / self.leads

    @property
    def is_bad(self) -> bool:
        """Say whether fewer qualify."""
        return self.value < self.usual

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        return (
            f"{self.name}: {self.value:.0%} of the leads qualify, {abs(self.value - self.usual) * 100:.0f} points "
            f"{'fewer' if self.is_bad else 'more'} than in the last {self.weeks} weeks "
            f"({self.qualified} of {self.leads} in the last 7 days, usually {self.usual:.0%})"
        )


def find_unusual(
    *,
    days: Sequence[DayOfSource],
    cohorts: Mapping[tuple[str, int], tuple[int, int]],
    costs: Mapping[tuple[str, int], Decimal],
    today: date,
    currency: str,
) -> list[Anomaly]:
    """Return what is unusual, unusual counts first; a channel is told of once, and a few at most.

    `cohorts` are the leads and the qualified of a channel in the last seven full days and each week before, as they
    stood at the same age; `costs` what it cost then, by (channel, weeks back).
    """
    counted = find_anomalies(days=days, today=today)
    told = {anomaly.channel for anomaly in counted}
    found = [
        anomaly
        for channel, weeks in _list_weeks(cohorts, costs).items()
        if channel not in told
        if (anomaly := _find_cost(channel, weeks, today, currency) or _find_rate(channel, weeks, today))
    ]
    return [*counted, *sorted(found, key=lambda each: (not each.is_bad, -each.leads))][:MOST]


def judge_cost(now: Week, before: Sequence[Week]) -> bool:
    """Say whether a week's spend brought an unusual number of qualified leads after the weeks before."""
    paid = [week for week in before if week.cost]
    qualified = sum(week.qualified for week in paid)
    if not now.cost or len(paid) < WEEKS_NEEDED or qualified < LEAST_QUALIFIED_BEFORE:
        return False
    a_unit = qualified / sum(week.cost for week in paid)
    swing = median(abs(week.qualified - week.cost * a_unit) / sqrt(week.cost * a_unit) for week in paid)
    expected = now.cost * a_unit
    deviation = max(MAD_TO_DEVIATION * swing, 1.0) * sqrt(expected + expected**2 / qualified)
    return abs(now.qualified - expected) >= max(DEVIATIONS * deviation, LEAST_QUALIFIED, LEAST_SHARE * expected)


def judge_rate(now: Week, before: Sequence[Week]) -> bool:
    """Say whether an unusual share of a week's leads qualified after the weeks before."""
    known = [week for week in before if week.leads]
    leads, qualified = sum(week.leads for week in known), sum(week.qualified for week in known)
    if now.leads < LEAST_LEADS or len(known) < WEEKS_NEEDED or leads < LEAST_BEFORE:
        return False
    usual, likely = qualified / leads, (qualified + 1) / (leads + 2)  # nobody, or everybody, says nothing for certain
    chance = sqrt(likely * (1 - likely) * (1 / now.leads + 1 / leads))
    swing = MAD_TO_DEVIATION * median(abs(week.qualified / week.leads - usual) for week in known)
    return abs(now.qualified / now.leads - usual) >= max(DEVIATIONS * max(chance, swing), LEAST_POINTS)


def _find_cost(channel: str, weeks: list[Week], today: date, currency: str) -> Anomaly | None:
    now, before = weeks[0], weeks[1:]
    if not judge_cost(now, before):
        return None
    paid = [week for week in before if week.cost]
    return CostAnomaly(
        channel=channel,
        source="",
        leads=now.leads,
        qualified=now.qualified,
        cost=now.cost,
        currency=currency,
        usual=sum(week.cost for week in paid) / sum(week.qualified for week in paid),
        weeks=len(paid),
        last_on=today - timedelta(days=1),
    )


def _find_rate(channel: str, weeks: list[Week], today: date) -> Anomaly | None:
    now, before = weeks[0], weeks[1:]
    if not judge_rate(now, before):
        return None
    known = [week for week in before if week.leads]
    return RateAnomaly(
        channel=channel,
        source="",
        leads=now.leads,
        qualified=now.qualified,
        usual=sum(week.qualified for week in known) / sum(week.leads for week in known),
        weeks=len(known),
        last_on=today - timedelta(days=1),
    )


def _list_weeks(
    cohorts: Mapping[tuple[str, int], tuple[int, int]], costs: Mapping[tuple[str, int], Decimal]
) -> dict[str, list[Week]]:
    """Return each channel's last seven full days, then each week before."""
    found: dict[str, list[Week]] = {}
    for channel in sorted({channel for channel, _ in (*cohorts, *costs)}):
        weeks = [(channel, number) for number in range(WEEKS_BEFORE + 1)]
        counts = [(*cohorts.get(week, (0, 0)), float(costs.get(week, 0))) for week in weeks]
        found[channel] = [Week(leads=leads, qualified=qualified, cost=cost) for leads, qualified, cost in counts]
    return found
