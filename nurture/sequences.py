"""Write, turn on, hold and put away sequences, audited. Called by the sequence pages, the API and founding."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.conditions import Condition, validate_condition
from leadhub.leads.models import DispositionCode, EventKind, Stage
from leadhub.lib.errors import DomainError
from leadhub.work.jobs import enqueue
from nurture.models import Enrollment, Sequence, Step
from nurture.settings import read_settings

RESUME, ARCHIVE, ENTER_FITTING = "nurture.resume", "nurture.archive", "nurture.enter_fitting"
_USUAL_EXITS = (EventKind.MAIL_REPLIED, EventKind.MEETING_BOOKED, EventKind.FORM_SUBMITTED)
_USUAL_END_STAGES = (Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)


LONGEST_NAME = 120


class SequenceUnfinished(DomainError):
    """The sequence lacks what it needs before it can run."""


class SequenceNameTaken(DomainError):
    """Another sequence has the name."""

    def __init__(self) -> None:
        super().__init__("Another sequence has this name.", field="name")


class SequenceArchived(DomainError):
    """A sequence that was put away does not change any more."""

    def __init__(self) -> None:
        super().__init__("This sequence is put away: copy it into a new one.")


class UnknownChoice(DomainError):
    """An event, stage or disposition that there is not."""


@dataclass(frozen=True, kw_only=True)
class SequencePlan:
    """What a member writes about a sequence; see `Sequence` for what each rule means."""

    name: str
    purpose: str = ""
    entry_condition: Condition = field(default_factory=dict)
    entry_events: tuple[str, ...] = ()
    entry_stages: tuple[str, ...] = ()
    entry_dispositions: tuple[str, ...] = ()
    exit_condition: Condition = field(default_factory=dict)
    exit_events: tuple[str, ...] = _USUAL_EXITS
    exit_stages: tuple[str, ...] = _USUAL_END_STAGES
    allows_reentry: bool = False


def create_sequence(*, plan: SequencePlan, actor: Membership | None, now: datetime) -> Sequence:
    """Write a new draft. Raises `SequenceUnfinished`, `SequenceNameTaken`, `UnknownChoice`, `ConditionError`."""
    sequence = Sequence(created_at=now, updated_at=now, created_by=actor)
    _require_valid(plan, sequence=sequence)
    _apply(plan, sequence=sequence)
    sequence.save(force_insert=True)
    note_change(sequence, what="created", actor=actor, now=now, after=describe_plan(sequence))
    return sequence


def save_sequence(*, sequence: Sequence, plan: SequencePlan, actor: Membership | None, now: datetime) -> Sequence:
    """Change the sequence's rules; who is in it already stays. Raises as `create_sequence`, and `SequenceArchived`."""
    require_changeable(sequence)
    _require_valid(plan, sequence=sequence)
    before = describe_plan(sequence)
    _apply(plan, sequence=sequence)
    sequence.updated_at = now
    sequence.save()
    note_change(sequence, what="changed", actor=actor, now=now, before=before, after=describe_plan(sequence))
    return sequence


def activate_sequence(
    *, sequence: Sequence, actor: Membership | None, now: datetime, enters_fitting: bool = False
) -> Sequence:
    """Turn the sequence on; whoever waited in it goes on, and whoever fits now enters too, if so asked.

    Raises `SequenceUnfinished`, `SequenceArchived`.
    """
    require_changeable(sequence)
    if enters_fitting and not sequence.entry_condition:
        raise SequenceUnfinished("Say who fits first: it has no entry condition.", field="enters_fitting")
    steps = Step.objects.placed().filter(sequence=sequence)
    if not steps.exists():
        raise SequenceUnfinished("Add a step first.", field="steps")
    if steps.filter(kind=Step.Kind.MAIL).exists() and not read_settings().postal_address:
        raise SequenceUnfinished(
            "Enter your postal address in the mail settings first: each mail must show it.", field="postal_address"
        )
    if sequence.state != Sequence.State.ACTIVE:
        what = "turned on, with those who fit" if enters_fitting else "turned on"
        _set_state(sequence, state=Sequence.State.ACTIVE, what=what, actor=actor, now=now)
        enqueue(kind=RESUME, target_id=sequence.pk, dedupe_key=str(sequence.pk), due_at=now, now=now)
        if enters_fitting:
            key = f"{name_turning_on(sequence)}:"
            enqueue(kind=ENTER_FITTING, target_id=sequence.pk, dedupe_key=key, due_at=now, now=now)
    return sequence


