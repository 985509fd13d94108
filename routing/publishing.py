"""Versions of the routing rules: draft → publish → roll back. The only writer of rule sets and rules.

Called by the routing pages and the API; each change is audited. Nothing here routes a lead again: rules decide about
leads to come.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.conditions import describe, validate_condition
from leadhub.leads.versions import (
    NoDraft,
    VersionState,
    get_retired,
    lock_draft,
    number_version,
    put_in_force,
)
from leadhub.lib.errors import DomainError
from routing.models import Pool, RoutingRule, RoutingRuleSet
from routing.rules import list_rules

Target = RoutingRule.Target
_COPIED = ("name", "condition", "target", "member_id", "pool_id")


class TargetMissing(DomainError):
    """A rule must say who gets the lead."""


def start_draft(*, actor: Membership, now: datetime) -> RoutingRuleSet:
    """Return the draft, locked; without one, begin it as a copy of the live rules. Of two at once one begins it."""
    sets = RoutingRuleSet.objects.select_for_update()
    if draft := sets.filter(state=VersionState.DRAFT).first():
        return draft
    live = sets.filter(state=VersionState.PUBLISHED).first()
    if draft := sets.filter(state=VersionState.DRAFT).first():
        return draft
    draft = _copy(live, state=VersionState.DRAFT, actor=actor, now=now)
    _note(draft, "draft_begun", "begun", actor=actor, now=now)
    return draft


def discard_draft(*, actor: Membership, now: datetime) -> None:
    """Throw the draft away. Raises `NoDraft`."""
    draft = lock_draft(RoutingRuleSet)
    _note(draft, "draft_discarded", "discarded", actor=actor, now=now)
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
    before = describe_rule(rule) if rule_id else None
    rule.name = name.strip()[:200] or describe(condition)[:200]
    rule.condition, rule.target, rule.member, rule.pool = condition, target, member, pool
    rule.save()
    what = f"{'changed' if rule_id else 'added'} the rule “{rule.name}”"
    _note(draft, "draft_changed", what, actor=actor, now=now, before=before, after=describe_rule(rule))
    return rule


def delete_rule(*, rule: RoutingRule, actor: Membership, now: datetime) -> None:
    """Take a rule out of the draft. Raises `NoDraft`."""
    draft = _require_drafted(rule)
    what = f"removed the rule “{rule.name}”"
    _note(draft, "draft_changed", what, actor=actor, now=now, before=describe_rule(rule))
    RoutingRule.objects.filter(pk=rule.pk).delete()


def move_rule(*, rule: RoutingRule, to_index: int, actor: Membership, now: datetime) -> None:
    """Put a rule of the draft at a place in the order, the first being 0. Raises `NoDraft`."""
    draft = _require_drafted(rule)
    former = list_rules(rule_set=draft)
    rules = [row for row in former if row.pk != rule.pk]
    rules.insert(max(0, min(to_index, len(rules))), rule)
    start = 1 + max(row.position for row in rules)  # past all of them: two may never share a position
    for position, row in enumerate(rules):
        RoutingRule.objects.filter(pk=row.pk).update(position=start + position)
    for position, row in enumerate(rules):
        RoutingRule.objects.filter(pk=row.pk).update(position=position)
    before, after = ({"order": [row.name for row in order]} for order in (former, rules))
    _note(draft, "draft_changed", f"moved the rule “{rule.name}”", actor=actor, now=now, before=before, after=after)


def publish_draft(*, actor: Membership, now: datetime, note: str = "") -> RoutingRuleSet:
    """Make the draft live and retire the live rules, audited. Raises `NoDraft`."""
    draft = lock_draft(RoutingRuleSet)
    return _put_in_force(draft, actor=actor, now=now, note=note, action="published")


def restore_version(*, version: int, actor: Membership, now: datetime) -> RoutingRuleSet:
    """Publish a copy of an earlier version's rules, under a new number; a draft stays. Raises `NoSuchVersion`."""
    former = get_retired(RoutingRuleSet, version=version)
    copy = _copy(former, state=VersionState.RETIRED, actor=actor, now=now)
    return _put_in_force(copy, actor=actor, now=now, note=f"Rolled back to version {version}", action="rolled_back")


def describe_rule(rule: RoutingRule) -> dict[str, Any]:
    """Return a rule as JSON for the audit log, its target by name."""
    to = rule.member.name if rule.member else rule.pool.name if rule.pool else ""
    return {"name": rule.name, "condition": rule.condition, "target": Target(rule.target).label, "to": to}


def _put_in_force(
    version: RoutingRuleSet, *, actor: Membership, now: datetime, note: str, action: str
) -> RoutingRuleSet:
    former = put_in_force(version, actor=actor, now=now, note=note)
    before = _describe_set(former) if former else None
    _note(version, action, "went live", actor=actor, now=now, before=before, after=_describe_set(version))
    return version


def _note(version: RoutingRuleSet, action: str, what: str, *, actor: Membership, now: datetime, **values: Any) -> None:
    """Write the change into the audit log; `values` are `before` and `after`."""
    kind = "draft " if version.state == VersionState.DRAFT else ""
    record_change(
        actor=actor,
        action=f"routing_rules.{action}",
        target_kind="routing_rule_set",
        target_id=version.pk,
        summary=f"Routing rules {kind}v{version.version}: {what}"[:300],
        now=now,
        **values,
    )


def _describe_set(version: RoutingRuleSet) -> dict[str, Any]:
    rules = list_rules(rule_set=version)
    return {
        "version": version.version,
        "rules": [describe_rule(rule) for rule in rules],
        "order": [rule.name for rule in rules],
    }


def _require_drafted(rule: RoutingRule) -> RoutingRuleSet:
    draft = lock_draft(RoutingRuleSet)
    if rule.rule_set_id != draft.pk:
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


def _copy(source: RoutingRuleSet | None, *, state: VersionState, actor: Membership, now: datetime) -> RoutingRuleSet:
    """Write a new version with the rules of the source."""
    copy = number_version(RoutingRuleSet, state=state, actor=actor, now=now)
    copy.save(force_insert=True)
    rules = list_rules(rule_set=source) if source else []
    RoutingRule.objects.bulk_create(
        RoutingRule(rule_set=copy, position=position, **{name: getattr(rule, name) for name in _COPIED})
        for position, rule in enumerate(rules)
    )
    return copy
