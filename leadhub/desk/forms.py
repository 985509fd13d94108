"""The forms of the lead page, the queue and the team page. They check shapes; the domain checks meaning."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from leadhub.accounts.models import Membership
from leadhub.desk.next_steps import WORDS, When, begin_day, choose_due_at
from leadhub.leads.consenting import LONGEST_WORDS, PURPOSES, Said, Way, name_purpose
from leadhub.leads.models import DispositionCode, Outcome, TaskKind, Verdict
from leadhub.lib.ids import read_id
from leadhub.tenancy.scope import get_organization_id
from leadhub.web.fields import CountryField, MomentField
from nurture.models import Sequence
from routing.models import Assignment

MEDIA = [
    ("", "Nobody knows"),
    ("referral", "Recommended by somebody"),
    ("organic", "Found in a search engine"),
    ("cpc", "Clicked a search ad"),
    ("paid_social", "Clicked an ad in social media"),
    ("social", "Social media"),
    ("email", "An e-mail of ours"),
    ("affiliate", "A partner"),
]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OutcomeForm(forms.Form):
    """What came of a call, a mail or a meeting, and when to try again."""

    outcome = forms.ChoiceField(choices=Outcome.choices)
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    occurred_at = MomentField(required=False, label="When", widget=MOMENT)
    when = forms.ChoiceField(
        choices=[("", "As usual after this outcome"), *((each.value, WORDS[each]) for each in When)],
        required=False,
        label="Next task",
    )

    def clean_occurred_at(self) -> datetime | None:
        """Refuse what has not happened yet."""
        moment: datetime | None = self.cleaned_data["occurred_at"]
        if moment and moment > timezone.now():
            raise forms.ValidationError("This is in the future: plan a task instead.")
        return moment


class TaskForm(forms.Form):
    """The next promised action."""

    kind = forms.ChoiceField(choices=[choice for choice in TaskKind.choices if choice[0] != TaskKind.WOKEN])
    title = forms.CharField(max_length=300, required=False)
    due_at = MomentField(label="Due", widget=MOMENT)


class TaskChangeForm(forms.Form):
    """What a planned action is called, and when it is due; without a name it keeps the one it has."""

    title = forms.CharField(max_length=300, required=False, label="What")
    due_at = MomentField(label="Due", widget=MOMENT)


class SnoozeForm(forms.Form):
    """Put a lead off: by one click, or to a day."""

    when = forms.ChoiceField(
        choices=[(each.value, WORDS[each]) for each in When], required=False, widget=forms.HiddenInput
    )
    wakes_at = forms.DateField(
        label="Until a day", widget=DATE, error_messages={"required": "Choose the day on which it comes back."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wakes_at"].required = not self.data.get("when")

    def wake_moment(self, now: datetime) -> datetime:
        """Return the instant that was chosen."""
        when, day = self.cleaned_data["when"], self.cleaned_data["wakes_at"]
        return choose_due_at(when=When(when), now=now) if when else begin_day(day)


class QualificationForm(forms.Form):
    """Budget, authority, need, timeline: what makes a lead an SQL."""

    budget = forms.CharField(max_length=300, required=False)
    authority = forms.CharField(max_length=300, required=False)
    need = forms.CharField(max_length=300, required=False)
    timeline = forms.CharField(max_length=300, required=False)


class DetailsForm(forms.Form):
    """Who they are and how to reach them. The company is asked for where no employer is known by the address."""

    first_name = forms.CharField(max_length=200, required=False)
    last_name = forms.CharField(max_length=200, required=False)
    title = forms.CharField(max_length=200, required=False, label="Job title")
    company = forms.CharField(max_length=300, required=False)
    email = forms.CharField(max_length=320, required=False, label="E-mail", widget=forms.EmailInput)
    phone = forms.CharField(max_length=64, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    street = forms.CharField(max_length=300, required=False)
    postal_code = forms.CharField(max_length=20, required=False, label="ZIP or postal code")
    city = forms.CharField(max_length=120, required=False)
    region = forms.CharField(max_length=120, required=False, label="State or region")
    country = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "company" not in (self.data if self.is_bound else self.initial):
            del self.fields["company"]


class ConsentForm(forms.Form):
    """What they told a colleague that we may do, or no longer."""

    purpose = forms.CharField(max_length=60, label="What for", widget=forms.Select)
    answer = forms.ChoiceField(
        choices=[("", "Choose"), ("given", "They agree"), ("withdrawn", "They do not, or no longer")],
        label="What they say",
        help_text="A no to anything but text messages and calls is an unsubscribing: they get no more mail.",
    )
    way = forms.ChoiceField(choices=Way.choices, label="How they said it")
    words = forms.CharField(max_length=LONGEST_WORDS, required=False, label="Their words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is asked most, and what this person was asked (`initial["known"]`)."""
        super().__init__(*args, **kwargs)
        known = [self.data.get("purpose", "")] if self.is_bound else self.initial.get("known", ())
        offered = dict.fromkeys([*PURPOSES, *filter(None, known)])
        self.fields["purpose"].widget.choices = [(each, capfirst(name_purpose(each))) for each in offered]

    def read_said(self) -> Said:
        """Return what they said."""
        values = self.cleaned_data
        is_given = values["answer"] == "given"
        return Said(purpose=values["purpose"], is_given=is_given, way=values["way"], words=values["words"])


