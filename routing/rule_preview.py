"""What the draft would have done: a replay of recent leads over draft and live rules, in one statement.

It asks which rule each lead hits now and shares a pool's leads out by its members' weights; absences and capacity
are not replayed, but the room that people have today is shown beside. Called by the routing pages and the API;
`replayed_leads` lists the leads behind the counts.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet

from leadhub.leads.conditions import first_match
from leadhub.leads.models import Lead
from routing.models import Pool, RoutingRule, RoutingRuleSet
from routing.rules import list_rules
from routing.shares import PersonCount, Shares, Taker, Weigh, compare_people, list_weights, share_out

REPLAY = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class RuleCount:
    """How many of the replayed leads a rule would take, and who gets them; `rule` is None for the fallback."""

    rule: RoutingRule | None
    leads: int
    shares: Shares


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The replay of the leads captured since `since`: the draft's rules, the live ones, and each person's part."""

    since: datetime
    leads: int
    moved: int
    rules: list[RuleCount]
    live_rules: list[RuleCount]
    people: list[PersonCount]


Hit = tuple[int | None, int | None, UUID | None, int]


def preview_rules(*, draft: RoutingRuleSet, live: RoutingRuleSet | None, now: datetime) -> Preview:
    """Replay the leads of the last 30 days, tests and non-leads left out."""
    drafted = list_rules(rule_set=draft)
    published = list_rules(rule_set=live) if live else []
    fallback = Pool.objects.filter(is_fallback=True).first()
    taken = _Takings(drafted, fallback), _Takings(published, fallback)
    moved = 0
    for draft_index, live_index, owner_id, leads in count_hits(list_hits(drafted, published, now=now)):
        to_draft = taken[0].add(draft_index, owner_id, leads)
        to_live = taken[1].add(live_index, owner_id, leads)
        moved += leads if to_draft != to_live else 0
    weigh = cache(list_weights)  # a pool is asked once, however many rules send leads there
    by_draft, by_live = (takings.list_counts(weigh) for takings in taken)
    return Preview(
        since=now - REPLAY,
        leads=sum(count.leads for count in by_draft),
        moved=moved,
        rules=by_draft,
        live_rules=by_live,
        people=compare_people(
            live=[count.shares for count in by_live], draft=[count.shares for count in by_draft], now=now
        ),
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


class _Takings:
    """Counts the replayed leads by rule and taker, under one set of rules."""

    def __init__(self, rules: list[RoutingRule], fallback: Pool | None) -> None:
        self._rules, self._fallback = rules, fallback
        self._leads: dict[int | None, Counter[Taker]] = {index: Counter() for index in [*range(len(rules)), None]}

    def add(self, index: int | None, owner_id: UUID | None, leads: int) -> Taker:
        """Count leads that hit a rule and whose company has the owner; return who takes them."""
        rule = None if index is None else self._rules[index]
        taker = find_taker(rule, owner_id=owner_id, fallback=self._fallback)
        self._leads[index][taker] += leads
        return taker

    def list_counts(self, weigh: Weigh) -> list[RuleCount]:
        """Return the rules in order, the fallback last."""
        return [
            RuleCount(
                rule=None if index is None else self._rules[index],
                leads=takers.total(),
                shares=share_out(takers, weigh=weigh),
            )
            for index, takers in self._leads.items()
        ]


def find_taker(rule: RoutingRule | None, *, owner_id: UUID | None, fallback: Pool | None) -> Taker:
    """Return who takes a lead that hits the rule and whose company has the owner; no rule is the fallback."""
    if rule is not None and rule.target == RoutingRule.Target.MEMBER:
        return Taker(member_id=rule.member_id)
    if rule is not None and rule.target == RoutingRule.Target.COMPANY_OWNER and owner_id:
        return Taker(member_id=owner_id)
    pool = (rule.pool if rule else None) or fallback
    return Taker(pool_id=pool.pk if pool else None)


def list_hits(drafted: list[RoutingRule], published: list[RoutingRule], *, now: datetime) -> QuerySet[Any]:
    """Return the replayed leads, each with the indexes of the rules it hits and its `company_owner`."""
    leads: QuerySet[Any] = Lead.objects.counted().filter(captured_at__gte=now - REPLAY, is_test=False)
    hits: QuerySet[Any] = leads.annotate(
        draft_rule=first_match([rule.condition for rule in drafted], now=now),
        live_rule=first_match([rule.condition for rule in published], now=now),
        company_owner=F("person__company__owner"),
    )
    return hits


def count_hits(hits: QuerySet[Any]) -> list[Hit]:
    """Return (draft rule index, live rule index, the company's owner, leads), from one SELECT."""
    return list(hits.values_list("draft_rule", "live_rule", "company_owner").annotate(leads=Count("id")).order_by())
