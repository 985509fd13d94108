"""What became of imported leads: `lifecycle` and `opportunities` for many at once, at dates of the past.

The rules are theirs (`stages`): forward only, each stage dated the first time, what it proves dated with it, a move
and its event written together, a customer has a won deal. What a stage asks for is waived and the move says so,
since the file is the record of work done elsewhere. Called by `arrival`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from leadhub.leads.bulk.known import ChunkState, KnownLead, KnownPerson
from leadhub.leads.bulk.rows import IncomingRow, Reception, RowOutcome
from leadhub.leads.models import DispositionCode, EventKind, MqlReason, OpportunityStage, Stage, Verdict
from leadhub.leads.opportunities import PROBABILITIES
from leadhub.leads.stage_events import word_change
from leadhub.leads.stages import StageNotAllowed, implied_stages, require_move
from leadhub.lib.ids import new_id

REASON = "Imported"
EARLY = "won before the first contact, kept as the file has it"
_WAIVED = (Stage.SQL,)
_ENDS = {Stage.RECYCLED: DispositionCode.COLD, Stage.DISQUALIFIED: DispositionCode.NO_FIT}


@dataclass(frozen=True, kw_only=True)
class _Move:
    """One of the row's moves, and what it is about and writes to."""

    stage: Stage
    at: datetime
    row: IncomingRow
    person: KnownPerson
    lead: KnownLead
    state: ChunkState
    reception: Reception


def apply_outcome(
    *, row: IncomingRow, person: KnownPerson, lead: KnownLead, state: ChunkState, reception: Reception
) -> list[str]:
    """Make the row's moves; return what is to be noted: a move that is behind the lead, a date out of order."""
    notes = []
    for stage, at in row.outcome.moves if row.outcome else ():
        try:
            require_move(from_stage=Stage(lead.values["stage"]), to_stage=stage)
        except StageNotAllowed:
            if lead.values["stage"] != stage:
                notes.append(f"stays {Stage(lead.values['stage']).label}")
            continue
        if stage == Stage.CUSTOMER and at < lead.values["captured_at"]:
            notes.append(EARLY)
        _write_move(_Move(stage=stage, at=at, row=row, person=person, lead=lead, state=state, reception=reception))
    return notes


def _write_move(move: _Move) -> None:
    stage, lead, person = move.stage, move.lead, move.person
    before = Stage(lead.values["stage"])
    if stage in {Stage.OPPORTUNITY, Stage.CUSTOMER}:
        _add_deal(move)
    if stage in _ENDS and move.row.outcome:
        _end(stage=stage, outcome=move.row.outcome, lead=lead)
    _stamp(move)
    is_reachable = bool(person.values.get("email") or person.values.get("phone"))
    move.state.stage_changes.append(
        {
            "id": new_id(),
            "lead_id": lead.pk,
            "from_stage": before.value,
            "to_stage": stage.value,
            "at": move.at,
            "actor_id": move.reception.actor_id,
            "reason": REASON,
            "is_override": stage in _WAIVED or (stage == Stage.MQL and not is_reachable),
        }
    )
    _tell(move, EventKind.STAGE_CHANGED, **word_change(before, stage, reason=REASON))


def _stamp(move: _Move) -> None:
    """Date the stage and those it proves, each the first time only; the first MQL date sets the verdict."""
    stage, at, lead = move.stage, move.at, move.lead
    is_first_mql = lead.values["mql_at"] is None
    stamps = {f"{one}_at": at for one in (*implied_stages(stage), stage) if lead.values[f"{one}_at"] is None}
    lead.set(stage=stage.value, updated_at=move.reception.now, **stamps)
    if is_first_mql and lead.values["mql_at"]:
        lead.set(
            mql_reason=MqlReason.MEMBER.value,
            verdict=Verdict.QUALIFIED.value,
            verdict_at=at,
            verdict_by_id=move.reception.actor_id,
            verdict_reason=REASON,
        )


def _end(*, stage: Stage, outcome: RowOutcome, lead: KnownLead) -> None:
    code = outcome.disposition or _ENDS[stage]
    lead.set(disposition=code.value, disposition_note=outcome.note[:500])
    if code == DispositionCode.NO_FIT:
        lead.set(verdict=Verdict.UNQUALIFIED.value, verdict_reason=outcome.note[:300] or "No fit")
        lead.set(verdict_at=lead.values["updated_at"])


def _add_deal(move: _Move) -> None:
    """Write the deal that makes the lead an opportunity or a customer, and its value on the lead."""
    at, lead = move.at, move.lead
    is_won = move.stage == Stage.CUSTOMER
    amount = _find_amount(row=move.row, lead=lead)
    kind = OpportunityStage.WON if is_won else OpportunityStage.DISCOVERY
    deal: dict[str, Any] = {
        "id": new_id(),
        "name": _name_deal(row=move.row, person=move.person),
        "stage": kind.value,
        "amount": amount,
        "currency": lead.values["currency"],
        "probability": PROBABILITIES[kind],
        "owner_id": lead.values["owner_id"],
        "opened_at": min(at, lead.values["captured_at"]),
        "closed_at": at if is_won else None,
        "close_reason": REASON if is_won else "",
    }
    move.state.opportunities.append(deal)
    move.state.opportunity_leads.append(
        {"id": new_id(), "opportunity_id": deal["id"], "lead_id": lead.pk, "is_primary": True}
    )
    column = "sales_value" if is_won else "pipeline_value"
    lead.set(**{column: Decimal(lead.values[column]) + amount})
    properties = {"opportunity": str(deal["id"]), "stage": kind.value, "amount": str(amount)}
    told = EventKind.OPPORTUNITY_WON if is_won else EventKind.OPPORTUNITY_OPENED
    _tell(move, told, summary=f"{deal['name']}: {amount} {deal['currency']}", properties=properties)


def _find_amount(*, row: IncomingRow, lead: KnownLead) -> Decimal:
    """Return what was sold: the file's sales value, else the quote value, else nothing."""
    told = row.outcome.amount if row.outcome else None
    return told if told is not None else Decimal(lead.values["quote_value"] or 0)


def _name_deal(*, row: IncomingRow, person: KnownPerson) -> str:
    name = f"{person.values.get('first_name', '')} {person.values.get('last_name', '')}".strip()
    known = person.values.get("company_name") or name or person.values.get("email") or "Imported deal"
    return (f"{row.service}, {known}" if row.service else str(known))[:300]


def _tell(move: _Move, kind: EventKind, *, summary: str, properties: dict[str, Any]) -> None:
    move.state.events.append(
        {
            "id": new_id(),
            "person_id": move.lead.values["person_id"],
            "lead_id": move.lead.pk,
            "inquiry_id": None,
            "kind": kind.value,
            "occurred_at": move.at,
            "logged_at": move.reception.now,
            "actor_id": move.reception.actor_id,
            "summary": summary[:300],
            "properties": properties,
        }
    )
