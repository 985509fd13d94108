"""How a pass ends or pauses: dispositions, snoozing, and waking up again. Called by pages, API and the wake-up job.

The code decides what follows: timing parks the lead until its date, competitor and cold recycle it, no fit
disqualifies it and revokes its verdict, do not contact also silences every address of the person.
"""

from collections.abc import Mapping
from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.consent import suppress_person
from leadhub.leads.lifecycle import OtherOpenLead, end_lead, reopen_lead
from leadhub.leads.locking import lock_lead, lock_person
from leadhub.leads.models import (
    CLOSED_OPPORTUNITY_STAGES,
    DispositionCode,
    Event,
    EventKind,
    Lead,
    OpportunityLead,
    Stage,
    Task,
    TaskKind,
    Verdict,
)
from leadhub.leads.stages import StageNotAllowed
from leadhub.leads.tasks import create_task
from leadhub.leads.timeline import record_event
from leadhub.leads.verdicts import set_verdict
from leadhub.lib.errors import DomainError

END_STAGES: Mapping[DispositionCode, Stage] = {
    DispositionCode.TIMING: Stage.RECYCLED,
    DispositionCode.COMPETITOR: Stage.RECYCLED,
    DispositionCode.COLD: Stage.RECYCLED,
    DispositionCode.NO_FIT: Stage.DISQUALIFIED,
    DispositionCode.DO_NOT_CONTACT: Stage.DISQUALIFIED,
}


class UnknownDisposition(DomainError):
    """The code is not one of the list."""

    def __init__(self) -> None:
        super().__init__("Choose a reason.", field="code")


class WakeDateNeeded(DomainError):
    """Parking a lead asks for a date that is still to come."""

    def __init__(self, *, field: str = "wakes_at") -> None:
        super().__init__("Say when to come back to it: a date that is still to come.", field=field)


class NotAsleep(DomainError):
    """The lead waits for no day, or for one that will not come."""

    def __init__(self) -> None:
        super().__init__("This lead is not put off: there is nothing to wake.")


class OpenDeals(DomainError):
    """The lead has open opportunities, which must be won or lost first."""

    def __init__(self) -> None:
        super().__init__("Close the open opportunities first: mark each won or lost.", field="code")


def dispose_lead(
    *,
    lead: Lead,
    code: DispositionCode,
    actor: Membership,
    now: datetime,
    note: str = "",
    wakes_at: datetime | None = None,
) -> Lead:
    """End or park the lead for a reason; the same reason again changes nothing.

    Raises `UnknownDisposition`, `WakeDateNeeded` (timing without a date to come), `OpenDeals`, `StageNotAllowed`.
    """
    if code not in DispositionCode.values:
        raise UnknownDisposition
    code = DispositionCode(code)
    if code == DispositionCode.DO_NOT_CONTACT:
        lock_person(lead.person)
    lock_lead(lead)
    wakes_at = wakes_at if code == DispositionCode.TIMING else None
    if not lead.is_open and (lead.disposition, lead.wakes_at) == (code, wakes_at):
        return lead
    _require_disposable(lead=lead, code=code, wakes_at=wakes_at, now=now)
    end_lead(
        lead=lead,
        to_stage=END_STAGES[code],
        disposition=code,
        note=note.strip(),
        wakes_at=wakes_at,
        actor=actor,
        now=now,
    )
    if code == DispositionCode.NO_FIT:
        set_verdict(
            lead=lead, verdict=Verdict.UNQUALIFIED, actor=actor, reason=note or code.label, now=now, walks=False
        )
    if code == DispositionCode.DO_NOT_CONTACT:
        suppress_person(person=lead.person, reason="Asked not to be contacted", now=now, actor=actor)
    _record(lead=lead, kind=EventKind.DISPOSED, actor=actor, now=now, summary=note or code.label)
    return lead


def snooze_lead(*, lead: Lead, until: datetime, actor: Membership, now: datetime, note: str = "") -> Lead:
    """Put an open lead off until a date, and with it the try that it was woken for. Raises `WakeDateNeeded`.

    It stays open, and its owner keeps it.
    """
    if until <= now:
        raise WakeDateNeeded
    lock_lead(lead)
    if not lead.is_open:
        raise StageNotAllowed(from_stage=lead.stage, to_stage=lead.stage)
    if lead.wakes_at == until:
        return lead
    lead.wakes_at, lead.updated_at = until, now
    lead.save(update_fields=["wakes_at", "updated_at"])
    Task.objects.filter(lead=lead, kind=TaskKind.WOKEN, done_at=None).update(done_at=now)
    _record(lead=lead, kind=EventKind.SNOOZED, actor=actor, now=now, summary=note or "Put off")
    return lead


def wake_lead(*, lead: Lead, now: datetime) -> Lead:
    """Bring back a parked or snoozed lead whose date has come, with a task for its owner; else change nothing.

    A parked lead stays closed where the person has opened another one meanwhile, or asked to be left alone.
    Called by the wake-up job.
    """
    lock_lead(lead)
    due_at = lead.wakes_at
    if due_at is None or due_at > now or not _may_wake(lead):
        return lead
    try:
        return _wake(lead=lead, actor=None, now=now, cause=f"wake:{lead.pk}:{due_at.isoformat()}")
    except OtherOpenLead:
        return lead


def wake_early(*, lead: Lead, actor: Membership, now: datetime) -> Lead:
    """Bring back a parked or snoozed lead before its date, as that date would have.

    Put off again until the same date, it wakes then too: the cause is this waking's own. Raises `NotAsleep`,
    `OtherOpenLead`.
    """
    lock_lead(lead)
    if not _may_wake(lead):
        raise NotAsleep
    return _wake(lead=lead, actor=actor, now=now, cause=f"wake:{lead.pk}:by:{now.isoformat()}")


def _may_wake(lead: Lead) -> bool:
    return lead.is_put_off and not lead.person.do_not_contact


def _wake(*, lead: Lead, actor: Membership | None, now: datetime, cause: str) -> Lead:
    """Open the lead where it is parked, and put it before its owner. Raises `OtherOpenLead`."""
    if lead.is_open:
        lead.wakes_at, lead.updated_at = None, now
        lead.save(update_fields=["wakes_at", "updated_at"])
    else:
        reopen_lead(lead=lead, now=now, actor=actor, reason="Woken up")
    create_task(
        lead=lead, member=lead.owner, kind=TaskKind.WOKEN, title="Woken lead", due_at=now, now=now, dedupe_key=cause
    )
    _record(lead=lead, kind=EventKind.WOKEN, actor=actor, now=now, summary="Woken up", dedupe_key=cause)
    return lead


def _require_disposable(*, lead: Lead, code: DispositionCode, wakes_at: datetime | None, now: datetime) -> None:
    if not lead.is_open:
        raise StageNotAllowed(from_stage=lead.stage, to_stage=END_STAGES[code])
    if code == DispositionCode.TIMING and (wakes_at is None or wakes_at <= now):
        raise WakeDateNeeded
    deals = OpportunityLead.objects.filter(lead=lead).exclude(opportunity__stage__in=CLOSED_OPPORTUNITY_STAGES)
    if deals.exists():
        raise OpenDeals


def _record(
    *, lead: Lead, kind: EventKind, actor: Membership | None, now: datetime, summary: str, dedupe_key: str = ""
) -> Event:
    return record_event(
        person=lead.person,
        lead=lead,
        kind=kind,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=summary,
        properties={
            "code": lead.disposition,
            "wakes_at": lead.wakes_at.isoformat() if lead.wakes_at else None,
        },
        dedupe_key=dedupe_key,
    )
