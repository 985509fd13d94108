"""Add, change, move and remove a sequence's steps. Called by the sequence pages and the API.

Leads that wait at a step stay there: a changed mail is what they get, a changed wait holds for those who come
later, and a removed step lets them go on to the next.
"""

from collections.abc import Iterable
from collections.abc import Sequence as Several
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import F

from leadhub.accounts.models import Membership
from leadhub.delivery.liquid import SUBJECT, TemplateFault, render_mail
from leadhub.delivery.writing import Kind as Template
from leadhub.delivery.writing import forget_faults
from leadhub.leads.conditions import Condition, validate_condition
from leadhub.leads.models import TaskKind
from leadhub.lib.errors import DomainError
from nurture.models import Enrollment, Sequence, Step
from nurture.sequences import note_change, require_changeable

LONGEST_WAIT_DAYS = 730
SUNDAY = 6


class StepInvalid(DomainError):
    """The step lacks what its kind needs."""


class StepGone(DomainError):
    """The step was removed meanwhile."""

    def __init__(self) -> None:
        super().__init__("This step was removed meanwhile.")


@dataclass(frozen=True, kw_only=True)
class StepPlan:
    """What a member writes about a step; only the fields of its kind count."""

    kind: str
    condition: Condition = field(default_factory=dict)
    subject: str = ""
    body: str = ""
    wait_days: int = 0
    wait_hours: int = 0
    wait_weekday: int | None = None
    wait_at: time | None = None
    task_kind: str = TaskKind.TODO
    task_title: str = ""
    task_due_hours: int = 0


_USED: dict[str, tuple[str, ...]] = {
    Step.Kind.MAIL: ("condition", "subject", "body"),
    Step.Kind.WAIT: ("wait_days", "wait_hours", "wait_weekday", "wait_at"),
    Step.Kind.TASK: ("condition", "task_kind", "task_title", "task_due_hours"),
}


def list_steps(*, sequence: Sequence) -> list[Step]:
    """Return the steps in order, without removed ones."""
    return list(Step.objects.placed().filter(sequence=sequence).order_by("position"))


def list_all_steps(*, sequence: Sequence) -> list[Step]:
    """Return the steps in order, then the removed ones, the oldest first."""
    ordered = (F("position").asc(nulls_last=True), "created_at", "id")
    return list(Step.objects.filter(sequence=sequence).order_by(*ordered))


def add_step(
    *, sequence: Sequence, plan: StepPlan, actor: Membership | None, now: datetime, position: int | None = None
) -> Step:
    """Add a step at a place in the order (0 is the first), or at the end. Raises `StepInvalid`, `TemplateFault`."""
    require_changeable(sequence)
    steps = _lock_steps(sequence)
    step = Step(sequence=sequence, position=None, created_at=now, **_read(plan))
    step.save(force_insert=True)
    steps.insert(len(steps) if position is None else max(0, min(position, len(steps))), step)
    _number(steps)
    note_change(sequence, what=f"{step.get_kind_display()} added", actor=actor, now=now, after=describe_step(step))
    return step


def write_steps(*, sequence: Sequence, plans: Iterable[StepPlan], actor: Membership | None, now: datetime) -> None:
    """Give a sequence that was just created all its steps at once. Raises `StepInvalid`, `TemplateFault`."""
    steps = [
        Step(sequence=sequence, position=position, created_at=now, **_read(plan)) for position, plan in enumerate(plans)
    ]
    Step.objects.bulk_create(steps)
    after = {f"step {number}": describe_step(step) for number, step in enumerate(steps, start=1)}
    note_change(sequence, what=f"{len(steps)} steps added", actor=actor, now=now, after=after)


def change_step(*, step: Step, plan: StepPlan, actor: Membership | None, now: datetime) -> Step:
    """Change what a step does. Raises `StepInvalid`, `StepGone`, `TemplateFault`, `ConditionError`."""
    require_changeable(step.sequence)
    if step.position is None:
        raise StepGone
    if plan.kind != step.kind:
        raise StepInvalid("A step keeps its kind: remove it and add another.", field="kind")
    before = describe_step(step)
    for name, value in _read(plan).items():
        setattr(step, name, value)
    step.save()
    forget_faults(kind=Template.STEP, template_id=step.pk)
    what = f"{step.get_kind_display()} changed"
    note_change(step.sequence, what=what, actor=actor, now=now, before=before, after=describe_step(step))
    return step


