"""Edit the draft of the score model. The thresholds page calls it; nothing touches a lead until it is published."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.conditions import Condition
from leadhub.lib.errors import DomainError
from scoring.models import ScoreModel, VersionState
from scoring.rules import (
    MAX_RULES,
    EngagementRule,
    FitRule,
    RuleInvalid,
    find_free_key,
    read_rules,
    require_valid,
    require_valid_engagement,
    require_valid_fit,
)


class NoDraft(DomainError):
    """There is no draft to edit, publish or discard."""

    def __init__(self) -> None:
        super().__init__("There is no draft: begin one first.")


class NoSuchRule(DomainError):
    """The draft has no rule of that key."""

    def __init__(self) -> None:
        super().__init__("The draft has no such rule: someone may have removed it.")


def start_draft(*, actor: Membership, now: datetime) -> ScoreModel:
    """Return the draft, made as a copy of the published version where there is none."""
    published = ScoreModel.objects.select_for_update().filter(state=VersionState.PUBLISHED).first()
    draft = ScoreModel.objects.filter(state=VersionState.DRAFT).first()
    if draft:
        return draft
    return copy_model(published, state=VersionState.DRAFT, actor=actor, now=now)


def copy_model(source: ScoreModel | None, *, state: VersionState, actor: Membership, now: datetime) -> ScoreModel:
    """Write a new version with the rules and numbers of the source, or of the model's defaults."""
    last = ScoreModel.objects.order_by("-version").values_list("version", flat=True).first() or 0
    copy = ScoreModel(version=last + 1, state=state, created_at=now, created_by=actor)
    if source:
        for name in COPIED:
            setattr(copy, name, getattr(source, name))
    copy.save(force_insert=True)
    return copy


COPIED = (
    "fit_rules",
    "engagement_rules",
    "half_life_days",
    "fit_bar",
    "engagement_bar",
    "hand_raise_intents",
    "sql_bar",
)


def change_numbers(
    *,
    fit_bar: Decimal,
    engagement_bar: Decimal,
    half_life_days: Decimal,
    sql_bar: Decimal,
    hand_raise_intents: Sequence[str],
) -> ScoreModel:
    """Set the lines, the half-life, the hand-raise intents and the SQL suggestion. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft()
    draft.fit_bar, draft.engagement_bar = fit_bar, engagement_bar
    draft.half_life_days, draft.sql_bar = half_life_days, sql_bar
    draft.hand_raise_intents = list(hand_raise_intents)
    require_valid(read_rules(draft))
    draft.save(update_fields=["fit_bar", "engagement_bar", "half_life_days", "sql_bar", "hand_raise_intents"])
    return draft


def put_fit_rule(*, key: str, label: str, points: float, condition: Condition) -> FitRule:
    """Add the rule, or replace the one of its key; an empty key makes one. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft()
    key = key or find_free_key(label, (rule["key"] for rule in draft.fit_rules))
    rule = FitRule(key=key, label=label.strip(), points=points, condition=condition)
    require_valid_fit(rule)
    stored = {"key": key, "label": rule.label, "points": points, "condition": condition}
    draft.fit_rules = _put(draft.fit_rules, stored)
    draft.save(update_fields=["fit_rules"])
    return rule


def put_engagement_rule(
    *, key: str, label: str, points: float, event_kind: str, detail: str, condition: Condition
) -> EngagementRule:
    """Add the rule, or replace the one of its key; an empty key makes one. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft()
    key = key or find_free_key(label, (rule["key"] for rule in draft.engagement_rules))
    rule = EngagementRule(
        key=key, label=label.strip(), points=points, event_kind=event_kind, detail=detail.strip(), condition=condition
    )
    require_valid_engagement(rule)
    stored = {"key": key, "label": rule.label, "points": points, "event_kind": event_kind, "detail": rule.detail}
    draft.engagement_rules = _put(draft.engagement_rules, {**stored, "condition": condition})
    draft.save(update_fields=["engagement_rules"])
    return rule


def remove_rule(*, kind: str, key: str) -> None:
    """Take the rule out of the draft; `kind` is `fit` or `engagement`. Raises `NoDraft`, `NoSuchRule`."""
    draft = lock_draft()
    field = f"{kind}_rules"
    rules: list[dict[str, Any]] = getattr(draft, field)
    kept = [rule for rule in rules if rule["key"] != key]
    if len(kept) == len(rules):
        raise NoSuchRule
    setattr(draft, field, kept)
    draft.save(update_fields=[field])


def discard_draft(*, actor: Membership, now: datetime) -> None:
    """Throw the draft away, audited. Raises `NoDraft`."""
    draft = lock_draft()
    record_change(
        actor=actor,
        action="score_model.discarded",
        target_kind="score_model",
        target_id=draft.pk,
        summary=f"Discarded the draft v{draft.version}",
        now=now,
    )
    ScoreModel.objects.filter(pk=draft.pk).delete()


def lock_draft() -> ScoreModel:
    """Return the draft, locked. Raises `NoDraft`."""
    draft = ScoreModel.objects.select_for_update().filter(state=VersionState.DRAFT).first()
    if draft is None:
        raise NoDraft
    return draft


def _put(rules: list[dict[str, Any]], stored: dict[str, Any]) -> list[dict[str, Any]]:
    keys = [rule["key"] for rule in rules]
    if stored["key"] in keys:
        return [stored if rule["key"] == stored["key"] else rule for rule in rules]
    if len(rules) >= MAX_RULES:
        raise RuleInvalid(f"A model has at most {MAX_RULES} rules of a kind.", field="label")
    return [*rules, stored]
