"""Who is away. Called by pools, by the team page and by settings."""

from datetime import datetime

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OPEN_STAGES
from leadhub.lib.errors import DomainError
from leadhub.work.jobs import JobRequest, enqueue_many
from routing.models import Assignment


class AbsenceReversed(DomainError):
    """The absence ends before it starts."""

    def __init__(self) -> None:
        super().__init__("Choose a return after the start.", field="away_until")


def is_away(member: Membership, now: datetime) -> bool:
    """Say whether the member is away at the instant."""
    if member.away_from is None or member.away_from > now:
        return False
    return member.away_until is None or member.away_until > now


def is_available(member: Membership, now: datetime) -> bool:
    """Say whether the member can be given a lead outside a pool's turn."""
    return member.is_active and not is_away(member, now)


def describe_absence(member: Membership) -> str:
    """Return why an absent member gets nothing."""
    return f"away until {member.away_until:%d %b %Y, %H:%M} UTC" if member.away_until else "away until further notice"


def send_away(
    *, member: Membership, away_from: datetime, away_until: datetime | None, actor: Membership, now: datetime
) -> Membership:
    """Take the member out of every pool's turns for a time, audited. Raises `AbsenceReversed`."""
    if away_until is not None and away_until <= away_from:
        raise AbsenceReversed
    return _set_absence(member=member, absence=(away_from, away_until), action="member.sent_away", actor=actor, now=now)


def return_back(*, member: Membership, actor: Membership, now: datetime) -> Membership:
    """End the member's absence, audited; the leads that wait for somebody are tried again."""
    _set_absence(member=member, absence=(None, None), action="member.returned", actor=actor, now=now)
    retry_held_leads(now=now)
    return member


def retry_held_leads(*, now: datetime) -> int:
    """Have every held lead tried again now; called when a member is back. Returns how many wait."""
    held = Assignment.objects.filter(
        ended_at=None, state=Assignment.State.HELD, is_sales=True, lead__stage__in=OPEN_STAGES
    ).values_list("lead_id", flat=True)
    jobs = [JobRequest(kind="routing.retry", target_id=one, dedupe_key=str(one), due_at=now) for one in held]
    return len(enqueue_many(jobs=jobs, now=now))


def _set_absence(
    *,
    member: Membership,
    absence: tuple[datetime | None, datetime | None],
    action: str,
    actor: Membership,
    now: datetime,
) -> Membership:
    before = _absence_of(member)
    member.away_from, member.away_until = absence
    member.save(update_fields=["away_from", "away_until"])
    record_change(
        actor=actor,
        action=action,
        target_kind="membership",
        target_id=member.id,
        summary=f"{member.name} is {describe_absence(member) if absence[0] else 'back'}",
        now=now,
        before=before,
        after=_absence_of(member),
    )
    return member


def _absence_of(member: Membership) -> dict[str, str | None]:
    return {
        "away_from": member.away_from.isoformat() if member.away_from else None,
        "away_until": member.away_until.isoformat() if member.away_until else None,
    }
