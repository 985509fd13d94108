"""allauth's forms in the product's words. Named in `ACCOUNT_FORMS`."""

from typing import Any

from allauth.account import forms

ADDRESS = "E-mail"


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """Who is it?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADDRESS
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Where does the link go?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS
        self.fields["email"].widget.attrs.pop("placeholder", None)


class AddEmailForm(forms.AddEmailForm):  # type: ignore[misc]
    """Which address besides?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS
        self.fields["email"].widget.attrs.pop("placeholder", None)
