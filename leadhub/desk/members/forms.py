"""Forms of the member, invitation and API key pages."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.members import list_members
from leadhub.accounts.models import Role


class InviteForm(forms.Form):
    """Who to invite, as what."""

    email = forms.EmailField(label="E-mail")
    name = forms.CharField(label="Name", max_length=200, required=False)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.REP)


class MemberForm(forms.Form):
    """A member's name, role, access and duties."""

    name = forms.CharField(label="Name", max_length=200)
    role = forms.ChoiceField(label="Role", choices=Role.choices)
    is_active = forms.BooleanField(label="May log in", required=False)
    is_marketing_owner = forms.BooleanField(
        label="Marketing owner", required=False, help_text="Has the leads that are not ready for sales."
    )
    is_duty_manager = forms.BooleanField(
        label="Duty manager", required=False, help_text="Has the leads that nobody else can take."
    )


class JoinForm(forms.Form):
    """What somebody new gives to accept an invitation."""

    name = forms.CharField(label="Your name", max_length=200)
    password = forms.CharField(
        label="Choose a password",
        help_text="At least 10 characters, and not a common one.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Apply the rules of every password."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password


class ApiKeyForm(forms.Form):
    """A key's name, whom it acts as, and what it may do."""

    name = forms.CharField(label="Name", max_length=200, help_text="The program or agent that will use it.")
    member = forms.ChoiceField(label="Acts as", help_text="It sees and may do what this member may, no more.")
    scopes = forms.MultipleChoiceField(
        label="Scopes",
        choices=[(scope, f"{scope}: {meaning}") for scope, meaning in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one: without a scope a key opens nothing."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(member.id), f"{member.name} ({member.get_role_display()})") for member in list_members()]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
