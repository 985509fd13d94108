"""What the timeline says of a move between stages, and of a verdict that stands again. Called by `lifecycle`."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead, Stage, Verdict


def describe_move(
    *, lead: Lead, from_stage: Stage, to_stage: Stage, reason: str, actor: Membership | None, now: datetime
) -> Event:
    """Return the event of a move, unsaved."""
    return Event(
        person_id=lead.person_id,
        lead=lead,
        kind=EventKind.STAGE_CHANGED,
        occurred_at=now,
        logged_at=now,
        actor=actor,
        summary=f"{from_stage.label} → {to_stage.label}",
        properties={"from": from_stage, "to": to_stage, "reason": reason},
    )


def describe_confirmation(*, lead: Lead, now: datetime) -> Event:
    """Return the event of a verdict that a new inquiry had put back and that stands again, unsaved."""
    return Event(
        person_id=lead.person_id,
        lead=lead,
        kind=EventKind.VERDICT_CHANGED,
        occurred_at=now,
        logged_at=now,
        summary=f"{Verdict.PENDING.label} → {Verdict.QUALIFIED.label}",
        properties={"from": Verdict.PENDING, "to": Verdict.QUALIFIED, "reason": lead.verdict_reason},
    )