class DispositionForm(forms.Form):
    """The code that ends or parks a lead."""

    code = forms.ChoiceField(choices=[("", "Choose a reason"), *DispositionCode.choices], label="Reason")
    wakes_at = forms.DateField(
        required=False,
        label="Wake it on",
        widget=DATE,
        help_text="Only for a reason of timing: on this day it is back in the queue.",
    )
    note = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def wake_moment(self) -> datetime | None:
        """Return nine o'clock of the chosen day in the member's zone."""
        day = self.cleaned_data.get("wakes_at")
        return begin_day(day) if day else None


class OpportunityForm(forms.Form):
    """A deal."""

    name = forms.CharField(max_length=300)
    amount = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    expected_close_on = forms.DateField(required=False, label="Expected close", widget=DATE)


class CloseOpportunityForm(forms.Form):
    """How a deal ended."""

    result = forms.ChoiceField(choices=[("won", "Won"), ("lost", "Lost")])
    amount = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False)
    reason = forms.CharField(max_length=300, required=False)


class VerdictForm(forms.Form):
    """Whether marketing calls it a qualified lead, and why."""

    verdict = forms.ChoiceField(choices=[choice for choice in Verdict.choices if choice[0] != Verdict.PENDING])
    reason = forms.CharField(max_length=300, required=False)


class ValueForm(forms.Form):
    """What the lead is worth when it asks."""

    amount = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0, label="Quote value")


class RejectForm(forms.Form):
    """Why a member declines a lead."""

    reason = forms.ChoiceField(choices=[("", "Choose a reason"), *Assignment.RejectReason.choices])
    note = forms.CharField(max_length=500, required=False)


class RerouteForm(forms.Form):
    """Give the turn back: it belongs to somebody else."""

    note = forms.CharField(max_length=500, required=False)


def list_members() -> Any:
    """Return who may own a lead, by name."""
    return Membership.objects.of(get_organization_id()).active().order_by("name")


class ReassignForm(forms.Form):
    """Give a lead to a member by hand."""

    member = forms.ModelChoiceField(
        queryset=Membership.objects.none(), label="New owner", empty_label="Choose a colleague"
    )
    note = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.queryset = list_members()


class BulkForm(ReassignForm):
    """Give many leads to one member."""

    leads = forms.TypedMultipleChoiceField(coerce=UUID, error_messages={"required": "Choose the leads to move."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads: Any = self.fields["leads"]
        leads.valid_value = read_id  # whether it is a lead of theirs, the tenant's queries decide


class LeadForm(forms.Form):
    """A lead entered by hand; it walks the same line as any other."""

    first_name = forms.CharField(max_length=200, required=False)
    last_name = forms.CharField(max_length=200, required=False)
    email = forms.EmailField(max_length=320, required=False, label="E-mail")
    phone = forms.CharField(max_length=64, required=False)
    company = forms.CharField(max_length=300, required=False)
    title = forms.CharField(max_length=200, required=False, label="Job title")
    street = forms.CharField(max_length=300, required=False)
    postal_code = forms.CharField(max_length=20, required=False, label="ZIP or postal code")
    city = forms.CharField(max_length=120, required=False)
    region = forms.CharField(max_length=120, required=False, label="State or region")
    country = CountryField(max_length=120, required=False)
    message = forms.CharField(required=False, label="Their words", widget=forms.Textarea(attrs={"rows": 3}))
    service = forms.CharField(max_length=120, required=False, label="What they want")
    quote_value = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0, required=False)
    utm_medium = forms.ChoiceField(choices=MEDIA, required=False, label="How they came")
    utm_source = forms.CharField(
        max_length=200, required=False, label="Source", help_text="For example: google, a partner's name, a trade fair."
    )
    utm_campaign = forms.CharField(max_length=300, required=False, label="Campaign")
    is_mine = forms.BooleanField(required=False, label="I take this lead myself")

    def clean(self) -> dict[str, Any]:
        """Ask for a way to reach them."""
        values = super().clean() or self.cleaned_data
        if not values.get("email") and not values.get("phone") and not self.errors:
            self.add_error("email", "Give an e-mail address or a phone number, so that somebody can answer.")
        return values

    def read_values(self) -> dict[str, str]:
        """Return what was filled in, as a door reads it."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value and name != "is_mine"}


class AbsenceForm(forms.Form):
    """Send a member away, or bring them back."""

    is_away = forms.BooleanField(required=False)
    until = forms.DateField(required=False, label="Back on", widget=DATE)


def list_running() -> QuerySet[Sequence]:
    """Return the sequences that somebody can be put into."""
    return Sequence.objects.filter(state=Sequence.State.ACTIVE).order_by("name")


class EnrollForm(forms.Form):
    """The sequence to put a lead into."""

    sequence = forms.ModelChoiceField(queryset=Sequence.objects.none(), empty_label="Choose a sequence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sequence"].queryset = list_running()  # type: ignore[attr-defined]


class NoForm(forms.Form):
    """An act that needs nothing said."""
