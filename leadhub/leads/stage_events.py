"""What the timeline says of a move between stages, and of a verdict that stands again.

Called by `lifecycle`; `verdicts` and `bulk.outcomes` take the words.
"""

from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead, Stage, Verdict


def describe_move(
    *, lead: Lead, from_stage: Stage, to_stage: Stage, reason: str, actor: Membership | None, now: datetime
) -> Event:
    """Return the event of a move, unsaved."""
    words = word_change(from_stage, to_stage, reason=reason)
    return _describe(lead=lead, kind=EventKind.STAGE_CHANGED, words=words, actor=actor, now=now)


def describe_confirmation(*, lead: Lead, now: datetime) -> Event:
    """Return the event of a verdict that a new inquiry had put back and that stands again, unsaved."""
    words = word_change(Verdict.PENDING, Verdict.QUALIFIED, reason=lead.verdict_reason)
    return _describe(lead=lead, kind=EventKind.VERDICT_CHANGED, words=words, actor=None, now=now)


def word_change(former: Stage | Verdict, present: Stage | Verdict, *, reason: str) -> dict[str, Any]:
    """Return summary and properties of the event of a change, JSON-ready."""
    return {
        "summary": f"{former.label} → {present.label}",
        "properties": {"from": former.value, "to": present.value, "reason": reason},
    }


def _describe(*, lead: Lead, kind: EventKind, words: dict[str, Any], actor: Membership | None, now: datetime) -> Event:
    return Event(person_id=lead.person_id, lead=lead, kind=kind, occurred_at=now, logged_at=now, actor=actor, **words)
