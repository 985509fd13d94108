"""The sequences to begin with: three that a new organization gets as drafts, three more that the list offers.

Called where an organization is founded, and by the sequence list. Each is a draft until somebody turns it on.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time

from leadhub.accounts.models import Membership
from leadhub.leads.models import DispositionCode, EventKind, Stage, TaskKind
from leadhub.lib.errors import DomainError
from nurture.models import Sequence, Step
from nurture.sequences import SequencePlan, create_sequence
from nurture.steps import StepPlan, write_steps

FOUNDING = ("welcome", "reengagement", "recapture")
_TUESDAY = 1
_MORNING = time(9, 30)
_GREETING = "Hello {{ person.first_name | default: 'there' }},\n\n"
_CLOSING = "\n\n{{ owner.name }}\n{{ organization.name }}\n"


@dataclass(frozen=True, kw_only=True)
class Starter:
    """A sequence as it is offered: its rules, its steps, and a picture."""

    icon: str
    plan: SequencePlan
    steps: tuple[StepPlan, ...]


def _mail(subject: str, words: str) -> StepPlan:
    return StepPlan(kind=Step.Kind.MAIL, subject=subject, body=f"{_GREETING}{words}{_CLOSING}")


def _wait(days: int, *, weekday: int | None = None) -> StepPlan:
    return StepPlan(kind=Step.Kind.WAIT, wait_days=days, wait_weekday=weekday, wait_at=_MORNING)


def _call(title: str) -> StepPlan:
    return StepPlan(kind=Step.Kind.TASK, task_kind=TaskKind.CALL, task_title=title, task_due_hours=24)


STARTERS: dict[str, Starter] = {
    "welcome": Starter(
        icon="sparkles",
        plan=SequencePlan(
            name="Welcome",
            purpose="Warm up those who looked around but are not ready to talk yet",
            entry_events=(EventKind.FORM_SUBMITTED, EventKind.CONTENT_DOWNLOADED, EventKind.WEBINAR_REGISTERED),
            entry_condition={"all": [{"field": "lead.stage", "op": "is", "value": Stage.NEW.value}]},
            exit_events=(EventKind.MAIL_REPLIED, EventKind.MEETING_REQUESTED, EventKind.MEETING_BOOKED),
            exit_stages=(Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER),
        ),
        steps=(
            _wait(1),
            _mail(
                "Glad that you found us, {{ person.first_name | default: 'hello' }}",
                "thank you for looking at {{ organization.name }}. Which question brought you here? "
                "Just answer this mail.",
            ),
            _wait(3),
            _mail(
                "What others in your place did",
                "people often ask us how others went about it. If you like, I will tell you what worked for them.",
            ),
            _wait(4),
            _call("Look at {{ person.name }}: worth a call?"),
        ),
    ),
    "reengagement": Starter(
        icon="snowflake",
        plan=SequencePlan(
            name="Re-engagement",
            purpose="Win back those who went cold",
            entry_dispositions=(DispositionCode.COLD,),
        ),
        steps=(
            _wait(30, weekday=_TUESDAY),
            _mail(
                "Still thinking about it?",
                "we have not spoken for a while. "
                "Is {{ inquiry.service | default: 'your project' }} still on your mind?",
            ),
            _wait(21, weekday=_TUESDAY),
            _mail(
                "Shall I keep in touch?",
                "I do not want to crowd your inbox: shall I keep in touch, or is it settled? One word is enough.",
            ),
        ),
    ),
    "recapture": Starter(
        icon="rotate",
        plan=SequencePlan(
            name="Recapture",
            purpose="Ask those who chose a competitor how it went",
            entry_dispositions=(DispositionCode.COMPETITOR,),
        ),
        steps=(
            _wait(90, weekday=_TUESDAY),
            _mail(
                "How did it go?",
                "you chose somebody else some months ago. How did it go? "
                "If anything is left to be wished for, I am here.",
            ),
            _wait(14),
            _call("Call {{ person.name }}: happy with their choice?"),
        ),
    ),
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


class UnknownStarter(DomainError):
    """There is no starter of this name."""

    def __init__(self) -> None:
        super().__init__("There is no such starter.")


def create_founding_sequences(*, now: datetime) -> list[Sequence]:
    """Write the drafts of a new organization: welcome, the cold, those who chose a competitor."""
    return [_write(STARTERS[key].plan, STARTERS[key].steps, actor=None, now=now) for key in FOUNDING]


def create_from_starter(*, key: str, actor: Membership, now: datetime) -> Sequence:
    """Write the starter as a new draft, under a name that is free. Raises `UnknownStarter`."""
    starter = STARTERS.get(key)
    if starter is None:
        raise UnknownStarter
    plan = replace(starter.plan, name=_free_name(starter.plan.name))
    return _write(plan, starter.steps, actor=actor, now=now)


def _write(plan: SequencePlan, steps: tuple[StepPlan, ...], *, actor: Membership | None, now: datetime) -> Sequence:
    sequence = create_sequence(plan=plan, actor=actor, now=now)
    write_steps(sequence=sequence, plans=steps, actor=actor, now=now)
    return sequence


def _free_name(name: str) -> str:
    taken = set(Sequence.objects.filter(name__startswith=name).values_list("name", flat=True))
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in numbered if each not in taken)
