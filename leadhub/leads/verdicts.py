"""The verdict: is this a qualified lead? MQL sets it (`lifecycle`); a marketer or rep sets or revokes it here."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.lifecycle import move_lead
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import EventKind, Lead, Stage, Verdict
from leadhub.leads.stage_events import word_change
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError


class ReasonMissing(DomainError):
    """A verdict was revoked without saying why."""


def set_verdict(
    *, lead: Lead, verdict: Verdict, actor: Membership | None, reason: str, now: datetime, walks: bool = True
) -> Lead:
    """Set the verdict with who, when and why; the same verdict again changes nothing.

    A member who calls a new lead qualified makes it an MQL, so that it goes to sales. Revoking needs a reason:
    raises `ReasonMissing`.
    """
    lock_lead(lead)
    if lead.verdict == verdict:
        return lead
    if not reason.strip() and verdict in {Verdict.UNQUALIFIED, Verdict.NOT_A_LEAD}:
        raise ReasonMissing("Say why this is not qualified.", field="reason")
    former, lead.verdict = Verdict(lead.verdict), verdict
    lead.verdict_at, lead.verdict_by, lead.verdict_reason = now, actor, reason.strip()[:300]
    lead.updated_at = now
    lead.save(update_fields=["verdict", "verdict_at", "verdict_by", "verdict_reason", "updated_at"])
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.VERDICT_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        walks=walks,
        **word_change(former, Verdict(verdict), reason=reason),
    )
    is_reachable = bool(lead.person.email or lead.person.phone)
    if verdict == Verdict.QUALIFIED and lead.stage == Stage.NEW and actor and is_reachable:
        move_lead(lead=lead, to_stage=Stage.MQL, now=now, actor=actor, reason=lead.verdict_reason, walks=False)
    return lead
