"""The sequences that a new organization starts with: drafts, until somebody reads them and turns them on.

Called where an organization is founded.
"""

from datetime import datetime, time

from leadhub.leads.models import DispositionCode, EventKind, Stage
from nurture.models import Sequence
from nurture.sequences import SequencePlan, create_sequence
from nurture.steps import StepPlan, add_step

_HELLO = "Hello{% if person.first_name != blank %} {{ person.first_name }}{% endif %},\n\n"
_SIGNED = "\n\n{{ owner.name }}\n{{ organization.name }}\n"
TUESDAY = 1
MORNING = time(9, 30)


def create_default_sequences(*, now: datetime) -> list[Sequence]:
    """Write three drafts: welcome, re-engagement of the cold, recapture of those who chose a competitor."""
    return [_write(plan, steps, now=now) for plan, steps in (_welcome(), _reengagement(), _recapture())]


def _write(plan: SequencePlan, steps: list[StepPlan], *, now: datetime) -> Sequence:
    sequence = create_sequence(plan=plan, actor=None, now=now)
    for step in steps:
        add_step(sequence=sequence, plan=step, actor=None, now=now)
    return sequence


def _welcome() -> tuple[SequencePlan, list[StepPlan]]:
    plan = SequencePlan(
        name="Welcome",
        purpose="Warm up those who looked around but are not ready to talk yet",
        entry_events=(EventKind.FORM_SUBMITTED, EventKind.CONTENT_DOWNLOADED, EventKind.WEBINAR_REGISTERED),
        entry_condition={"all": [{"field": "lead.stage", "op": "is", "value": Stage.NEW.value}]},
        exit_events=(EventKind.MAIL_REPLIED, EventKind.MEETING_REQUESTED, EventKind.MEETING_BOOKED),
        exit_stages=(Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER),
    )
    first = "thank you for looking at {{ organization.name }}. Which question brought you here? Just answer this mail."
    second = "people often ask us how others went about it. If you like, I will tell you what worked for them."
    return plan, [
        _wait(days=1),
        _mail("Glad that you found us, {{ person.first_name | default: 'hello' }}", first),
        _wait(days=3),
        _mail("What others in your place did", second),
        _wait(days=4),
        StepPlan(
            kind="task", task_title="Look at {{ person.name }}: worth a call?", task_kind="todo", task_due_hours=24
        ),
    ]


def _reengagement() -> tuple[SequencePlan, list[StepPlan]]:
    plan = SequencePlan(
        name="Re-engagement",
        purpose="Win back those who went cold",
        entry_dispositions=(DispositionCode.COLD,),
    )
    first = "we have not spoken for a while. Is {{ inquiry.service | default: 'your project' }} still on your mind?"
    second = "I do not want to crowd your inbox: shall I keep in touch, or is it settled? One word is enough."
    return plan, [
        _wait(days=30, weekday=TUESDAY),
        _mail("Still thinking about it?", first),
        _wait(days=21, weekday=TUESDAY),
        _mail("Shall I keep in touch?", second),
    ]


def _recapture() -> tuple[SequencePlan, list[StepPlan]]:
    plan = SequencePlan(
        name="Recapture",
        purpose="Ask those who chose a competitor how it went",
        entry_dispositions=(DispositionCode.COMPETITOR,),
    )
    first = "you chose somebody else some months ago. How did it go? If anything is left to be wished for, I am here."
    return plan, [
        _wait(days=90, weekday=TUESDAY),
        _mail("How did it go?", first),
        _wait(days=14),
        StepPlan(kind="task", task_title="Call {{ person.name }}: happy with their choice?", task_kind="call"),
    ]


def _mail(subject: str, text: str) -> StepPlan:
    return StepPlan(kind="mail", subject=subject, body=f"{_HELLO}{text}{_SIGNED}")


def _wait(*, days: int, weekday: int | None = None) -> StepPlan:
    return StepPlan(kind="wait", wait_days=days, wait_weekday=weekday, wait_at=MORNING)
