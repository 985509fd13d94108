"""The only module that moves a lead and writes `StageChange`. Called by the domain above, pages, API and the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.evidence import gather_evidence
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import (
    DispositionCode,
    Event,
    Lead,
    MqlReason,
    Stage,
    StageChange,
    Verdict,
)
from leadhub.leads.stage_dates import ENDED
from leadhub.leads.stage_events import describe_confirmation, describe_move
from leadhub.leads.stages import (
    WAIVABLE,
    MissingStageFields,
    StageNotAllowed,
    implied_stages,
    list_missing,
    require_move,
    stage_without_deal,
)
from leadhub.leads.timeline import announce_events, record_events, show_events
from leadhub.lib.errors import DomainError
from leadhub.tenancy.inserts import insert_together

REVOKED = (Verdict.UNQUALIFIED, Verdict.NOT_A_LEAD)
# The columns that becoming an MQL writes, and those that any move may write.
_MADE_MQL = ["stage", "verdict", "verdict_at", "verdict_by", "verdict_reason", "mql_at", "mql_reason"]
_STAMPED = [*_MADE_MQL, "sal_at", "sql_at", "opportunity_at", "customer_at", "recycled_at", "disqualified_at"]


class OtherOpenLead(DomainError):
    """The person has another open lead, so that this one cannot come back."""

    def __init__(self) -> None:
        super().__init__("This person has an open lead already: work on that one.", field="stage")


@dataclass(frozen=True, kw_only=True)
class _Move:
    to_stage: Stage
    now: datetime
    actor: Membership | None
    reason: str = ""
    is_override: bool = False
    score_model_version: int | None = None
    mql_reason: MqlReason = MqlReason.MEMBER
    walks: bool = True


def move_lead(
    *,
    lead: Lead,
    to_stage: Stage,
    now: datetime,
    actor: Membership | None = None,
    reason: str = "",
    override: bool = False,
    score_model_version: int | None = None,
    walks: bool = True,
) -> Lead:
    """Move the lead forward, or end it; to the stage it is in already changes nothing.

    `override` waives the fields of MQL and SQL and is audited; it never waives what defines a stage (a deal, a
    disposition). Raises `StageNotAllowed`, `MissingStageFields`.
    """
    lock_lead(lead)
    if lead.stage == to_stage:
        return lead
    require_move(from_stage=Stage(lead.stage), to_stage=to_stage)
    missing = list_missing(to_stage=to_stage, evidence=gather_evidence(lead, to_stage))
    is_waived = bool(missing) and override and to_stage in WAIVABLE
    if missing and not is_waived:
        raise MissingStageFields(to_stage=to_stage, fields=missing)
    if is_waived:
        _audit_override(lead=lead, to_stage=to_stage, missing=missing, reason=reason, actor=actor, now=now)
    move = _Move(
        to_stage=to_stage,
        now=now,
        actor=actor,
        reason=reason,
        is_override=is_waived,
        score_model_version=score_model_version,
        walks=walks,
    )
    return _write_move(lead=lead, move=move)


def mark_mql(*, lead: Lead, reason: MqlReason, now: datetime, score_model_version: int | None = None) -> Lead:
    """Make a new lead, locked by the caller, an MQL and its verdict qualified; called by the line.

    A lead that is further already keeps its stage and date. A verdict that somebody revoked stands, and a lead
    without any address or number stays where it is.
    """
    if lead.verdict in REVOKED or not lead.is_open:
        return lead
    if lead.stage != Stage.NEW:
        return _confirm_verdict(lead=lead, now=now)
    if list_missing(to_stage=Stage.MQL, evidence=gather_evidence(lead, Stage.MQL)):
        return lead
    move = _Move(
        to_stage=Stage.MQL,
        now=now,
        actor=None,
        reason=MqlReason(reason).label,
        score_model_version=score_model_version,
        mql_reason=MqlReason(reason),
        walks=False,
    )
    return _write_move(lead=lead, move=move)


def mark_mqls(
    *, leads: Sequence[Lead], reason: MqlReason, now: datetime, score_model_version: int | None = None
) -> list[Event]:
    """Make MQLs of locked leads that are all new, in a handful of statements; return the events of their moves.

    As with one lead, a revoked verdict stands, and a lead without any address or number stays where it is.
    """
    moved = [lead for lead in leads if lead.verdict not in REVOKED and (lead.person.email or lead.person.phone)]
    move = _Move(to_stage=Stage.MQL, now=now, actor=None, reason=MqlReason(reason).label, mql_reason=reason)
    for lead in moved:
        lead.stage, lead.updated_at = Stage.MQL, now
        _stamp(lead=lead, move=move)
    alike = {name: getattr(moved[0], name) for name in (*_MADE_MQL, "updated_at")} if moved else {}
    Lead.objects.filter(pk__in=[lead.pk for lead in moved]).update(**alike)
    changes = [
        StageChange(
            lead=lead,
            from_stage=Stage.NEW,
            to_stage=Stage.MQL,
            at=now,
            reason=move.reason,
            score_model_version=score_model_version,
        )
        for lead in moved
    ]
    StageChange.objects.bulk_create(changes)
    return record_events([_describe(lead, from_stage=Stage.NEW, move=move) for lead in moved])


def accept_lead(*, lead: Lead, actor: Membership, now: datetime, reason: str = "Accepted", walks: bool = True) -> Lead:
    """Move the lead to SAL for the member who takes it; further ones stay. Raises `StageNotAllowed`."""
    lock_lead(lead)
    if lead.stage in {Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER}:
        return lead
    return move_lead(lead=lead, to_stage=Stage.SAL, now=now, actor=actor, reason=reason, walks=walks)


def end_lead(
    *,
    lead: Lead,
    to_stage: Stage,
    disposition: DispositionCode,
    note: str,
    wakes_at: datetime | None,
    actor: Membership,
    now: datetime,
) -> Lead:
    """End an open lead with its reason, or park it; called by disposition. Raises `StageNotAllowed`."""
    lock_lead(lead)
    require_move(from_stage=Stage(lead.stage), to_stage=to_stage)
    lead.disposition, lead.disposition_note, lead.wakes_at = disposition, note[:500], wakes_at
    move = _Move(to_stage=to_stage, now=now, actor=actor, reason=disposition.label, walks=False)
    return _write_move(lead=lead, move=move)


def take_back_acceptance(*, lead: Lead, actor: Membership, now: datetime) -> Lead:
    """Undo an acceptance that rested on an act now undone: an SAL becomes the MQL it was."""
    lock_lead(lead)
    if lead.stage != Stage.SAL:
        return lead
    lead.sal_at = None
    move = _Move(to_stage=Stage.MQL, now=now, actor=actor, reason="The attempt was undone", walks=False)
    return _write_move(lead=lead, move=move)


def step_back_from_deals(*, lead: Lead, actor: Membership, now: datetime, reason: str) -> Lead:
    """Return a lead whose last open deal is lost to the stage that the other evidence supports."""
    lock_lead(lead)
    if lead.stage != Stage.OPPORTUNITY or gather_evidence(lead, Stage.OPPORTUNITY).open_deals:
        return lead
    move = _Move(to_stage=_stage_without_deal(lead), now=now, actor=actor, reason=reason, walks=False)
    return _write_move(lead=lead, move=move)


def reopen_lead(*, lead: Lead, now: datetime, actor: Membership | None, reason: str) -> Lead:
    """Bring a recycled or disqualified lead back, as far as its evidence reaches; its disposition is cleared.

    Raises `OtherOpenLead`, and `StageNotAllowed` for a customer. An open lead stays as it is.
    """
    lock_lead(lead)
    if lead.is_open:
        return lead
    to_stage = _stage_without_deal(lead)
    if lead.stage == Stage.CUSTOMER:
        raise StageNotAllowed(from_stage=lead.stage, to_stage=to_stage)
    if Lead.objects.open().filter(person_id=lead.person_id).exists():
        raise OtherOpenLead
    lead.disposition, lead.disposition_note, lead.wakes_at = "", "", None
    move = _Move(to_stage=to_stage, now=now, actor=actor, reason=reason, walks=False)
    return _write_move(lead=lead, move=move)


def _stage_without_deal(lead: Lead) -> Stage:
    return stage_without_deal(has_sql=bool(lead.sql_at), has_sal=bool(lead.sal_at), has_mql=bool(lead.mql_at))


def _write_move(*, lead: Lead, move: _Move) -> Lead:
    """Save stage, dates and verdict, and write the move and its event."""
    from_stage, lead.stage = Stage(lead.stage), move.to_stage
    _stamp(lead=lead, move=move)
    lead.updated_at = move.now
    lead.save(update_fields=[*_STAMPED, "disposition", "disposition_note", "wakes_at", "updated_at"])
    change = StageChange(
        lead=lead,
        from_stage=from_stage,
        to_stage=move.to_stage,
        at=move.now,
        actor=move.actor,
        reason=move.reason[:300],
        is_override=move.is_override,
        score_model_version=move.score_model_version,
    )
    event = _describe(lead, from_stage=from_stage, move=move)
    insert_together([change, event])
    show_events([event])
    if move.walks:
        announce_events([event], now=move.now)
    return lead


def _describe(lead: Lead, *, from_stage: Stage, move: _Move) -> Event:
    return describe_move(
        lead=lead, from_stage=from_stage, to_stage=move.to_stage, reason=move.reason, actor=move.actor, now=move.now
    )


def _stamp(*, lead: Lead, move: _Move) -> None:
    """Date the stage and those it proves; the first MQL date sets the verdict.

    What a lead reached stays reached, so its first time counts; an end that did not last was none, so its last does.
    """
    is_first_mql = lead.mql_at is None
    for stage in (*implied_stages(move.to_stage), move.to_stage):
        if stage in ENDED or (stage != Stage.NEW and getattr(lead, f"{stage}_at") is None):
            setattr(lead, f"{stage}_at", move.now)
    if is_first_mql and lead.mql_at:
        lead.mql_reason = move.mql_reason
        lead.verdict, lead.verdict_at, lead.verdict_by = Verdict.QUALIFIED, move.now, move.actor
        lead.verdict_reason = (move.reason or move.mql_reason.label)[:300]


def _confirm_verdict(*, lead: Lead, now: datetime) -> Lead:
    """Set the verdict of a lead past MQL that a new inquiry had put back to pending, and write the event."""
    if lead.verdict == Verdict.PENDING:
        lead.verdict, lead.verdict_at, lead.verdict_by = Verdict.QUALIFIED, now, None
        lead.verdict_reason = "Met the bar again"
        lead.save(update_fields=["verdict", "verdict_at", "verdict_by", "verdict_reason"])
        record_events([describe_confirmation(lead=lead, now=now)])
    return lead


def _audit_override(
    *, lead: Lead, to_stage: Stage, missing: list[str], reason: str, actor: Membership | None, now: datetime
) -> None:
    record_change(
        actor=actor,
        action="lead.stage_overridden",
        target_kind="lead",
        target_id=lead.pk,
        summary=f"{to_stage.label} without {', '.join(missing)}"[:300],
        now=now,
        before={"stage": lead.stage},
        after={"stage": to_stage, "missing": missing, "reason": reason},
    )
