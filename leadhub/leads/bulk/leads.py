"""Which lead is each row about? The open one, the next one, or that of what it repeats. Called by `arrival`."""

from datetime import timedelta
from typing import Any

from leadhub.leads.bulk.known import ChunkState, KnownLead, KnownPerson, Values
from leadhub.leads.bulk.rows import Duplicates, IncomingRow, Reception
from leadhub.leads.inquiry_records import REPEAT_WINDOW
from leadhub.leads.lifecycle import REVOKED
from leadhub.leads.models import Channel, EventKind, Stage, ValueSource, Verdict
from leadhub.leads.opening import SOURCE_COLUMNS
from leadhub.leads.stage_dates import DATES
from leadhub.leads.touches import REPORT_WINDOW, is_telling
from leadhub.lib.ids import new_id

_NO_TIME = timedelta(0)
# Read once: looking a member's value up takes as long as making a whole column of a row.
_NEW, _PENDING, _UNKNOWN = Stage.NEW.value, Verdict.PENDING.value, Channel.UNKNOWN.value
_BY_FORM, _SUBMITTED = ValueSource.FORM.value, EventKind.FORM_SUBMITTED.value
_STAGE_DATES = tuple(column for column in DATES.values() if column != "captured_at")


def find_repeated(*, row: IncomingRow, person: KnownPerson) -> Values | None:
    """Return the inquiry that the row repeats: same person, door and service within 24 hours."""
    near = [
        inquiry
        for inquiry in person.inquiries
        if inquiry["service"] == row.service and abs(inquiry["arrived_at"] - row.arrived_at) < REPEAT_WINDOW
    ]
    return max(near, key=lambda inquiry: inquiry["arrived_at"], default=None)


def find_lead(person: KnownPerson) -> KnownLead | None:
    """Return the lead that a row tells of without asking anew: the open one, else the latest."""
    return person.open_lead or (person.leads[0] if person.leads else None)


def open_or_join(
    *, row: IncomingRow, person: KnownPerson, state: ChunkState, reception: Reception
) -> tuple[KnownLead, Values]:
    """Add the row's inquiry to the open lead, or open the next one; return the lead and the inquiry."""
    session = _add_touch(row=row, person=person, state=state)
    lead = person.open_lead
    is_opening = lead is None
    if lead is None:
        lead = _open(row=row, person=person, session=session, reception=reception)
        person.leads.insert(0, lead)
        state.leads.append(lead)
    else:
        _join(row=row, lead=lead, session=session, reception=reception)
    inquiry = _add_inquiry(row=row, lead=lead, session=session, state=state, reception=reception)
    inquiry["is_opening"] = is_opening
    person.inquiries.append(inquiry)
    return lead, inquiry


def set_value(*, row: IncomingRow, lead: KnownLead, reception: Reception) -> None:
    """Bring a quote value to a lead that a row repeats or tells of, as the policy for duplicates allows."""
    if lead.values["quote_value"] is None or reception.duplicates == Duplicates.OVERWRITE:
        _take_value(row=row, lead=lead)


def set_custom(*, row: IncomingRow, lead: KnownLead, reception: Reception) -> None:
    """Add the row's custom fields to the lead's; a known answer changes only where overwriting is allowed."""
    known = lead.values["custom"]
    if row.custom and reception.duplicates == Duplicates.OVERWRITE:
        lead.set(custom={**known, **row.custom})
    elif row.custom:
        lead.set(custom={**row.custom, **known})


def _open(*, row: IncomingRow, person: KnownPerson, session: Values | None, reception: Reception) -> KnownLead:
    report = _find_report_touch(row=row, person=person, session=session)
    values: Values = {
        "id": new_id(),
        "person_id": person.pk,
        "number": person.leads[0].values["number"] + 1 if person.leads else 1,
        "stage": _NEW,
        "owner_id": row.owner_id or reception.owner_id,
        "captured_at": row.arrived_at,
        "is_test": False,
        "verdict": _PENDING,
        "channel": report["channel"] if report else _UNKNOWN,
        **{name: report.get(name, "") if report else "" for name in SOURCE_COLUMNS},
        "first_touch_id": report["id"] if report else None,
        "last_touch_id": (session or report or {}).get("id"),
        "quote_value": row.quote_value,
        "quote_value_source": "" if row.quote_value is None else _BY_FORM,
        "pipeline_value": 0,
        "sales_value": 0,
        "currency": row.currency or reception.currency,
        "mql_reason": "",
        "disposition": "",
        "disposition_note": "",
        "wakes_at": None,
        "custom": dict(row.custom),
        "updated_at": reception.now,
        **dict.fromkeys(_STAGE_DATES),
        "verdict_at": None,
        "verdict_by_id": None,
        "verdict_reason": "",
    }
    return KnownLead(pk=values["id"], values=values, is_stored=False)


def _join(*, row: IncomingRow, lead: KnownLead, session: Values | None, reception: Reception) -> None:
    """Do what `opening.join_lead` does for one; a revoked verdict waits for a judgement again."""
    if session:
        lead.set(last_touch_id=session["id"])
    _take_value(row=row, lead=lead)
    if lead.values["verdict"] in REVOKED:
        lead.set(verdict=_PENDING, verdict_reason="A new inquiry", verdict_at=reception.now)
    lead.set(wakes_at=None, updated_at=reception.now)
    set_custom(row=row, lead=lead, reception=reception)


def _take_value(*, row: IncomingRow, lead: KnownLead) -> None:
    """Set the row's quote value where it is in the lead's money."""
    has_same_money = not row.currency or row.currency == lead.values["currency"]
    if row.quote_value is not None and has_same_money:
        lead.set(quote_value=row.quote_value, quote_value_source=_BY_FORM)


def _add_touch(*, row: IncomingRow, person: KnownPerson, state: ChunkState) -> Values | None:
    if not row.touch:
        return None
    touch = {**row.touch, "id": new_id(), "person_id": person.pk, "occurred_at": row.arrived_at}
    state.touches.append(touch)
    if is_telling(row.touch["channel"]):
        person.touches.append(touch)
    return touch


def _find_report_touch(*, row: IncomingRow, person: KnownPerson, session: Values | None) -> Values | None:
    """Return the session, or where it tells nothing the last touch of the 90 days before that does."""
    if session and is_telling(session["channel"]):
        return session
    recent = [one for one in person.touches if _NO_TIME <= row.arrived_at - one["occurred_at"] <= REPORT_WINDOW]
    return max(recent, key=lambda one: one["occurred_at"], default=session)


def _add_inquiry(
    *, row: IncomingRow, lead: KnownLead, session: Values | None, state: ChunkState, reception: Reception
) -> Values:
    inquiry = {
        "id": new_id(),
        "person_id": lead.values["person_id"],
        "lead_id": lead.pk,
        "touch_id": session["id"] if session else None,
        "door": reception.door,
        "service": row.service,
        "intent": row.intent,
        "message": row.message,
        "quote_value": row.quote_value,
        "currency": row.currency,
        "arrived_at": row.arrived_at,
    }
    state.inquiries.append(inquiry)
    state.events.append(_describe_arrival(row=row, inquiry=inquiry, reception=reception))
    return inquiry


def _describe_arrival(*, row: IncomingRow, inquiry: Values, reception: Reception) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": inquiry["person_id"],
        "lead_id": inquiry["lead_id"],
        "inquiry_id": inquiry["id"],
        "kind": _SUBMITTED,
        "occurred_at": row.arrived_at,
        "logged_at": reception.now,
        "summary": row.service or reception.door.label,
        "properties": {"door": reception.door, "service": row.service, "intent": row.intent},
    }
