"""The forms of nurture's pages; each becomes one plan of the domain."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings

from leadhub.leads.models import DispositionCode, EventKind, Stage, TaskKind
from nurture.models import Step
from nurture.sentences import WEEKDAYS
from nurture.sequences import SequencePlan
from nurture.settings import LONGEST_CAP_DAYS, MOST_A_DAY, MOST_CAPPED, SendingRules
from nurture.steps import StepPlan

Choices = list[tuple[str, str]]
_ENTRY_EVENTS = (
    EventKind.FORM_SUBMITTED,
    EventKind.CONTENT_DOWNLOADED,
    EventKind.PAGE_VIEWED,
    EventKind.WEBINAR_REGISTERED,
    EventKind.WEBINAR_ATTENDED,
    EventKind.MEETING_NO_SHOW,
    EventKind.COOLING,
    EventKind.CUSTOM,
)
_EXIT_EVENTS = (
    EventKind.MAIL_REPLIED,
    EventKind.MEETING_REQUESTED,
    EventKind.MEETING_BOOKED,
    EventKind.MEETING_HELD,
    EventKind.FORM_SUBMITTED,
    EventKind.CALL_INBOUND,
    EventKind.CHAT,
)
_STAGES = [(stage.value, stage.label) for stage in Stage if stage != Stage.NEW]
PLACEHOLDERS = (
    "Liquid: <code>{{ person.first_name }}</code>, <code>{{ person.company }}</code>, "
    "<code>{{ owner.name }}</code>, <code>{{ inquiry.service }}</code>, <code>{{ organization.name }}</code>. "
    "With a word for those who gave no name: <code>{{ person.first_name | default: “there” }}</code>."
)


class RulesForm(forms.Form):
    """What a sequence is called and who enters and leaves it, but for the two conditions."""

    name = forms.CharField(max_length=120)
    purpose = forms.CharField(max_length=300, required=False, help_text="For colleagues: what it is to achieve.")
    entry_events = forms.MultipleChoiceField(
        label="When one of these happens", required=False, widget=forms.CheckboxSelectMultiple
    )
    entry_stages = forms.MultipleChoiceField(
        label="When they reach a stage", required=False, choices=_STAGES, widget=forms.CheckboxSelectMultiple
    )
    entry_dispositions = forms.MultipleChoiceField(
        label="When a lead is closed as", required=False, widget=forms.CheckboxSelectMultiple
    )
    exit_events = forms.MultipleChoiceField(
        label="When one of these happens", required=False, widget=forms.CheckboxSelectMultiple
    )
    exit_stages = forms.MultipleChoiceField(
        label="When they reach a stage", required=False, choices=_STAGES, widget=forms.CheckboxSelectMultiple
    )
    allows_reentry = forms.BooleanField(
        label="May be entered more than once",
        required=False,
        help_text="Off: nobody gets the same mails twice.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("entry_events", _ENTRY_EVENTS)
        self._offer("exit_events", _EXIT_EVENTS)
        dispositions = [each for each in DispositionCode if each != DispositionCode.DO_NOT_CONTACT]
        self.fields["entry_dispositions"].choices = [(each.value, each.label) for each in dispositions]  # type: ignore[attr-defined]

    def make_plan(self, **conditions: Any) -> SequencePlan:
        """Return the plan, with `entry_condition` and `exit_condition`."""
        values: dict[str, Any] = {
            key: tuple(each) if isinstance(each, list) else each for key, each in self.cleaned_data.items()
        }
        return SequencePlan(**values, **conditions)

    def _offer(self, name: str, usual: Iterable[EventKind]) -> None:
        """Offer the usual events, and those that are chosen already."""
        chosen = [EventKind(each) for each in self.initial.get(name, ())]
        kinds = dict.fromkeys([*usual, *chosen])
        self.fields[name].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step of one kind, but for its condition."""

    kind: Step.Kind

    def make_plan(self, **condition: Any) -> StepPlan:
        """Return the plan of the step."""
        return StepPlan(kind=self.kind, **self.cleaned_data, **condition)


class MailForm(StepForm):
    """What is written."""

    kind = Step.Kind.MAIL
    subject = forms.CharField(max_length=300)
    body = forms.CharField(
        label="Words",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
        help_text=PLACEHOLDERS,
    )


class WaitForm(StepForm):
    """How long to wait, and until when."""

    kind = Step.Kind.WAIT
    wait_days = forms.IntegerField(label="Days", min_value=0, initial=3)
    wait_hours = forms.IntegerField(label="Hours", min_value=0, max_value=10_000, initial=0)
    wait_weekday = forms.TypedChoiceField(
        label="Then until the next",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "any day"), *((str(number), day) for number, day in enumerate(WEEKDAYS))],
    )
    wait_at = forms.TimeField(
        label="At",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the lead's own time. Quiet hours hold besides.",
    )


class TaskForm(StepForm):
    """What a colleague is to do."""

    kind = Step.Kind.TASK
    task_kind = forms.ChoiceField(
        label="Kind", choices=[choice for choice in TaskKind.choices if choice[0] != TaskKind.WOKEN]
    )
    task_title = forms.CharField(
        label="What is to be done", max_length=300, help_text="It lands in the queue of the lead's owner."
    )
    task_due_hours = forms.IntegerField(label="Due after hours", min_value=0, max_value=10_000, initial=24)


STEP_FORMS: dict[str, type[StepForm]] = {form.kind: form for form in (MailForm, WaitForm, TaskForm)}


class SendingForm(forms.Form):
    """The rules of sending that hold for every sequence."""

    quiet_from = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label="Until",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the lead's own time zone. The same time twice: no quiet hours.",
    )
    is_weekend_quiet = forms.BooleanField(label="Saturdays and Sundays are quiet too", required=False)
    cap_mails = forms.IntegerField(label="Mails at most", min_value=0, max_value=MOST_CAPPED, help_text="0: no limit.")
    cap_days = forms.IntegerField(label="Within days", min_value=1, max_value=LONGEST_CAP_DAYS)
    mails_a_day = forms.IntegerField(
        label="Mails a day, to all leads together", min_value=0, max_value=MOST_A_DAY, required=False
    )
    from_name = forms.CharField(
        label="Sender's name", max_length=120, required=False, help_text="Empty: your organization's name."
    )
    reply_to = forms.EmailField(
        label="Answers go to", required=False, help_text="Empty: whoever owns the lead gets the answer."
    )
    postal_address = forms.CharField(
        label="Postal address",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stands at the foot of each mail, as the law asks in many countries. No sequence mails without it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ceiling = f" This server allows {settings.MAILS_A_DAY:,} at most." if settings.MAILS_A_DAY else ""
        self.fields["mails_a_day"].help_text = f"0: no limit. What is over it waits until tomorrow.{ceiling}"

    def make_rules(self) -> SendingRules:
        """Return the rules."""
        return SendingRules(**{**self.cleaned_data, "mails_a_day": self.cleaned_data["mails_a_day"] or 0})
