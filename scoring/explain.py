"""A score explains itself: each rule, its points, their age and what is left of them, as of any date.

The lead page, the API and the thresholds page call it. Engagement is read from the ledger of points, so that it
can be told for any past instant; fit is what the rules say of the lead today, since people have no history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.leads.conditions import describe
from leadhub.leads.models import Lead
from scoring.decay import decay
from scoring.grid import find_treatment
from scoring.measure import add_fit, measure
from scoring.models import EngagementPoint, LeadScore, ScoreModel
from scoring.queries import find_published_rules
from scoring.rules import EngagementRule, Rules, read_rules


class NotScored(LookupError):
    """The organization has no published score model."""


@dataclass(frozen=True, kw_only=True)
class FitLine:
    """A fit rule that the lead matches."""

    label: str
    points: float
    sentence: str


@dataclass(frozen=True, kw_only=True)
class EngagementLine:
    """The points of one event, and what is left of them."""

    rule_key: str
    label: str
    event_id: UUID
    points: float
    occurred_at: datetime
    age_days: float
    left: float


@dataclass(frozen=True, kw_only=True)
class RuleTotal:
    """All that one engagement rule gave; `age_days` is the age of the latest."""

    label: str
    times: int
    points: float
    left: float
    latest_at: datetime
    age_days: float


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A lead's score at an instant, with its reasons; `totals` has the lines of a rule together, most left first."""

    as_of: datetime
    model_version: int
    half_life_days: float
    fit_bar: float
    engagement_bar: float
    fit: float
    engagement: float
    grade: str
    treatment: str
    meets_bar: bool
    suggests_sql: bool
    cools_at: datetime | None
    fit_lines: tuple[FitLine, ...]
    engagement_lines: tuple[EngagementLine, ...]
    totals: tuple[RuleTotal, ...]

    @property
    def score(self) -> float:
        """Return fit plus engagement."""
        return self.fit + self.engagement


def explain_score(*, lead: Lead, as_of: datetime) -> Explanation:
    """Return the lead's score at the instant with its reasons. Raises `NotScored`."""
    rules = find_published_rules()
    if rules is None:
        raise NotScored("Publish a score model first.")
    fit, fit_lines = _explain_fit(lead=lead, rules=rules, as_of=as_of)
    lines = _list_lines(lead=lead, rules=rules, as_of=as_of)
    engagement = sum(line.left for line in lines)
    grade = rules.find_grade(fit=fit, engagement=engagement)
    return Explanation(
        as_of=as_of,
        model_version=rules.version,
        half_life_days=rules.half_life_days,
        fit_bar=rules.fit_bar,
        engagement_bar=rules.engagement_bar,
        fit=fit,
        engagement=engagement,
        grade=grade,
        treatment=find_treatment(grade),
        meets_bar=rules.are_met(fit=fit, engagement=engagement),
        suggests_sql=rules.suggest_sql(fit=fit, engagement=engagement),
        cools_at=LeadScore.objects.filter(lead=lead).values_list("cools_at", flat=True).first(),
        fit_lines=fit_lines,
        engagement_lines=lines,
        totals=_add_up(lines),
    )


def _explain_fit(*, lead: Lead, rules: Rules, as_of: datetime) -> tuple[float, tuple[FitLine, ...]]:
    row = measure(Lead.objects.filter(pk=lead.pk), rules=rules, now=as_of, people=[lead.person_id]).get()
    lines = [
        FitLine(label=rule.label, points=rule.points, sentence=describe(rule.condition))
        for rule, matches in zip(rules.fit, row["fit_matches"], strict=True)
        if matches
    ]
    return add_fit(rules, row["fit_matches"]), tuple(sorted(lines, key=lambda line: -line.points))


def _list_lines(*, lead: Lead, rules: Rules, as_of: datetime) -> tuple[EngagementLine, ...]:
    """Return the lines of the ledger under the rules that the lead is scored by: a closed one may have older ones."""
    version = LeadScore.objects.filter(lead=lead).values_list("model_version", flat=True).first()
    scored_by = rules if version in {None, rules.version} else read_rules(ScoreModel.objects.get(version=version))
    by_key = {rule.key: rule for rule in scored_by.engagement}
    ledger = EngagementPoint.objects.filter(lead=lead, occurred_at__lte=as_of).order_by("-occurred_at", "-id")
    half_life_days = scored_by.half_life_days
    return tuple(
        _explain_point(point, rule=by_key[point.rule_key], half_life_days=half_life_days, as_of=as_of)
        for point in ledger
    )


def _explain_point(
    point: EngagementPoint, *, rule: EngagementRule, half_life_days: float, as_of: datetime
) -> EngagementLine:
    return EngagementLine(
        rule_key=rule.key,
        label=rule.label,
        event_id=point.event_id,
        points=rule.points,
        occurred_at=point.occurred_at,
        age_days=(as_of - point.occurred_at).total_seconds() / 86400,
        left=decay(points=rule.points, since=point.occurred_at, until=as_of, half_life_days=half_life_days),
    )


def _add_up(lines: Iterable[EngagementLine]) -> tuple[RuleTotal, ...]:
    """Put the lines of each rule together; the lines come latest first."""
    by_rule: dict[str, list[EngagementLine]] = {}
    for line in lines:
        by_rule.setdefault(line.rule_key, []).append(line)
    totals = [
        RuleTotal(
            label=own[0].label,
            times=len(own),
            points=sum(line.points for line in own),
            left=sum(line.left for line in own),
            latest_at=own[0].occurred_at,
            age_days=own[0].age_days,
        )
        for own in by_rule.values()
    ]
    return tuple(sorted(totals, key=lambda total: -total.left))
