"""Choose who gets a lead: former owner, then the rules, then the fallback pool, then the duty manager.

Called by `assignment.py` with the leads' rows locked, for one as for thousands: each question is one statement for
all of them. Takes turns, writes nothing else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from leadhub.accounts.duty import find_duty_manager
from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from routing.availability import describe_absence, is_available
from routing.models import Assignment, Pool, PoolMember, RoutingRule
from routing.receipts import Receipt
from routing.rota import Rota, hold_rotas
from routing.rules import RuleMatch, match_rules

Reason = Assignment.Reason


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Who gets the lead, out of which pool's turns and business time, and the receipt."""

    member: Membership
    pool: Pool | None
    reason: Assignment.Reason
    receipt: Receipt

    @property
    def is_offered(self) -> bool:
        """Say whether the member was chosen to work it, not only to hold it until somebody is there."""
        return self.reason != Reason.DUTY_MANAGER


@dataclass(kw_only=True)
class _Case:
    """One lead while its owner is chosen; `excluded` have had it and did not keep it."""

    lead: Lead
    excluded: Collection[UUID]
    now: datetime
    receipt: Receipt = field(default_factory=Receipt)
    match: RuleMatch = field(default_factory=lambda: RuleMatch(version=None))
    named: Membership | None = None
    reason: Assignment.Reason = Reason.RULE

    def name(self, member: Membership | None, *, reason: Assignment.Reason, why: str) -> None:
        """Give it to the member where they can have it; else note why not."""
        if member is None or self.named is not None:
            return
        if member.pk in self.excluded:
            self.receipt.skip(member=member.name, why="has had this lead already")
        elif not is_available(member, self.now):
            absence = describe_absence(member) if member.is_active else "no longer active"
            self.receipt.skip(member=member.name, why=absence)
        else:
            self.named, self.reason = member, reason
            self.receipt.picked, self.receipt.why = member.name, why


def choose_owners(
    *, leads: Sequence[Lead], excluded: Mapping[UUID, Collection[UUID]], now: datetime
) -> dict[UUID, Choice]:
    """Return for each lead who should work it now; the duty manager where nobody is available.

    `excluded` are, by lead, those who have had it and did not keep it. Raises `NobodyOnDuty`.
    """
    cases = [_Case(lead=lead, excluded=excluded.get(lead.pk, ()), now=now) for lead in leads]
    formers = find_former_owners(leads=leads)
    for case in cases:
        case.name(formers.get(case.lead.pk), reason=Reason.FORMER_OWNER, why="owned this person's earlier lead")
    _ask_rules([case for case in cases if case.named is None], now=now)
    named = {case.lead.pk: case for case in cases if case.named is not None}
    return {**_give_to_named(named), **_give_in_turn([case for case in cases if case.named is None], now=now)}


def find_former_owners(*, leads: Sequence[Lead]) -> dict[UUID, Membership]:
    """Return by lead the member of sales who had the person's previous lead."""
    later = {lead.person_id: lead for lead in leads if lead.number > 1}
    if not later:
        return {}
    previous: dict[UUID, Lead] = {}
    for lead in Lead.objects.filter(person__in=later).only("person", "number").order_by("number"):
        if lead.number < later[lead.person_id].number:
            previous[lead.person_id] = lead
    sales = Assignment.objects.filter(lead__in=previous.values(), is_sales=True, ended_at=None)
    held = sales.exclude(state=Assignment.State.HELD).select_related("member__user")
    owners = {assignment.lead_id: assignment.member for assignment in held}
    return {later[person].pk: owners[lead.pk] for person, lead in previous.items() if lead.pk in owners}


def _ask_rules(cases: Sequence[_Case], *, now: datetime) -> None:
    """Find each lead's rule, and name the member that the rule names."""
    matches = match_rules(leads=[case.lead for case in cases], now=now) if cases else {}
    for case in cases:
        case.match = matches[case.lead.pk]
        case.receipt.rule_set_version, case.receipt.rules = case.match.version, case.match.tried
        rule = case.match.rule
        if rule is None:
            continue
        if rule.target == RoutingRule.Target.MEMBER:
            case.name(rule.member, reason=Reason.RULE, why=f"rule “{rule.name}” names them")
        elif rule.target == RoutingRule.Target.COMPANY_OWNER:
            company = case.lead.person.company
            owner = company.owner if company else None
            case.name(owner, reason=Reason.COMPANY_OWNER, why=f"rule “{rule.name}”: owns the company")


def _give_to_named(cases: Mapping[UUID, _Case]) -> dict[UUID, Choice]:
    """Return the choices of members named outside a turn, each with the first pool that the member is in."""
    pools: dict[UUID, Pool] = {}
    members = {case.named for case in cases.values()}
    if members:
        rows = PoolMember.objects.filter(member__in=members, pool__is_active=True).select_related("pool")
        for row in rows.order_by("id"):
            pools.setdefault(row.member_id, row.pool)
    return {
        lead_id: Choice(member=case.named, pool=pools.get(case.named.pk), reason=case.reason, receipt=case.receipt)
        for lead_id, case in cases.items()
        if case.named is not None
    }


def _give_in_turn(cases: Sequence[_Case], *, now: datetime) -> dict[UUID, Choice]:
    """Return whose turn it is in each rule's pool, else in the fallback pool; the duty manager for nobody."""
    if not cases:
        return {}
    wanted = {case.lead.pk: _find_pool_id(case.match.rule) for case in cases}
    named = {pool_id for pool_id in wanted.values() if pool_id}
    rotas = hold_rotas(pool_ids=named, with_fallback=None in wanted.values(), now=now)
    by_pool = {rota.pool.pk: rota for rota in rotas}
    fallback = next((rota for rota in rotas if rota.pool.is_fallback), None)
    find_manager = cache(find_duty_manager)
    choices = {}
    for case in cases:
        pool_id = wanted[case.lead.pk]
        rota = by_pool[pool_id] if pool_id else fallback
        taken = _take_turn(case, rota=rota, is_named=bool(pool_id)) if rota else None
        choices[case.lead.pk] = taken or _hold(case, pool=rota.pool if rota else None, manager=find_manager())
    for rota in rotas:
        rota.save()
    return choices


def _find_pool_id(rule: RoutingRule | None) -> UUID | None:
    """Return the active pool that the rule names; None: the fallback's."""
    return rule.pool.pk if rule and rule.pool and rule.pool.is_active else None


def _take_turn(case: _Case, *, rota: Rota, is_named: bool) -> Choice | None:
    turn = rota.take(excluded=case.excluded)
    case.receipt.skipped.extend(turn.skipped)
    if turn.member is None:
        return None
    case.receipt.round = {str(key): weight for key, weight in turn.round.items()}
    case.receipt.picked, case.receipt.why = turn.member.name, f"next turn in {rota.pool.name}"
    reason = Reason.RULE if is_named else Reason.FALLBACK
    return Choice(member=turn.member, pool=rota.pool, reason=reason, receipt=case.receipt)


def _hold(case: _Case, *, pool: Pool | None, manager: Membership) -> Choice:
    case.receipt.picked = manager.name
    case.receipt.why = "nobody is available: the duty manager holds it, the clock runs"
    return Choice(member=manager, pool=pool, reason=Reason.DUTY_MANAGER, receipt=case.receipt)
