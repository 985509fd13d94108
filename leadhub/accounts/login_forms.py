"""allauth's forms in the product's words. Named in `ACCOUNT_FORMS`."""

from typing import Any

from allauth.account import forms
from django.forms import Field


def _ask_for_address(field: Field) -> None:
    field.label = "E-mail"
    field.widget.attrs.pop("placeholder", None)


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """Who is it?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self.fields["login"])
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Where does the link go?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self.fields["email"])


class AddEmailForm(forms.AddEmailForm):  # type: ignore[misc]
    """Which address besides?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self.fields["email"])
