"""The form of an endpoint."""

from typing import Any

from django import forms

from leadhub.webhooks.endpoints import EndpointPlan
from leadhub.webhooks.event_types import EventType
from leadhub.webhooks.models import Endpoint


class EndpointForm(forms.Form):
    """Name, URL, and what it is to be told."""

    name = forms.CharField(max_length=100, help_text="The system that listens, such as CRM.")
    url = forms.CharField(
        label="URL",
        max_length=300,
        help_text="Begins with https:// and is in the public internet.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    event_types = forms.MultipleChoiceField(
        label="Events",
        choices=[(each.value, f"{each.value}: {each.label}") for each in EventType],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None ticked: all of them, also those that come with later versions.",
    )

    def read_plan(self) -> EndpointPlan:
        """Return what the admin decided."""
        return EndpointPlan(**self.cleaned_data)


def fill_in(endpoint: Endpoint) -> dict[str, Any]:
    """Return the form's values for an endpoint as it stands."""
    return {"name": endpoint.name, "url": endpoint.url, "event_types": endpoint.event_types}
