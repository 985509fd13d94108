"""What the draft would have done: a replay of recent leads over draft and live rules, in one statement.

It asks which rule each lead hits now; turns, absences and capacity are not replayed. Called by the routing page.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from leadhub.leads.conditions import first_match
from leadhub.leads.models import Lead
from routing.models import Pool, RoutingRule, RoutingRuleSet
from routing.rules import list_rules

REPLAY = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class RuleCount:
    """How many of the replayed leads a rule of the draft would take; `rule` is None for the fallback."""

    rule: RoutingRule | None
    leads: int


@dataclass(frozen=True, kw_only=True)
class TargetCount:
    """How many of the replayed leads a target gets, under the live rules and under the draft."""

    target: str
    live: int
    draft: int

    @property
    def change(self) -> int:
        """Return what the draft would change."""
        return self.draft - self.live


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The replay of the leads captured since `since`."""

    since: datetime
    leads: int
    moved: int
    rules: list[RuleCount]
    targets: list[TargetCount]


def preview_rules(*, draft: RoutingRuleSet, live: RoutingRuleSet | None, now: datetime) -> Preview:
    """Replay the leads of the last 30 days, tests and non-leads left out."""
    drafted = list_rules(rule_set=draft)
    published = list_rules(rule_set=live) if live else []
    rows = _replay(drafted, published, since=now - REPLAY, now=now)
    fallback = Pool.objects.filter(is_fallback=True).first()
    by_draft, by_rule, by_live, moved = Counter[str](), Counter[int | None](), Counter[str](), 0
    for draft_index, live_index, leads in rows:
        to_draft = describe_target(_rule_at(drafted, draft_index), fallback=fallback)
        to_live = describe_target(_rule_at(published, live_index), fallback=fallback)
        by_draft[to_draft] += leads
        by_live[to_live] += leads
        by_rule[draft_index] += leads
        moved += leads if to_draft != to_live else 0
    counts = [RuleCount(rule=rule, leads=by_rule[index]) for index, rule in enumerate(drafted)]
    return Preview(
        since=now - REPLAY,
        leads=sum(by_draft.values()),
        moved=moved,
        rules=[*counts, RuleCount(rule=None, leads=by_rule[None])],
        targets=[
            TargetCount(target=target, live=by_live[target], draft=by_draft[target])
            for target in sorted({*by_live, *by_draft})
        ],
    )


def describe_target(rule: RoutingRule | None, *, fallback: Pool | None) -> str:
    """Return who gets a rule's leads, in words; without a rule, the fallback pool."""
    otherwise = fallback.name if fallback else "the duty manager"
    if rule is None:
        return otherwise
    if rule.target == RoutingRule.Target.MEMBER and rule.member:
        return str(rule.member)
    if rule.target == RoutingRule.Target.POOL and rule.pool:
        return str(rule.pool)
    return f"the company's owner, or else {rule.pool.name if rule.pool else otherwise}"


def _replay(
    drafted: list[RoutingRule], published: list[RoutingRule], *, since: datetime, now: datetime
) -> list[tuple[int | None, int | None, int]]:
    """Return (draft rule index, live rule index, leads), from one SELECT."""
    leads: QuerySet[Any] = Lead.objects.counted().filter(captured_at__gte=since, is_test=False)
    hits = leads.annotate(
        draft_rule=first_match([rule.condition for rule in drafted], now=now),
        live_rule=first_match([rule.condition for rule in published], now=now),
    )
    return list(hits.values_list("draft_rule", "live_rule").annotate(leads=Count("id")).order_by())


def _rule_at(rules: list[RoutingRule], index: int | None) -> RoutingRule | None:
    return None if index is None else rules[index]
