"""Put leads into sequences: the line's step `enroll`, and members by hand. Called by the line, pages and API.

The person is held meanwhile, so that two causes at once enter nobody twice.
"""

from collections import Counter
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from leadhub.accounts.models import Membership
from leadhub.leads.conditions import Condition
from leadhub.leads.conditions.compiler import compile_conditions, known_to_match
from leadhub.leads.conditions.prepared import LEAD_ID, NOW, PERSON_ID, prepare
from leadhub.leads.locking import lock_people, lock_person
from leadhub.leads.models import EventKind, Lead, StageChange
from leadhub.leads.walk import Walk
from leadhub.lib.errors import DomainError
from nurture.candidates import sort_candidates
from nurture.entering import enter_sequence
from nurture.exits import leave_sequences
from nurture.models import Enrollment, Sequence
from nurture.standing import Standing

MOST_AT_ONCE = 1_000
Origin = Enrollment.Origin
# What the product's own mail causes is no signal that would begin a sequence by a condition alone.
_ECHOES = frozenset({EventKind.MAIL_OPENED, EventKind.UNSUBSCRIBED})


class NotEnrollable(DomainError):
    """The lead cannot enter the sequence; the message says why."""


class TooManyAtOnce(DomainError):
    """The list is longer than one request may be."""

    def __init__(self) -> None:
        super().__init__(f"Choose at most {MOST_AT_ONCE:,} leads at once.", field="leads")


@dataclass(frozen=True, kw_only=True)
class EnrollmentTally:
    """What became of a list of leads: who entered, and how many were refused for which reason."""

    enrolled: tuple[UUID, ...]
    refused: dict[str, int]


def enroll(walk: Walk) -> None:
    """Take the line's step: leave sequences the event ends, then enter those it begins. An import enters none."""
    if not walk.met_person:
        leave_sequences(walk)
    lead = walk.lead
    if lead is None or lead.is_test or walk.is_quiet:
        return
    for sequence, origin in _list_begun(walk, lead=lead):
        if not find_obstacle(sequence=sequence, lead=lead, now=walk.now):
            enter_sequence(sequence=sequence, leads=[lead], origin=origin, actor=None, now=walk.now)


def enroll_lead(*, sequence: Sequence, lead: Lead, actor: Membership, now: datetime) -> Enrollment:
    """Put one lead in by hand, whatever the entry rules say. Raises `NotEnrollable`."""
    lock_person(lead.person)
    obstacle = find_obstacle(sequence=sequence, lead=lead, now=now)
    if obstacle:
        raise NotEnrollable(obstacle)
    return enter_sequence(sequence=sequence, leads=[lead], origin=Origin.MEMBER, actor=actor, now=now)[0]


def enroll_leads(*, sequence: Sequence, lead_ids: Several[UUID], actor: Membership, now: datetime) -> EnrollmentTally:
    """Put a list of leads in by hand; who cannot enter is counted by reason. Raises `TooManyAtOnce`."""
    if len(lead_ids) > MOST_AT_ONCE:
        raise TooManyAtOnce
    leads = list(Lead.objects.filter(pk__in=lead_ids).select_related("person").order_by("person_id", "id"))
    refused = Counter[str]()
    if gone := len(set(lead_ids)) - len(leads):
        refused["There is no such lead."] = gone
    tally = enter_those_who_can(sequence=sequence, leads=leads, origin=Origin.MEMBER, actor=actor, now=now)
    return EnrollmentTally(enrolled=tally.enrolled, refused=dict(refused + Counter(tally.refused)))


def enter_those_who_can(
    *, sequence: Sequence, leads: Several[Lead], origin: Enrollment.Origin, actor: Membership | None, now: datetime
) -> EnrollmentTally:
    """Judge leads, read with their people, while those are held, and write who enters, in a few statements."""
    lock_people({lead.person_id for lead in leads})
    candidates = sort_candidates(sequence=sequence, leads=leads, now=now)
    enter_sequence(sequence=sequence, leads=candidates.entering, origin=origin, actor=actor, now=now)
    return EnrollmentTally(enrolled=tuple(lead.pk for lead in candidates.entering), refused=dict(candidates.reasons))


def find_obstacle(*, sequence: Sequence, lead: Lead, now: datetime) -> str:
    """Return why the lead cannot enter, as a sentence, or an empty text."""
    return Standing(sequence=sequence, leads=[lead], now=now).find_obstacle(lead)


def _list_begun(walk: Walk, *, lead: Lead) -> list[tuple[Sequence, Enrollment.Origin]]:
    """Return the running sequences that the event begins and whose entry condition the lead matches."""
    running = list(Sequence.objects.filter(state=Sequence.State.ACTIVE).order_by("created_at", "id"))
    if not running:
        return []
    reached = _list_reached(walk, lead=lead)
    begun = [(sequence, origin) for sequence in running if (origin := _find_origin(sequence, walk, reached=reached))]
    return [begun[index] for index in _list_met([sequence for sequence, _ in begun], lead=lead, now=walk.now)]


def _find_origin(sequence: Sequence, walk: Walk, *, reached: set[str]) -> Enrollment.Origin | None:
    event = walk.event
    if event.kind in sequence.entry_events:
        return Origin.EVENT
    if reached & set(sequence.entry_stages):
        return Origin.STAGE
    if event.kind == EventKind.DISPOSED and event.properties.get("code") in sequence.entry_dispositions:
        return Origin.DISPOSITION
    has_trigger = sequence.entry_events or sequence.entry_stages or sequence.entry_dispositions
    is_by_condition = bool(sequence.entry_condition) and not has_trigger and event.kind not in _ECHOES
    return Origin.CONDITION if is_by_condition else None


def _list_reached(walk: Walk, *, lead: Lead) -> set[str]:
    """Return the stages that the lead reached by the event, or in its walk."""
    moves = StageChange.objects.filter(lead=lead, at__gte=walk.event.logged_at, to_stage=lead.stage)
    return set(moves.values_list("to_stage", flat=True))


def _list_met(sequences: Several[Sequence], *, lead: Lead, now: datetime) -> list[int]:
    """Return the indexes of the sequences whose entry condition the lead matches, by one statement."""
    conditions = [sequence.entry_condition for sequence in sequences]
    if not conditions:
        return []
    statement = prepare(purpose="enroll", conditions=conditions, write=lambda: _state_met(conditions))
    (met,) = statement.ask(lead=lead, now=now)
    return [index for index, is_met in enumerate(met) if is_met]


def _state_met(conditions: list[Condition]) -> tuple[str, Several[Any]]:
    compiled = compile_conditions(conditions, now=NOW, people=[PERSON_ID])
    asked = {f"met_{index}": known_to_match(condition) for index, condition in enumerate(compiled)}
    text, params = Lead.objects.filter(pk=LEAD_ID).annotate(**asked).values(*asked).query.sql_with_params()
    return text, params
