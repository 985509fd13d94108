"""Choose who gets a lead: former owner, then the rules, then the fallback pool, then the duty manager.

Called by `assignment.py` with the lead's row locked. Takes turns, writes nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from routing.availability import describe_absence, is_available
from routing.duty import find_duty_manager
from routing.models import Assignment, Pool, PoolMember, RoutingRule
from routing.pools import take_turn
from routing.receipts import Receipt
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


def choose_owner(*, lead: Lead, excluded: Collection[UUID], now: datetime) -> Choice:
    """Return who should work the lead now; the duty manager when nobody is available.

    `excluded` have had the lead and did not keep it. Raises `NobodyOnDuty`.
    """
    receipt = Receipt()
    former = find_former_owner(lead=lead)
    if former is not None and _can_have(former, excluded=excluded, receipt=receipt, now=now):
        return _pick(former, reason=Reason.FORMER_OWNER, why="owned this person's earlier lead", receipt=receipt)
    match = match_rules(lead=lead, now=now)
    receipt.rule_set_version, receipt.rules = match.version, match.tried
    direct = _choose_directly(match, lead=lead, excluded=excluded, receipt=receipt, now=now)
    return direct or _choose_from_pool(match, excluded=excluded, receipt=receipt, now=now)


def find_former_owner(*, lead: Lead) -> Membership | None:
    """Return the member of sales who had the person's previous lead."""
    previous = Lead.objects.filter(person_id=lead.person_id, number__lt=lead.number).order_by("-number").first()
    if previous is None:
        return None
    sales = Assignment.objects.filter(lead=previous, is_sales=True, ended_at=None)
    held = sales.exclude(state=Assignment.State.HELD).select_related("member__user").first()
    return held.member if held else None


def _choose_directly(
    match: RuleMatch, *, lead: Lead, excluded: Collection[UUID], receipt: Receipt, now: datetime
) -> Choice | None:
    """Return the member that the matched rule names, where they can have the lead."""
    rule = match.rule
    if rule is None:
        return None
    if rule.target == RoutingRule.Target.MEMBER and rule.member:
        member, reason, why = rule.member, Reason.RULE, f"rule “{rule.name}” names them"
    elif rule.target == RoutingRule.Target.COMPANY_OWNER and (owner := _company_owner(lead)):
        member, reason, why = owner, Reason.COMPANY_OWNER, f"rule “{rule.name}”: owns the company"
    else:
        return None
    if not _can_have(member, excluded=excluded, receipt=receipt, now=now):
        return None
    return _pick(member, reason=reason, why=why, receipt=receipt)


def _choose_from_pool(match: RuleMatch, *, excluded: Collection[UUID], receipt: Receipt, now: datetime) -> Choice:
    """Return whose turn it is in the rule's pool, else in the fallback pool; the duty manager for nobody."""
    named = match.rule.pool if match.rule and match.rule.pool and match.rule.pool.is_active else None
    pool = named or Pool.objects.filter(is_fallback=True).first()
    if pool is None:
        return _hold(pool=None, receipt=receipt)
    turn = take_turn(pool=pool, excluded=excluded, now=now)
    receipt.skipped.extend(turn.skipped)
    if turn.member is None:
        return _hold(pool=pool, receipt=receipt)
    receipt.round = {str(key): weight for key, weight in turn.round.items()}
    receipt.picked, receipt.why = turn.member.name, f"next turn in {pool.name}"
    reason = Reason.RULE if named else Reason.FALLBACK
    return Choice(member=turn.member, pool=pool, reason=reason, receipt=receipt)


def _hold(*, pool: Pool | None, receipt: Receipt) -> Choice:
    manager = find_duty_manager()
    receipt.picked, receipt.why = manager.name, "nobody is available: the duty manager holds it, the clock runs"
    return Choice(member=manager, pool=pool, reason=Reason.DUTY_MANAGER, receipt=receipt)


def _pick(member: Membership, *, reason: Assignment.Reason, why: str, receipt: Receipt) -> Choice:
    receipt.picked, receipt.why = member.name, why
    row = PoolMember.objects.filter(member=member, pool__is_active=True).select_related("pool").order_by("id").first()
    return Choice(member=member, pool=row.pool if row else None, reason=reason, receipt=receipt)


def _can_have(member: Membership, *, excluded: Collection[UUID], receipt: Receipt, now: datetime) -> bool:
    if member.pk in excluded:
        why = "has had this lead already"
    elif not is_available(member, now):
        why = describe_absence(member) if member.is_active else "no longer active"
    else:
        return True
    receipt.skip(member=member.name, why=why)
    return False


def _company_owner(lead: Lead) -> Membership | None:
    company = lead.person.company
    return company.owner if company else None