def move_step(*, step: Step, to_position: int, actor: Membership | None, now: datetime) -> Step:
    """Put a step at another place in the order, the first being 0. Raises `StepGone`."""
    require_changeable(step.sequence)
    steps = _lock_steps(step.sequence)
    placed = next((each for each in steps if each.pk == step.pk), None)
    if placed is None:
        raise StepGone
    step.position = placed.position
    rest = [each for each in steps if each.pk != step.pk]
    rest.insert(max(0, min(to_position, len(rest))), step)
    before = {"position": step.position}
    _number(rest)
    after = {"position": step.position}
    note_change(step.sequence, what="Step moved", actor=actor, now=now, before=before, after=after)
    return step


def remove_step(*, step: Step, actor: Membership | None, now: datetime) -> None:
    """Take a step out; its numbers stay, and who waits at it goes on to the next when due. Raises `StepGone`."""
    require_changeable(step.sequence)
    steps = _lock_steps(step.sequence)
    if step.pk not in {each.pk for each in steps}:
        raise StepGone
    Step.objects.filter(pk=step.pk).update(position=None)
    _number([each for each in steps if each.pk != step.pk])
    what = f"{step.get_kind_display()} removed"
    note_change(step.sequence, what=what, actor=actor, now=now, before=describe_step(step))
    step.position = None


def count_waiting(*, step: Step) -> int:
    """Return how many are at the step: who would go on to the next if it were removed."""
    return Enrollment.objects.filter(step=step, state=Enrollment.State.ACTIVE).count()


def describe_step(step: Step) -> dict[str, Any]:
    """Return what the step does, JSON-ready, with the fields of its kind."""
    values = {name: getattr(step, name) for name in ("kind", *_USED[step.kind])}
    return {name: value.isoformat() if isinstance(value, time) else value for name, value in values.items()}


def read_step(step: Step) -> StepPlan:
    """Return the step as a plan, for a form to change."""
    return StepPlan(**{name: getattr(step, name) for name in ("kind", *_USED[step.kind])})


def _lock_steps(sequence: Sequence) -> list[Step]:
    """Return the steps in order; their order is nobody else's to change until the transaction ends."""
    Sequence.objects.select_for_update(no_key=True).get(pk=sequence.pk)
    return list_steps(sequence=sequence)


def _number(steps: Several[Step]) -> None:
    """Number the steps anew: those that move go past all of them first, since two may never share a position."""
    moved = [(position, step) for position, step in enumerate(steps) if step.position != position]
    if len(moved) > 1:
        beyond = len(steps) + max(step.position or 0 for step in steps)
        Step.objects.filter(pk__in=[step.pk for _, step in moved]).update(position=F("position") + beyond)
    for position, step in moved:
        Step.objects.filter(pk=step.pk).update(position=position)
        step.position = position


def _read(plan: StepPlan) -> dict[str, Any]:
    """Return the fields of the step's kind, checked; the others keep their defaults."""
    if plan.kind not in _USED:
        raise StepInvalid("Choose e-mail, wait or task.", field="kind")
    validate_condition(plan.condition)
    if plan.kind == Step.Kind.MAIL:
        _require_mail(plan)
    elif plan.kind == Step.Kind.WAIT:
        _require_wait(plan)
    else:
        _require_task(plan)
    values = asdict(plan)
    return {name: values[name] for name in ("kind", *_USED[plan.kind])}


def _require_mail(plan: StepPlan) -> None:
    for name, words in (("subject", "Write a subject."), ("body", "Write the mail.")):
        if not getattr(plan, name).strip():
            raise StepInvalid(words, field=name)
    render_mail(subject=plan.subject, body=plan.body, values={})


def _require_wait(plan: StepPlan) -> None:
    if plan.wait_days < 0 or plan.wait_hours < 0 or plan.wait_days > LONGEST_WAIT_DAYS:
        raise StepInvalid(f"Enter 0 to {LONGEST_WAIT_DAYS} days.", field="wait_days")
    if plan.wait_weekday is not None and not 0 <= plan.wait_weekday <= SUNDAY:
        raise StepInvalid("Choose a weekday.", field="wait_weekday")
    if not plan.wait_days and not plan.wait_hours and plan.wait_weekday is None and plan.wait_at is None:
        raise StepInvalid("Say how long to wait, or until when.", field="wait_days")


def _require_task(plan: StepPlan) -> None:
    if not plan.task_title.strip():
        raise StepInvalid("Say what is to be done.", field="task_title")
    if plan.task_kind not in TaskKind.values or plan.task_kind == TaskKind.WOKEN:
        raise StepInvalid("Choose what kind of task it is.", field="task_kind")
    try:
        render_mail(subject=plan.task_title, body="", values={})
    except TemplateFault as fault:
        raise StepInvalid(fault.message.replace(SUBJECT, "This"), field="task_title") from fault
