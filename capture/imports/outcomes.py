"""Read what became of a lead elsewhere: stage, dates, sale, reason. Pure; called by reading."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from leadhub.leads.bulk import RowOutcome
from leadhub.leads.disposition import END_STAGES
from leadhub.leads.models import DispositionCode, Stage
from leadhub.lib.words import bare_words

LOST = "lost"
STAGE_WORDS = "new, MQL, SAL, SQL, opportunity, won, lost, recycled or disqualified"
# Other systems' words for a stage, and what people say in other languages.
_OTHER_WORDS: dict[str, str] = {
    Stage.NEW.value: """open, lead, inquiry, raw, created, subscriber, not contacted, open not contacted, neu, offen,
        nouveau, ouvert, nuevo, abierto, nieuw, nuovo, aperto, novo, aberto""",
    Stage.MQL.value: "marketing qualified, marketing qualified lead, marketingqualifiedlead",
    Stage.SAL.value: """accepted, working, working contacted, contacted, sales accepted, sales accepted lead,
        kontaktiert, contacté, contactado, gecontacteerd, contattato, contatado""",
    Stage.SQL.value: """qualified, sales qualified, sales qualified lead, salesqualifiedlead, qualifiziert, qualifié,
        cualificado, gekwalificeerd, qualificato, qualificado""",
    Stage.OPPORTUNITY.value: """deal, proposal, negotiation, quoted, verkaufschance, angebot, opportunité, oportunidad,
        verkoopkans, opportunità, oportunidade""",
    Stage.CUSTOMER.value: """won, closed won, sold, client, converted, closed converted, gewonnen, kunde, verkauft,
        gagné, ganado, cliente, vendido, klant, verkocht, vinto, venduto, ganho""",
    LOST: """closed lost, dead, rejected, closed not converted, lost lead, verloren, perdu, perdido, perso""",
    Stage.DISQUALIFIED.value: """unqualified, not qualified, junk, junk lead, no fit, disqualifiziert, disqualifié,
        descalificado, desqualificado""",
    Stage.RECYCLED.value: "nurture, parked, later, cold, contact in future",
}
_WORDS = {bare_words(word): stage for stage, words in _OTHER_WORDS.items() for word in (stage, *words.split(","))}
# A code that asks for more than a word (a date, a promise to be silent) is not taken from a file.
_REASONS = {"competitor": DispositionCode.COMPETITOR, "cold": DispositionCode.COLD, "no response": DispositionCode.COLD}


def read_stage(text: str) -> str | None:
    """Return the stage that a word means, `lost` for a lead that ended unsold, or None."""
    return _WORDS.get(bare_words(text))


def describe_outcome(
    *,
    stage: str,
    stage_at: datetime | None,
    won_at: datetime | None,
    amount: Decimal | None,
    reason: str,
    arrived_at: datetime,
) -> dict[str, Any] | None:
    """Return the moves that the row tells of, JSON-ready; None where it tells of none."""
    is_won = won_at is not None or stage == Stage.CUSTOMER
    moves: list[list[str]] = []
    code = None
    if stage in {Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY}:
        moves.append([stage, (stage_at or arrived_at).isoformat()])
    if is_won:
        moves.append([Stage.CUSTOMER.value, (won_at or stage_at or arrived_at).isoformat()])
    elif stage in {LOST, Stage.RECYCLED, Stage.DISQUALIFIED} or (reason and not stage):
        code = _read_reason(reason, stage)
        moves.append([END_STAGES[code].value, (stage_at or arrived_at).isoformat()])
    if not moves:
        return None
    return {"moves": moves, "amount": None if amount is None else str(amount), "code": code, "note": reason}


def load_outcome(stored: dict[str, Any]) -> RowOutcome:
    """Return what `describe_outcome` stored."""
    return RowOutcome(
        moves=tuple((Stage(stage), datetime.fromisoformat(at)) for stage, at in stored["moves"]),
        amount=None if stored["amount"] is None else Decimal(stored["amount"]),
        disposition=DispositionCode(stored["code"]) if stored["code"] else None,
        note=stored["note"],
    )


def _read_reason(reason: str, stage: str) -> DispositionCode:
    """Return the code that the reason's words name, else the one of the stage; lost without a word has no fit."""
    lowered = reason.lower()
    named = next((code for word, code in _REASONS.items() if word in lowered), None)
    if stage == Stage.RECYCLED:
        return named or DispositionCode.COLD
    return DispositionCode.NO_FIT if stage == Stage.DISQUALIFIED else named or DispositionCode.NO_FIT
