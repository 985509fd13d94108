"""Forms over tenant models, and the one place that reads a violated constraint as a field's error."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import IntegrityError

from leadhub.tenancy.models import Organization, TenantModel
from leadhub.tenancy.scope import get_organization_id

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class TenantModelForm(ModelForm):
    """A model form whose instance is the scope's organization's, so that tenant-led uniques are validated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance: TenantModel = self.instance
        if instance._state.adding:
            instance.organization = Organization.objects.get(pk=get_organization_id())

    def _get_validation_exclusions(self) -> set[str]:
        """Keep the organization in validation; Django leaves out what the form does not show."""
        return set(super()._get_validation_exclusions()) - {"organization"}  # type: ignore[misc]


# constraint name → (field, what to do)
MESSAGES: dict[str, tuple[str, str]] = {
    "membership_user": ("email", "This person is a member already."),
    "invitation_open_email": ("email", "This address has an open invitation: revoke it first to send a new one."),
    "pool_name": ("name", "A pool of this name exists: choose another name."),
    "pool_member_once": ("member", "This member is in the pool already."),
    "holiday_once": ("on", "This day is a holiday already."),
    "business_hours_once": ("opens_at", "These hours exist already."),
    "sla_policy_once": ("intent", "There is a promise for this intent already: change that one."),
    "company_domain": ("domain", "Another company has this domain."),
    "lead_quote_value": ("quote_value", "Enter a value of zero or more."),
    "opportunity_amount": ("amount", "Enter an amount of zero or more."),
    "spend_once": ("first_on", "There is spend for exactly this and these days already: change that one."),
    "lead_one_open_per_person": ("email", "This person has an open lead already: add the inquiry to it."),
}


def field_error(error: IntegrityError) -> tuple[str, str] | None:
    """Return (field, message) for a violated constraint that a user can mend, or None for a defect of ours."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return MESSAGES.get(diagnostics.constraint_name) if diagnostics else None
