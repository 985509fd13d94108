"""The organization's page: name, time zone, currency, country; what a change would do is said before it is done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.organizations import FIELDS, change_organization
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.lib.countries import list_countries
from leadhub.lib.errors import DomainError
from leadhub.lib.time_zones import list_time_zones
from leadhub.tenancy.models import Organization
from leadhub.web.confirmation import Effect, ask_first, is_confirmed


class OrganizationForm(forms.Form):
    """What a report and a mail need to know of the organization."""

    name = forms.CharField(max_length=200, help_text="As it stands in forms and mails.")
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="A report's day begins and ends here. Pools keep the zones of their own hours.",
    )
    currency = forms.CharField(
        min_length=3, max_length=3, help_text="Three letters, such as EUR. Sums are made in it; nothing is converted."
    )
    country = forms.ChoiceField(help_text="How a phone number without a country is read.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = list_time_zones()  # type: ignore[attr-defined]
        self.fields["country"].choices = list_countries()  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        """Write it in capitals."""
        return str(self.cleaned_data["currency"]).upper()


@require_http_methods(["GET", "POST"])
@member_view(permission="settings.edit")
def organization_settings(request: MemberRequest) -> HttpResponse:
    """Show and change the organization; what a new currency or zone does is confirmed first."""
    organization = Organization.objects.get(pk=request.viewer.organization.pk)
    form = OrganizationForm(request.POST or None, initial={field: getattr(organization, field) for field in FIELDS})
    if request.method == "POST" and form.is_valid():
        effects = list_effects(organization, form.cleaned_data)
        if effects and not is_confirmed(request):
            return ask_first(
                request,
                title="Change the organization?",
                effects=effects,
                confirm_label="Change it",
                back_url=reverse("organization_settings"),
            )
        if _save(request, organization, form):
            return redirect("organization_settings")
    return render(request, "desk/settings/organization.html", {"form": form})


def list_effects(organization: Organization, values: dict[str, Any]) -> list[Effect]:
    """Say what a new currency or time zone would do to what is there."""
    effects = []
    if values["currency"] != organization.currency:
        has_value = Q(quote_value__gt=0) | Q(pipeline_value__gt=0) | Q(sales_value__gt=0)
        left_out = Lead.objects.filter(has_value).exclude(currency=values["currency"]).count()
        words = f"From now on sums are made in {values['currency']}. Nothing is converted"
        effects.append(Effect(f"{words}: the money of {left_out} leads in another currency stays out of every sum."))
    if values["time_zone"] != organization.time_zone:
        effects.append(Effect(f"Days of reports begin at midnight in {values['time_zone']}: past days' numbers move."))
    return effects


def _save(request: MemberRequest, organization: Organization, form: OrganizationForm) -> bool:
    try:
        change_organization(organization=organization, **form.cleaned_data, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    messages.success(request, "The organization is saved.")
    return True
