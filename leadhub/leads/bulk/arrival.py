"""Thousands of rows become people, touches, leads, inquiries and events, with the meaning of `leads.arrival`.

The state is read in a few statements under the same locks, the rows are walked in order over it in memory, and
what they became is written a portion at a time, in one statement a table. Called by capture's imports, in the
organization's scope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from leadhub.leads.bulk.known import ChunkState, KnownLead, KnownPerson, read_state
from leadhub.leads.bulk.leads import find_lead, find_repeated, open_or_join, set_custom, set_value
from leadhub.leads.bulk.outcomes import apply_outcome
from leadhub.leads.bulk.people import Changes, add_person, find_person, update_person
from leadhub.leads.bulk.rows import Arrived, Duplicates, IncomingRow, Reception
from leadhub.leads.bulk.writing import write_state

# The tables of which the ledger notes what a row made, and the name it notes it under.
_MADE = {
    "identities": "identities",
    "new_companies": "companies",
    "opportunities": "opportunities",
    "events": "events",
    "stage_changes": "stage_changes",
}
CREATED, UPDATED, SKIPPED = "created", "updated", "skipped"
KNOWN = "This person is known already"
PORTION = 250  # written while the next one is walked, where the caller does not wait for each statement


def receive_many(*, rows: Sequence[IncomingRow], reception: Reception) -> list[Arrived]:
    """Turn the rows into rows of the domain and return what each became, in their order.

    Two rows of one person make one person; a raised hand joins the open lead or opens the next one, whose owner is
    the row's or the reception's. A row that repeats what an import told before adds no inquiry.
    """
    state = read_state(rows=rows, reception=reception)
    arrived = []
    for start in range(0, len(rows), PORTION):
        arrived += [_receive(row=row, state=state, reception=reception) for row in rows[start : start + PORTION]]
        write_state(state)
    return arrived


@dataclass(frozen=True)
class _Mark:
    """How many new rows each table had before a row of the file was walked."""

    state: ChunkState
    counts: Mapping[str, int]

    @classmethod
    def set_in(cls, state: ChunkState) -> Self:
        return cls(state, {name: len(getattr(state, name)) for name in _MADE})

    def list_since(self, name: str) -> list[str]:
        """Return the ids of a table's rows that came since."""
        rows, known = getattr(self.state, name), self.counts[name]
        return [str(one["id"]) for one in rows[known:]] if len(rows) > known else []


def _receive(*, row: IncomingRow, state: ChunkState, reception: Reception) -> Arrived:
    mark = _Mark.set_in(state)
    person = find_person(row=row, state=state)
    if person is None:
        added = add_person(row=row, state=state, reception=reception)
        return _pass_on(row=row, person=added, changes={}, mark=mark, reception=reception)
    was_known = not (person.is_new or person.is_own)
    if was_known and reception.duplicates == Duplicates.SKIP:
        return _skip(row=row, person=person)
    changes = update_person(row=row, person=person, state=state, reception=reception)
    return _pass_on(row=row, person=person, changes=changes, mark=mark, reception=reception)


def _skip(*, row: IncomingRow, person: KnownPerson) -> Arrived:
    """Leave a known person as they are, but for their wish to be left alone: no choice of ours outweighs it."""
    if not row.person.get("do_not_contact") or person.values["do_not_contact"]:
        return Arrived(number=row.number, outcome=SKIPPED, reason=KNOWN, person_id=person.pk)
    person.set(do_not_contact=True)
    return Arrived(
        number=row.number,
        outcome=UPDATED,
        reason=f"{KNOWN}: only “do not contact” was noted",
        person_id=person.pk,
        changed={"person": {"do_not_contact": [False, True]}},
    )


def _pass_on(*, row: IncomingRow, person: KnownPerson, changes: Changes, mark: _Mark, reception: Reception) -> Arrived:
    """Find or open the lead that the row is about, and note on it what the row tells."""
    state, is_first = mark.state, person.is_new and not person.leads
    lead, before, inquiry = _find_lead(row=row, person=person, state=state, reception=reception)
    notes = apply_outcome(row=row, person=person, lead=lead, state=state, reception=reception)
    lead_changes = _compare(lead, before)
    made = _list_made(mark, is_first=is_first)
    has_effect = bool(is_first or inquiry or changes or lead_changes or "identities" in made)
    is_created = is_first or before is None
    return Arrived(
        number=row.number,
        outcome=CREATED if is_created else UPDATED if has_effect else SKIPPED,
        reason="; ".join(notes) if has_effect else "; ".join(["Nothing new", *notes]),
        person_id=person.pk,
        lead_id=lead.pk,
        inquiry_id=inquiry["id"] if inquiry else None,
        made={**made, "person": is_first, "lead": before is None} if has_effect else {},
        changed={"person": changes, "lead": lead_changes} if changes or lead_changes else {},
    )


def _list_made(mark: _Mark, *, is_first: bool) -> dict[str, list[str]]:
    """Return what the row made, by table; the keys of a person whom it made go with the person."""
    made = {name: mark.list_since(table) for table, name in _MADE.items()}
    return {name: ids for name, ids in made.items() if ids and not (is_first and name == "identities")}


def _find_lead(
    *, row: IncomingRow, person: KnownPerson, state: ChunkState, reception: Reception
) -> tuple[KnownLead, Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Return the lead, its values as they were (None: it is new), and the inquiry where the row is one."""
    repeated = find_repeated(row=row, person=person) if row.asks else None
    by_id = {lead.pk: lead for lead in person.leads}
    lead = by_id.get(repeated["lead_id"]) if repeated else None
    if lead is None and not row.asks:
        lead = find_lead(person)
    if lead is not None:
        before = dict(lead.values)
        set_value(row=row, lead=lead, reception=reception)
        set_custom(row=row, lead=lead, reception=reception)
        return lead, before, None
    former = person.open_lead
    before_join = dict(former.values) if former else None
    lead, inquiry = open_or_join(row=row, person=person, state=state, reception=reception)
    return lead, before_join, inquiry


def _compare(lead: KnownLead, before: Mapping[str, Any] | None) -> Changes:
    """Return what changed of a lead that was there before the row, as [before, after]."""
    if before is None:
        return {}
    return {
        name: [before.get(name), value]
        for name, value in lead.values.items()
        if name != "updated_at" and before.get(name) != value
    }
