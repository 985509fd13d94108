"""Sequences to begin with, so that nobody starts from an empty page. The sequence list offers them; each is a draft."""

from dataclasses import dataclass, replace
from datetime import datetime, time

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Stage, TaskKind
from nurture.models import Sequence, Step
from nurture.sequences import SequencePlan, create_sequence
from nurture.steps import StepPlan, add_step

_MORNING = time(9)
_GREETING = "Hello {{ person.first_name | default: 'there' }},\n\n"
_CLOSING = "\n\n{{ owner.name }}\n{{ organization.name }}"


@dataclass(frozen=True, kw_only=True)
class Starter:
    """A sequence as it is offered: its rules, its steps, and a picture."""

    icon: str
    plan: SequencePlan
    steps: tuple[StepPlan, ...]


def _mail(subject: str, words: str) -> StepPlan:
    return StepPlan(kind=Step.Kind.MAIL, subject=subject, body=f"{_GREETING}{words}{_CLOSING}")


def _wait(days: int) -> StepPlan:
    return StepPlan(kind=Step.Kind.WAIT, wait_days=days, wait_at=_MORNING)


def _call(title: str) -> StepPlan:
    return StepPlan(kind=Step.Kind.TASK, task_kind=TaskKind.CALL, task_title=title, task_due_hours=24)


STARTERS: dict[str, Starter] = {
    "download": Starter(
        icon="file-download",
        plan=SequencePlan(
            name="After a download",
            purpose="Turns an early interest into a conversation.",
            entry_events=(EventKind.CONTENT_DOWNLOADED,),
        ),
        steps=(
            _mail("Did you find what you were looking for?", "you took a look at our guide. What made you look?"),
            _wait(3),
            _mail(
                "What others ask at this point",
                "most people ask about price, time and warranty. Which of these matters to you? One word is enough.",
            ),
            _wait(5),
            _call("Call {{ person.first_name }}: downloaded, and read on"),
        ),
    ),
    "quote": Starter(
        icon="receipt",
        plan=SequencePlan(
            name="After a quote",
            purpose="Answers the questions that keep them from signing.",
            entry_stages=(Stage.OPPORTUNITY,),
            exit_events=(EventKind.MAIL_REPLIED, EventKind.OPPORTUNITY_WON, EventKind.OPPORTUNITY_LOST),
            exit_stages=(Stage.CUSTOMER, Stage.RECYCLED),
        ),
        steps=(
            _wait(2),
            _mail("Any question about our quote?", "is there anything in our quote that I can explain or change?"),
            _wait(5),
            _call("Ask {{ person.first_name }} what is still open"),
        ),
    ),
    "no_show": Starter(
        icon="calendar-time",
        plan=SequencePlan(
            name="After a missed meeting",
            purpose="Offers another time before the interest is gone.",
            entry_events=(EventKind.MEETING_NO_SHOW,),
        ),
        steps=(
            _mail("We missed each other", "something must have come up. Which day suits you this week?"),
            _wait(2),
            _call("Find another time with {{ person.first_name }}"),
        ),
    ),
}


class UnknownStarter(KeyError):
    """There is no starter of this name."""


def create_from_starter(*, key: str, actor: Membership, now: datetime) -> Sequence:
    """Write the starter as a new draft, under a name that is free. Raises `UnknownStarter`."""
    starter = STARTERS.get(key)
    if starter is None:
        raise UnknownStarter(key)
    plan = replace(starter.plan, name=_free_name(starter.plan.name))
    sequence = create_sequence(plan=plan, actor=actor, now=now)
    for step in starter.steps:
        add_step(sequence=sequence, plan=step, actor=actor, now=now)
    return sequence


def _free_name(name: str) -> str:
    taken = set(Sequence.objects.filter(name__startswith=name).values_list("name", flat=True))
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in numbered if each not in taken)
