"""The dry run: one arrival through the whole line, told step by step; nothing of it is kept."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from capture.models import Form, Submission
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.forms import LeadForm
from leadhub.desk.settings.scenes import Scene, tell_scenes
from leadhub.leads.versions import find_draft
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import read_id
from leadhub.line.rehearsal import Arrival, rehearse
from routing.models import RoutingRuleSet
from scoring.models import ScoreModel

_OWN = ("form", "is_stranger", "uses_drafts", "is_mine")


class DryRunForm(LeadForm):
    """Who arrives with what, at which form, under which rules."""

    form = forms.ModelChoiceField(queryset=Form.objects.none(), label="Arrives at the form")
    is_stranger = forms.BooleanField(
        required=False, label="As somebody new", help_text="Whoever has the address or number is not recognised."
    )
    uses_drafts = forms.BooleanField(required=False, label="By the drafts", help_text="Of score model and routing.")
    field_order = ["form", "uses_drafts", "is_stranger"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_mine"]
        self.fields["form"].queryset = Form.objects.order_by("-is_active", "name")  # type: ignore[attr-defined]
        if find_draft(ScoreModel) is None and find_draft(RoutingRuleSet) is None:
            del self.fields["uses_drafts"]

    def read_values(self) -> dict[str, str]:
        """Return what was filled in, as a door reads it."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value and name not in _OWN}


@require_GET
@member_view(permission="settings.edit")
def dry_run(request: MemberRequest) -> HttpResponse:
    """Ask what arrives; with an answer in the query string, tell what the line would do. `lead` fills in the form."""
    is_asked = "form" in request.GET
    form = DryRunForm(request.GET if is_asked else None, initial=_read_lead(request.GET.get("lead", "")))
    scenes = _rehearse(request, form) if is_asked and form.is_valid() else []
    return render(request, "desk/settings/dry_run.html", {"form": form, "scenes": scenes})


def _rehearse(request: MemberRequest, form: DryRunForm) -> list[Scene]:
    values = form.cleaned_data
    arrival = Arrival(form=values["form"], values=form.read_values(), is_stranger=values["is_stranger"])
    try:
        return rehearse(
            arrival=arrival,
            uses_drafts=values.get("uses_drafts", False),
            actor=request.viewer.member,
            now=utc_now(),
            tell=tell_scenes,
        )
    except DomainError as error:  # a draft that cannot be published
        return [Scene(title="Rules", words=error.message, is_bad=True)]


def _read_lead(text: str) -> dict[str, Any]:
    """Return what the lead's first submission said, and the first form where there is none."""
    initial: dict[str, Any] = {"form": Form.objects.order_by("-is_active", "name").first(), "is_stranger": True}
    lead_id = read_id(text)
    if lead_id is None:
        return initial
    first = Submission.objects.filter(lead=lead_id).order_by("received_at").first()
    if first is None:
        return initial
    return {**initial, **first.values, **({"form": first.form} if first.form else {})}