def pause_sequence(*, sequence: Sequence, actor: Membership, now: datetime) -> Sequence:
    """Hold the sequence: nobody enters, nothing is sent; who is in it keeps the place. Raises `SequenceArchived`."""
    require_changeable(sequence)
    if sequence.state == Sequence.State.ACTIVE:
        _set_state(sequence, state=Sequence.State.PAUSED, what="paused", actor=actor, now=now)
    return sequence


def archive_sequence(*, sequence: Sequence, actor: Membership, now: datetime) -> Sequence:
    """Put the sequence away for good and take everybody out of it; its numbers stay. Twice changes nothing."""
    if sequence.state != Sequence.State.ARCHIVED:
        _set_state(sequence, state=Sequence.State.ARCHIVED, what="put away", actor=actor, now=now)
        enqueue(kind=ARCHIVE, target_id=sequence.pk, dedupe_key=str(sequence.pk), due_at=now, now=now)
    return sequence


def name_turning_on(sequence: Sequence) -> str:
    """Return what tells this turning on of the sequence from an earlier one."""
    return f"{sequence.pk}@{sequence.activated_at:%Y%m%dT%H%M%S%f}"


def count_active(*, sequence: Sequence) -> int:
    """Return how many are in the sequence: what pausing holds and archiving ends."""
    return Enrollment.objects.filter(sequence=sequence, state=Enrollment.State.ACTIVE).count()


def describe_plan(sequence: Sequence) -> dict[str, Any]:
    """Return the sequence's rules, JSON-ready."""
    return {name: getattr(sequence, name) for name in SequencePlan.__dataclass_fields__}


def read_plan(sequence: Sequence) -> SequencePlan:
    """Return the sequence's rules as a plan, for a form to change."""
    stored = describe_plan(sequence).items()
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in stored}
    return SequencePlan(**values)


def require_changeable(sequence: Sequence) -> None:
    """Raise `SequenceArchived` for one that was put away."""
    if sequence.state == Sequence.State.ARCHIVED:
        raise SequenceArchived


def note_change(
    sequence: Sequence,
    *,
    what: str,
    actor: Membership | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit row of a change of the sequence or one of its steps."""
    record_change(
        actor=actor,
        action="sequence.changed",
        target_kind="sequence",
        target_id=sequence.pk,
        summary=f"Sequence {sequence.name}: {what}"[:300],
        now=now,
        before=dict(before or {}),
        after=dict(after or {}),
    )


def _set_state(
    sequence: Sequence, *, state: Sequence.State, what: str, actor: Membership | None, now: datetime
) -> None:
    before, sequence.state, sequence.updated_at = sequence.state, state, now
    if state == Sequence.State.ACTIVE:
        sequence.activated_at = now
    sequence.save(update_fields=["state", "updated_at", "activated_at"])
    note_change(sequence, what=what, actor=actor, now=now, before={"state": before}, after={"state": state})


def _apply(plan: SequencePlan, *, sequence: Sequence) -> None:
    for name, value in asdict(plan).items():
        setattr(sequence, name, list(value) if isinstance(value, tuple) else value)
    sequence.name, sequence.purpose = plan.name.strip(), plan.purpose.strip()


def _require_valid(plan: SequencePlan, *, sequence: Sequence) -> None:
    if not plan.name.strip():
        raise SequenceUnfinished("Give the sequence a name.", field="name")
    if len(plan.name) > LONGEST_NAME:
        raise SequenceUnfinished(f"Use at most {LONGEST_NAME} characters.", field="name")
    if Sequence.objects.filter(name=plan.name.strip()).exclude(pk=sequence.pk).exists():
        raise SequenceNameTaken
    validate_condition(plan.entry_condition)
    validate_condition(plan.exit_condition)
    for name, choices in (("events", EventKind), ("stages", Stage), ("dispositions", DispositionCode)):
        for side in ("entry", "exit"):
            unknown = set(getattr(plan, f"{side}_{name}", ())) - set(choices.values)
            if unknown:
                raise UnknownChoice(f"There is no {min(unknown)!r} to choose.", field=f"{side}_{name}")
