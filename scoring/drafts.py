"""Edit the draft of the score model. The thresholds page calls it; nothing touches a lead until it is published."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.conditions import Condition
from leadhub.leads.versions import VersionState, find_draft, lock_draft, number_version
from leadhub.lib.errors import DomainError
from scoring.models import ScoreModel
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


class NoSuchRule(DomainError):
    """The draft has no rule of that key."""

    def __init__(self) -> None:
        super().__init__("The draft has no such rule: someone may have removed it.")


def start_draft(*, actor: Membership, now: datetime) -> ScoreModel:
    """Return the draft, made as a copy of the published version where there is none."""
    published = ScoreModel.objects.select_for_update().filter(state=VersionState.PUBLISHED).first()
    draft = find_draft(ScoreModel)
    if draft:
        return draft
    draft = copy_model(published, state=VersionState.DRAFT, actor=actor, now=now)
    _note(draft, "begun", actor=actor, now=now, action="begun")
    return draft


def copy_model(source: ScoreModel | None, *, state: VersionState, actor: Membership, now: datetime) -> ScoreModel:
    """Write a new version with the rules and numbers of the source, or of the model's defaults."""
    copy = number_version(ScoreModel, state=state, actor=actor, now=now)
    if source:
        for name in COPIED:
            setattr(copy, name, getattr(source, name))
    copy.save(force_insert=True)
    return copy


NUMBERS = ("half_life_days", "fit_bar", "engagement_bar", "hand_raise_intents", "sql_bar")
COPIED = ("fit_rules", "engagement_rules", *NUMBERS)


def change_numbers(
    *,
    fit_bar: Decimal,
    engagement_bar: Decimal,
    half_life_days: Decimal,
    sql_bar: Decimal,
    hand_raise_intents: Sequence[str],
    actor: Membership,
    now: datetime,
) -> ScoreModel:
    """Set the lines, the half-life, the hand-raise intents and the SQL suggestion. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft(ScoreModel)
    before = read_numbers(draft)
    draft.fit_bar, draft.engagement_bar = fit_bar, engagement_bar
    draft.half_life_days, draft.sql_bar = half_life_days, sql_bar
    draft.hand_raise_intents = list(hand_raise_intents)
    require_valid(read_rules(draft))
    draft.save(update_fields=list(NUMBERS))
    _note(draft, "lines and decay", actor=actor, now=now, before=before, after=read_numbers(draft))
    return draft


def put_fit_rule(
    *, key: str, label: str, points: float, condition: Condition, actor: Membership, now: datetime
) -> FitRule:
    """Add the rule, or replace the one of its key; an empty key makes one. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft(ScoreModel)
    key = key or find_free_key(label, (rule["key"] for rule in draft.fit_rules))
    rule = FitRule(key=key, label=label.strip(), points=points, condition=condition)
    require_valid_fit(rule)
    stored = {"key": key, "label": rule.label, "points": points, "condition": condition}
    _put_rule(draft, "fit_rules", stored, actor=actor, now=now)
    return rule


def put_engagement_rule(
    *,
    key: str,
    label: str,
    points: float,
    event_kind: str,
    detail: str,
    condition: Condition,
    actor: Membership,
    now: datetime,
) -> EngagementRule:
    """Add the rule, or replace the one of its key; an empty key makes one. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft(ScoreModel)
    key = key or find_free_key(label, (rule["key"] for rule in draft.engagement_rules))
    rule = EngagementRule(
        key=key, label=label.strip(), points=points, event_kind=event_kind, detail=detail.strip(), condition=condition
    )
    require_valid_engagement(rule)
    stored = {"key": key, "label": rule.label, "points": points, "event_kind": event_kind, "detail": rule.detail}
    _put_rule(draft, "engagement_rules", {**stored, "condition": condition}, actor=actor, now=now)
    return rule


def remove_rule(*, kind: str, key: str, actor: Membership, now: datetime) -> None:
    """Take the rule out of the draft; `kind` is `fit` or `engagement`. Raises `NoDraft`, `NoSuchRule`."""
    draft = lock_draft(ScoreModel)
    field = f"{kind}_rules"
    rules: list[dict[str, Any]] = getattr(draft, field)
    removed = _find(rules, key)
    if removed is None:
        raise NoSuchRule
    setattr(draft, field, [rule for rule in rules if rule["key"] != key])
    draft.save(update_fields=[field])
    _note(draft, f"removed the rule “{removed['label']}”", actor=actor, now=now, before=removed)


def discard_draft(*, actor: Membership, now: datetime) -> None:
    """Throw the draft away, audited. Raises `NoDraft`."""
    draft = lock_draft(ScoreModel)
    _note(draft, "discarded", actor=actor, now=now, action="discarded")
    ScoreModel.objects.filter(pk=draft.pk).delete()


def _note(
    draft: ScoreModel, what: str, *, actor: Membership, now: datetime, action: str = "changed", **values: Any
) -> None:
    """Write the change of the draft into the audit log; `values` are `before` and `after`."""
    record_change(
        actor=actor,
        action=f"score_model.draft_{action}",
        target_kind="score_model",
        target_id=draft.pk,
        summary=f"Score model draft v{draft.version}: {what}"[:300],
        now=now,
        **values,
    )


def read_numbers(model: ScoreModel) -> dict[str, Any]:
    """Return the lines and the decay as JSON for the audit log."""
    values = {name: getattr(model, name) for name in NUMBERS}
    return {name: value if isinstance(value, list) else f"{float(value):g}" for name, value in values.items()}


def _put_rule(draft: ScoreModel, field: str, stored: dict[str, Any], *, actor: Membership, now: datetime) -> None:
    rules: list[dict[str, Any]] = getattr(draft, field)
    before = _find(rules, stored["key"])
    if before is None and len(rules) >= MAX_RULES:
        raise RuleInvalid(f"A model has at most {MAX_RULES} rules of a kind.", field="label")
    kept = [stored if rule is before else rule for rule in rules]
    setattr(draft, field, kept if before else [*rules, stored])
    draft.save(update_fields=[field])
    what = f"{'changed' if before else 'added'} the rule “{stored['label']}”"
    _note(draft, what, actor=actor, now=now, before=before, after=stored)


def _find(rules: list[dict[str, Any]], key: str) -> dict[str, Any] | None:
    return next((rule for rule in rules if rule["key"] == key), None)
