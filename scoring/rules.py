"""A score model's rules, typed: read from its JSON, checked before they are stored."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadhub.leads.conditions import Condition, ConditionError, validate_condition
from leadhub.leads.conditions.fields import EVENT_DETAILS
from leadhub.leads.conditions.validation import list_leaves, parse_condition
from leadhub.leads.models import EventKind, Intent
from leadhub.lib.errors import DomainError
from scoring.grid import find_grade
from scoring.models import ScoreModel
from scoring.points import count_whole, find_line

MAX_RULES = 100
MAX_POINTS = 1000
NEW_RULE = "new"  # what the URL of a rule to be made says, so that no rule has it as its key


class RuleInvalid(DomainError):
    """A rule or a number of the model cannot be used; `field` names it."""


@dataclass(frozen=True, kw_only=True)
class FitRule:
    """Points for who they are."""

    key: str
    label: str
    points: float
    condition: Condition


@dataclass(frozen=True, kw_only=True)
class EngagementRule:
    """Points for what they did: an event of a kind, narrowed by a text in its detail and a condition on the lead."""

    key: str
    label: str
    points: float
    event_kind: str
    detail: str
    condition: Condition

    @property
    def detail_key(self) -> str:
        """Return the event property that `detail` is sought in."""
        return EVENT_DETAILS.get(self.event_kind, ("", ""))[0]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that decides a score."""

    version: int
    fit: tuple[FitRule, ...]
    engagement: tuple[EngagementRule, ...]
    half_life_days: float
    fit_bar: float
    engagement_bar: float
    sql_bar: float
    hand_raise_intents: tuple[str, ...]

    @property
    def engagement_line(self) -> float:
        """Return the least engagement that counts as the bar's: whatever is held against the bar, is against this."""
        return find_line(self.engagement_bar)

    def find_grade(self, *, fit: float, engagement: float) -> str:
        """Return the cell of the grid, as in `B2`."""
        return find_grade(fit=fit, engagement=engagement, fit_bar=self.fit_bar, line=self.engagement_line)

    def are_met(self, *, fit: float, engagement: float) -> bool:
        """Say whether both lines of the bar are reached."""
        return fit >= self.fit_bar and engagement >= self.engagement_line

    def suggest_sql(self, *, fit: float, engagement: float) -> bool:
        """Say whether the score, counted whole, is high enough to suggest a talk."""
        return count_whole(fit + engagement) >= self.sql_bar


def read_rules(model: ScoreModel) -> Rules:
    """Return the model's rules, typed."""
    return Rules(
        version=model.version,
        fit=tuple(read_fit_rule(rule) for rule in model.fit_rules),
        engagement=tuple(read_engagement_rule(rule) for rule in model.engagement_rules),
        half_life_days=float(model.half_life_days),
        fit_bar=float(model.fit_bar),
        engagement_bar=float(model.engagement_bar),
        sql_bar=float(model.sql_bar),
        hand_raise_intents=tuple(model.hand_raise_intents),
    )


def read_fit_rule(rule: Mapping[str, Any]) -> FitRule:
    """Return a stored fit rule, typed."""
    return FitRule(key=rule["key"], label=rule["label"], points=float(rule["points"]), condition=rule["condition"])


def read_engagement_rule(rule: Mapping[str, Any]) -> EngagementRule:
    """Return a stored engagement rule, typed."""
    return EngagementRule(
        key=rule["key"],
        label=rule["label"],
        points=float(rule["points"]),
        event_kind=rule["event_kind"],
        detail=rule.get("detail", ""),
        condition=rule.get("condition") or {},
    )


def require_valid(rules: Rules) -> None:
    """Raise `RuleInvalid` for a rule that cannot be compiled or a number that makes no sense."""
    for rule in rules.fit:
        require_valid_fit(rule)
    for engagement_rule in rules.engagement:
        require_valid_engagement(engagement_rule)
    _require_keys([rule.key for rule in rules.fit], "fit_rules")
    _require_keys([rule.key for rule in rules.engagement], "engagement_rules")
    if not 0.5 <= rules.half_life_days <= 3650:
        raise RuleInvalid("The half-life is between half a day and ten years.", field="half_life_days")
    if not 0 <= rules.fit_bar <= 100_000:
        raise RuleInvalid("The fit line is 0 or more.", field="fit_bar")
    if not 1 <= rules.engagement_bar <= 100_000:
        raise RuleInvalid("The engagement line is 1 or more, so that decay can cross it.", field="engagement_bar")
    if not 0 <= rules.sql_bar <= 100_000:
        raise RuleInvalid("The SQL suggestion is 0 or more.", field="sql_bar")
    if unknown := set(rules.hand_raise_intents) - set(Intent.values):
        raise RuleInvalid(f"There is no intent {sorted(unknown)[0]!r}.", field="hand_raise_intents")


def require_valid_fit(rule: FitRule) -> None:
    """Raise `RuleInvalid` unless the fit rule can be used."""
    _require_label_and_points(rule.key, rule.label, rule.points, lowest=-MAX_POINTS)
    _require_condition(rule.label, rule.condition)


def require_valid_engagement(rule: EngagementRule) -> None:
    """Raise `RuleInvalid` unless the engagement rule can be used; its points are above 0, since decay is to end."""
    _require_label_and_points(rule.key, rule.label, rule.points, lowest=0.01)
    if rule.event_kind not in EventKind.values:
        raise RuleInvalid(f"There is no event {rule.event_kind!r}.", field="event_kind")
    if rule.detail and not rule.detail_key:
        raise RuleInvalid(f"{EventKind(rule.event_kind).label} cannot be narrowed by a text.", field="detail")
    if len(rule.detail) > 200 or "\x00" in rule.detail:
        raise RuleInvalid("The text has at most 200 characters.", field="detail")
    _require_condition(rule.label, rule.condition)


def find_free_key(label: str, taken: Iterable[str]) -> str:
    """Return a key made of the label that no other rule has."""
    words = "".join(letter if letter.isalnum() else "_" for letter in label.lower())[:60].strip("_") or "rule"
    keys = {*taken, NEW_RULE}
    return next(key for key in [words, *(f"{words}_{n}" for n in range(2, MAX_RULES + 2))] if key not in keys)


def _require_label_and_points(key: str, label: str, points: float, *, lowest: float) -> None:
    if not key or len(key) > 80:
        raise RuleInvalid("A rule has a key of at most 80 characters.", field="key")
    if not label.strip() or len(label) > 200:
        raise RuleInvalid("Name the rule, in at most 200 characters.", field="label")
    if not math.isfinite(points) or not lowest <= points <= MAX_POINTS:
        raise RuleInvalid(f"Points are between {lowest:g} and {MAX_POINTS}.", field="points")


def _require_condition(label: str, condition: Condition) -> None:
    try:
        validate_condition(condition)
    except ConditionError as error:
        raise RuleInvalid(f"{label}: {error.message}", field="condition") from error
    if any(leaf.field.name.startswith("score.") for leaf in list_leaves(parse_condition(condition))):
        raise RuleInvalid(f"{label}: a rule of the score cannot ask for the score itself.", field="condition")


def _require_keys(keys: Sequence[str], field: str) -> None:
    if len(keys) > MAX_RULES:
        raise RuleInvalid(f"A model has at most {MAX_RULES} rules of a kind.", field=field)
    if len(set(keys)) != len(keys):
        raise RuleInvalid("Two rules have the same key.", field=field)
