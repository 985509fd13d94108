"""The leads behind a replay's numbers, each with the rule it hits by the draft and by the live rules. For the pages."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from routing.models import Pool, RoutingRule, RoutingRuleSet
from routing.rule_preview import Hit, count_hits, describe_target, find_taker, list_hits
from routing.rules import list_rules


@dataclass(frozen=True, kw_only=True)
class Way:
    """A rule, and who gets its leads, in words; without a rule the fallback."""

    rule: RoutingRule | None
    who: str


@dataclass(frozen=True)
class Replay:
    """The leads of the last 30 days before two sets of rules."""

    draft: RoutingRuleSet
    live: RoutingRuleSet | None
    now: datetime

    def list_leads(self, *, place: int | None = None, is_moved: bool = False) -> QuerySet[Any]:
        """Return the leads, the latest first; `place` keeps a rule of the draft, from 1 on, 0 the fallback.

        `is_moved` keeps those that another taker, a member or a pool, would have got than by the live rules.
        """
        found = self._hits
        if place is not None:
            found = found.filter(draft_rule=place - 1) if place else found.filter(draft_rule=None)
        if is_moved:
            found = found.filter(self._moved)
        return found.select_related("person__company").order_by("-captured_at", "-pk")

    def find_ways(self, lead: Any) -> tuple[Way, Way]:
        """Return the lead's way by the draft, and by the live rules."""
        return self._describe(self._drafted, lead.draft_rule), self._describe(self._published, lead.live_rule)

    def name_rule(self, *, place: int) -> str:
        """Return the name of the draft's rule at the place, from 1 on; without one it is the fallback."""
        rule = _pick(self._drafted, place - 1) if 0 < place <= len(self._drafted) else None
        return f"rule {place}, “{rule.name}”" if rule else "no rule"

    @cached_property
    def _drafted(self) -> list[RoutingRule]:
        return list_rules(rule_set=self.draft)

    @cached_property
    def _published(self) -> list[RoutingRule]:
        return list_rules(rule_set=self.live) if self.live else []

    @cached_property
    def _fallback(self) -> Pool | None:
        return Pool.objects.filter(is_fallback=True).first()

    @property
    def _hits(self) -> QuerySet[Any]:
        return list_hits(self._drafted, self._published, now=self.now)

    @property
    def _moved(self) -> Q:
        """Return which leads hit rules that send them to different takers.

        Each two rules are asked about once, with the owners of the leads' companies: the statement names all conditions
        each time.
        """
        owners = defaultdict[tuple[int | None, int | None], set[UUID | None]](set)
        for hit in count_hits(self._hits):
            if self._is_moved(hit):
                owners[hit[0], hit[1]].add(hit[2])
        wanted = (Q(draft_rule=draft, live_rule=live) & _owned_by(some) for (draft, live), some in owners.items())
        return reduce(or_, wanted, Q(pk__in=[]))

    def _is_moved(self, hit: Hit) -> bool:
        draft_index, live_index, owner_id, _ = hit
        rules = _pick(self._drafted, draft_index), _pick(self._published, live_index)
        to_draft, to_live = (find_taker(rule, owner_id=owner_id, fallback=self._fallback) for rule in rules)
        return to_draft != to_live

    def _describe(self, rules: list[RoutingRule], index: int | None) -> Way:
        rule = _pick(rules, index)
        return Way(rule=rule, who=describe_target(rule, fallback=self._fallback))


def _pick(rules: list[RoutingRule], index: int | None) -> RoutingRule | None:
    return None if index is None else rules[index]


def _owned_by(owners: Collection[UUID | None]) -> Q:
    """Return which leads' companies have one of the owners, or none where None is one of them."""
    is_named = Q(company_owner__in=[owner for owner in owners if owner])
    return is_named | Q(company_owner=None) if None in owners else is_named
