"""The numbers of a sequence, whole and per step; each is one of `NUMBERS`, and each can be listed.

Called by the sequence pages and the API. Four statements, however many steps. Opened, clicked, replied and
unsubscribed count mails by what humans did; a step's MQLs are those reached after its mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from leadhub.delivery.models import Delivery
from nurture.models import DONE_KINDS, Enrollment, EnrollmentMove, Message, Sequence, Step
from nurture.steps import list_all_steps

State = Enrollment.State
_MAILED: Mapping[str, Q] = {
    "sent": Q(delivery__state=Delivery.State.SENT),
    "opened": Q(opened_at__isnull=False),
    "clicked": Q(clicked_at__isnull=False),
    "replied": Q(replied_at__isnull=False),
    "unsubscribed": Q(unsubscribed_at__isnull=False),
    "mql": Q(lead__mql_at__gt=F("written_at")),
}
_ENROLLED: Mapping[str, Q] = {
    "entered": Q(),
    "waiting": Q(state=State.ACTIVE),
    "finished": Q(state=State.FINISHED),
    "exited": Q(state=State.EXITED),
    "stopped": Q(state=State.STOPPED),
    "mql": Q(lead__mql_at__gt=F("entered_at")),
}
NUMBERS = ("entered", "waiting", "sent", "opened", "clicked", "replied", "unsubscribed", "mql", "finished", "exited")
PARTED = ("waiting", "sent", "opened", "clicked", "replied", "unsubscribed", "exited", "stopped")


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """How many: enrollments that entered, wait, finished, left; mails sent and what came of them; MQLs after."""

    entered: int = 0
    waiting: int = 0
    sent: int = 0
    opened: int = 0
    clicked: int = 0
    replied: int = 0
    unsubscribed: int = 0
    mql: int = 0
    finished: int = 0
    exited: int = 0
    stopped: int = 0

    def share(self, name: str) -> float | None:
        """Return a number as a share of the mails sent, 0 to 1; None before the first."""
        return getattr(self, name) / self.sent if self.sent else None


@dataclass(frozen=True, kw_only=True)
class StepNumbers:
    """A step and its numbers: `entered` reached it, `finished` went on from it, `exited` left while at it."""

    step: Step
    numbers: Numbers


@dataclass(frozen=True, kw_only=True)
class SequenceStatistics:
    """The numbers of the whole, of each step in order, and of each removed one that anybody came to.

    What is counted once over the steps and the removed ones, `PARTED`, adds up to the whole.
    """

    whole: Numbers
    steps: tuple[StepNumbers, ...] = field(default=())
    removed: tuple[StepNumbers, ...] = field(default=())


def get_statistics(*, sequence: Sequence) -> SequenceStatistics:
    """Count a sequence's numbers."""
    mailed = _count_mails(sequence)
    states, done = _count_states(sequence), _count_done(sequence)
    every = [
        StepNumbers(step=step, numbers=_add_up(step.pk, mailed, states, done))
        for step in list_all_steps(sequence=sequence)
    ]
    return SequenceStatistics(
        whole=_count_whole(sequence, mailed=mailed),
        steps=tuple(each for each in every if each.step.position is not None),
        removed=tuple(each for each in every if each.step.position is None and each.numbers != Numbers()),
    )


def count_all() -> dict[UUID, Numbers]:
    """Return sequence → its numbers as a whole, for the list of sequences, in two statements."""
    enrolled = _group(Enrollment.objects.all(), by="sequence", conditions=_ENROLLED)
    mailed = _group(Message.objects.all(), by="enrollment__sequence", conditions=_MAILED)
    return {key: Numbers(**{**mailed.get(key, {}), **row}) for key, row in enrolled.items()}


def count_mails_behind(*, sequence: Sequence, number: str, step: Step | None = None) -> int | None:
    """Return how many mails a number counts, of which a person may have several; None where it counts people."""
    if number not in _MAILED or (step is None and number in _ENROLLED):
        return None
    mails = Message.objects.filter(_MAILED[number], enrollment__sequence=sequence)
    return mails.filter(step=step).count() if step else mails.count()


def list_behind(*, sequence: Sequence, number: str, step: Step | None = None) -> QuerySet[Enrollment]:
    """Return the enrollments behind a number of the sequence, or of one step, the latest first."""
    enrollments = Enrollment.objects.filter(sequence=sequence).select_related("lead__person", "lead__owner", "step")
    if number in _MAILED and (step or number not in _ENROLLED):
        mails = Message.objects.filter(_MAILED[number], enrollment=OuterRef("pk"))
        found = enrollments.filter(Exists(mails.filter(step=step) if step else mails))
    elif step is None:
        found = enrollments.filter(_ENROLLED[number])
    else:
        found = enrollments.filter(_at_step(number, step))
    return found.order_by("-entered_at", "-id")


def _at_step(number: str, step: Step) -> Q:
    """Return which enrollments a step's number counts."""
    here = Q(step=step)
    moves = EnrollmentMove.objects.filter(enrollment=OuterRef("pk"), step=step, kind__in=DONE_KINDS)
    done = Q(Exists(moves))
    return {
        "entered": done | (here & ~Q(state=State.FINISHED)),
        "waiting": here & Q(state=State.ACTIVE),
        "finished": done,
        "exited": here & Q(state=State.EXITED) & ~done,
        "stopped": here & Q(state=State.STOPPED) & ~done,
    }[number]


def _group(rows: QuerySet[Any], *, by: str, conditions: Mapping[str, Q]) -> dict[UUID, dict[str, int]]:
    """Return key → name → how many rows meet the condition, by one statement."""
    counts = {name: Count("id", filter=condition or None) for name, condition in conditions.items()}
    grouped: list[dict[str, Any]] = list(rows.order_by().values(by).annotate(**counts))
    return {row[by]: {name: row[name] for name in conditions} for row in grouped}


def _count_whole(sequence: Sequence, *, mailed: Mapping[UUID, Mapping[str, int]]) -> Numbers:
    rows = Enrollment.objects.filter(sequence=sequence)
    enrolled = _group(rows, by="sequence", conditions=_ENROLLED).get(sequence.pk, {})
    totals = {name: sum(counts[name] for counts in mailed.values()) for name in _MAILED}
    return Numbers(**{**totals, "mql": 0, **enrolled})


def _count_mails(sequence: Sequence) -> dict[UUID, dict[str, int]]:
    """Count the mails of every step, removed ones too."""
    return _group(Message.objects.filter(step__sequence=sequence), by="step", conditions=_MAILED)


def _count_states(sequence: Sequence) -> dict[UUID, dict[str, int]]:
    """Count who is at each step, or left there."""
    at = Enrollment.objects.filter(sequence=sequence, step__isnull=False).exclude(state=State.FINISHED)
    wanted = {name: _ENROLLED[name] for name in ("waiting", "exited", "stopped")}
    return _group(at, by="step", conditions=wanted)


def _count_done(sequence: Sequence) -> dict[UUID, int]:
    moves = EnrollmentMove.objects.filter(step__sequence=sequence, kind__in=DONE_KINDS)
    return {step: row["done"] for step, row in _group(moves, by="step", conditions={"done": Q()}).items()}


def _add_up(
    step_id: UUID,
    mailed: Mapping[UUID, Mapping[str, int]],
    states: Mapping[UUID, Mapping[str, int]],
    done: Mapping[UUID, int],
) -> Numbers:
    at, went_on = states.get(step_id, {}), done.get(step_id, 0)
    return Numbers(**mailed.get(step_id, {}), **at, entered=went_on + sum(at.values()), finished=went_on)
