"""Versions of the routing rules: draft → publish → roll back. The only writer of rule sets and rules.

Called by the routing page and the API. Nothing here routes a lead again: rules decide about leads to come.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.conditions import describe, validate_condition
from leadhub.lib.errors import DomainError
from routing.models import Pool, RoutingRule, RoutingRuleSet, RuleSetState
from routing.rules import find_live_rule_set, list_rules

Target = RoutingRule.Target
_COPIED = ("name", "condition", "target", "member_id", "pool_id")


class NoDraft(DomainError):
    """There is no draft to change or publish."""

    def __init__(self) -> None:
        super().__init__("There is no draft: start one first.")


class TargetMissing(DomainError):
    """A rule must say who gets the lead."""


class UnknownVersion(DomainError):
    """The version to roll back to does not exist, or is live already."""

    def __init__(self) -> None:
        super().__init__("Choose an earlier version.", field="version")


def find_draft() -> RoutingRuleSet | None:
    """Return the rule set being edited."""
    return RoutingRuleSet.objects.filter(state=RuleSetState.DRAFT).first()


def start_draft(*, actor: Membership, now: datetime, source: RoutingRuleSet | None = None) -> RoutingRuleSet:
    """Return the draft; without one, begin it as a copy of the source or of the live rules."""
    draft = find_draft()
    if draft is not None:
        return draft
    source = source or find_live_rule_set()
    last = RoutingRuleSet.objects.aggregate(last=Max("version"))["last"] or 0
    draft = RoutingRuleSet.objects.create(version=last + 1, created_at=now, created_by=actor)
    if source is not None:
        _copy_rules(source=source, to=draft)
    return draft


def discard_draft() -> None:
    """Throw the draft away. Raises `NoDraft`."""
    draft = _require_draft()
    RoutingRule.objects.filter(rule_set=draft).delete()
    RoutingRuleSet.objects.filter(pk=draft.pk).delete()


def save_rule(
    *,
    name: str,
    condition: dict[str, Any],
    target: str,
    actor: Membership,
    now: datetime,
    member: Membership | None = None,
    pool: Pool | None = None,
    rule_id: UUID | None = None,
) -> RoutingRule:
    """Add a rule at the end of the draft, or change one of it. Raises `ConditionError`, `TargetMissing`."""
    validate_condition(condition)
    member, pool = _require_target(target=target, member=member, pool=pool)
    draft = start_draft(actor=actor, now=now)
    rule = RoutingRule.objects.get(pk=rule_id, rule_set=draft) if rule_id else _new_rule(draft)
    rule.name = name.strip()[:200] or describe(condition)[:200]
    rule.condition, rule.target, rule.member, rule.pool = condition, target, member, pool
    rule.save()
    return rule


def delete_rule(*, rule: RoutingRule) -> None:
    """Take a rule out of the draft."""
    RoutingRule.objects.filter(pk=rule.pk, rule_set__state=RuleSetState.DRAFT).delete()


def move_rule(*, rule: RoutingRule, to_index: int) -> None:
    """Put a rule of the draft at a place in the order, the first being 0."""
    rules = [row for row in list_rules(rule_set=rule.rule_set) if row.pk != rule.pk]
    rules.insert(max(0, min(to_index, len(rules))), rule)
    start = 1 + max(row.position for row in rules)  # past all of them: two may never share a position
    for position, row in enumerate(rules):
        RoutingRule.objects.filter(pk=row.pk).update(position=start + position)
    for position, row in enumerate(rules):
        RoutingRule.objects.filter(pk=row.pk).update(position=position)


def publish(*, actor: Membership, now: datetime, note: str = "") -> RoutingRuleSet:
    """Make the draft live and retire the live rules, audited. Raises `NoDraft`."""
    draft, live = _require_draft(), find_live_rule_set()
    RoutingRuleSet.objects.filter(state=RuleSetState.PUBLISHED).update(state=RuleSetState.RETIRED)
    draft.state, draft.note = RuleSetState.PUBLISHED, note.strip()[:300]
    draft.published_at, draft.published_by = now, actor
    draft.save(update_fields=["state", "note", "published_at", "published_by"])
    record_change(
        actor=actor,
        action="routing_rules.published",
        target_kind="routing_rule_set",
        target_id=draft.pk,
        summary=f"Routing rules v{draft.version} went live",
        now=now,
        before={"version": live.version if live else None},
        after={"version": draft.version, "rules": [rule.name for rule in list_rules(rule_set=draft)]},
    )
    return draft


def roll_back(*, version: int, actor: Membership, now: datetime) -> RoutingRuleSet:
    """Publish an earlier version's rules anew, as the next version; a draft in the works is thrown away.

    Raises `UnknownVersion`.
    """
    source = RoutingRuleSet.objects.filter(version=version, state=RuleSetState.RETIRED).first()
    if source is None:
        raise UnknownVersion
    if find_draft() is not None:
        discard_draft()
    start_draft(actor=actor, now=now, source=source)
    return publish(actor=actor, now=now, note=f"Rolled back to version {version}")


def _require_draft() -> RoutingRuleSet:
    draft = find_draft()
    if draft is None:
        raise NoDraft
    return draft


def _new_rule(draft: RoutingRuleSet) -> RoutingRule:
    last = RoutingRule.objects.filter(rule_set=draft).aggregate(last=Max("position"))["last"]
    return RoutingRule(rule_set=draft, position=0 if last is None else last + 1)


def _require_target(
    *, target: str, member: Membership | None, pool: Pool | None
) -> tuple[Membership | None, Pool | None]:
    """Return the target's member and pool, without what the kind of target does not use."""
    if target == Target.MEMBER:
        if member is None:
            raise TargetMissing("Choose who gets these leads.", field="member")
        return member, None
    if target == Target.POOL:
        if pool is None:
            raise TargetMissing("Choose the pool that takes turns.", field="pool")
        return None, pool
    if target == Target.COMPANY_OWNER:
        return None, pool
    raise TargetMissing("Choose a member, a pool or the company's owner.", field="target")


def _copy_rules(*, source: RoutingRuleSet, to: RoutingRuleSet) -> None:
    RoutingRule.objects.bulk_create(
        RoutingRule(rule_set=to, position=position, **{name: getattr(rule, name) for name in _COPIED})
        for position, rule in enumerate(list_rules(rule_set=source))
    )
