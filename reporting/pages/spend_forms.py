"""The forms of the spend pages."""

from typing import Any

from django import forms

from leadhub.leads.models import Channel
from reporting.spend import SpendLine
from reporting.spend_sheet import Habits

CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.UNKNOWN]


class Day(forms.DateInput):
    """A day, chosen from the browser's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SpendForm(forms.Form):
    """What was spent, on what, when; nothing below the channel need be known."""

    channel = forms.ChoiceField(label="Channel", choices=CHANNELS, initial=Channel.PAID_SEARCH)
    source = forms.CharField(
        label="Source",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-sources", "placeholder": "google"}),
    )
    campaign = forms.CharField(
        label="Campaign",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-campaigns"}),
        help_text="As its links say it (utm_campaign). Left empty, the cost stays with the source or channel.",
    )
    first_on = forms.DateField(label="First day", widget=Day())
    last_on = forms.DateField(label="Last day", widget=Day(), help_text="The amount is spread evenly over the days.")
    amount = forms.DecimalField(label="Amount", min_value=0, max_digits=14, decimal_places=2)
    currency = forms.CharField(label="Currency", min_length=3, max_length=3)

    def read_line(self) -> SpendLine:
        """Return what was entered."""
        values: dict[str, Any] = {**self.cleaned_data, "channel": Channel(self.cleaned_data["channel"])}
        return SpendLine(**values)


class UploadForm(forms.Form):
    """A file, and what it leaves unsaid."""

    file = forms.FileField(label="CSV or XLSX file")
    channel = forms.ChoiceField(
        label="Channel",
        required=False,
        choices=[("", "As the file says"), *CHANNELS],
        help_text="For rows without one.",
    )
    source = forms.CharField(
        label="Source",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-sources"}),
        help_text="For rows without one, such as google.",
    )

    def __init__(self, values: Any = None, files: Any = None) -> None:
        super().__init__(values, files, auto_id="upload_%s")  # another form stands on the page

    def read_habits(self, *, currency: str, country: str) -> Habits:
        """Return what the file leaves unsaid."""
        return Habits(
            channel=self.cleaned_data["channel"],
            source=self.cleaned_data["source"],
            currency=currency,
            has_month_first=country == "US",
        )
