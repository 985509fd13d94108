"""The Django forms of a form's settings page. Used by `form_pages` only."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet

from capture.channels import ATTRIBUTION_FIELDS
from capture.models import Form
from capture.spam import HONEYPOT, STAMP
from leadhub.delivery.liquid import TemplateFault, render_mail
from leadhub.leads.models import Intent
from leadhub.tenancy.forms import TenantModelForm

if TYPE_CHECKING:
    FormSet = BaseFormSet["FieldForm"]
else:
    FormSet = BaseFormSet

KINDS = (
    ("text", "One line"),
    ("textarea", "Several lines"),
    ("email", "E-mail"),
    ("tel", "Phone"),
    ("money", "Amount of money"),
    ("number", "Number"),
    ("select", "Choice"),
    ("street", "Street and number"),
    ("postal_code", "ZIP or postal code"),
    ("city", "City"),
    ("region", "State or region"),
    ("country", "Country"),
    ("checkbox", "Checkbox"),
    ("consent", "Consent, a box to tick"),
    ("date", "Date"),
    ("url", "Web address"),
)
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,59}$")
# What stands in a header: a host and its port, nothing that could end the header's part.
_HOST = re.compile(r"(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.IGNORECASE)
_RESERVED = frozenset({*ATTRIBUTION_FIELDS, HONEYPOT, STAMP})


class SettingsForm(TenantModelForm):
    """What the form is called, where it stands, what it says."""

    redirect_url = forms.URLField(
        required=False,
        assume_scheme="https",
        max_length=500,
        label="Thank-you page of your own",
        help_text="Empty: our page with the words above.",
    )
    allowed_origins = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://www.example.com"}),
        label="Sites that may show this form",
        help_text="One a line, with https://. Empty: every site.",
    )

    class Meta:
        model = Form
        fields = (
            "name",
            "headline",
            "introduction",
            "button_text",
            "thank_you_text",
            "redirect_url",
            "service",
            "intent",
            "allowed_origins",
            "is_active",
        )
        labels = {
            "button_text": "Button",
            "thank_you_text": "Words after sending",
            "service": "Service asked for",
            "intent": "How warm is who sends it?",
            "is_active": "The form is open",
        }
        help_texts = {
            "name": "For you; visitors do not see it.",
            "service": "Counts where the form itself has no field called service.",
            "intent": "Hot goes to sales at once: quotes, demos, calls. Content is a download.",
        }
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 2}),
            "thank_you_text": forms.Textarea(attrs={"rows": 2}),
            "intent": forms.Select(choices=Intent.choices),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["allowed_origins"] = "\n".join(self.instance.allowed_origins)

    def clean_allowed_origins(self) -> list[str]:
        """Read one origin a line; a path is cut off."""
        lines = [line.strip() for line in self.cleaned_data["allowed_origins"].splitlines() if line.strip()]
        return sorted({_read_origin(line) for line in lines})


class AcknowledgementForm(TenantModelForm):
    """The mail that answers at once."""

    class Meta:
        model = Form
        fields = ("sends_acknowledgement", "acknowledgement_subject", "acknowledgement_body")
        labels = {
            "sends_acknowledgement": "Answer at once by mail",
            "acknowledgement_subject": "Subject",
            "acknowledgement_body": "Words",
        }
        help_texts = {
            "acknowledgement_body": "Liquid: {{ person.first_name }}, {{ answer.name }}, {{ answer.by }}, "
            "{{ inquiry.message }}, {{ inquiry.service }}, {{ organization.name }}. HTML is cleaned."
        }
        widgets = {"acknowledgement_body": forms.Textarea(attrs={"rows": 14, "spellcheck": "true"})}

    def clean(self) -> dict[str, Any]:
        """Render the words once, so that a mistake shows now and not when somebody waits for an answer."""
        values = super().clean() or {}
        subject, body = values.get("acknowledgement_subject", ""), values.get("acknowledgement_body", "")
        if values.get("sends_acknowledgement"):
            for name, text in (("acknowledgement_subject", subject), ("acknowledgement_body", body)):
                if not text.strip():
                    self.add_error(name, "Write the words, or switch the mail off.")
        try:
            render_mail(subject=subject, body=body, values={})
        except TemplateFault as fault:
            self.add_error(f"acknowledgement_{fault.field}", fault.message)
        return values


class FieldForm(forms.Form):
    """One field of the form; a row without a name is left out."""

    name = forms.CharField(required=False, max_length=60, label="Name in the data")
    label = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(choices=KINDS)
    required = forms.BooleanField(required=False, label="Required")
    options = forms.CharField(required=False, max_length=2000, label="Choices, separated by commas")

    def clean_name(self) -> str:
        """Refuse what is no plain name, or one of ours."""
        name = str(self.cleaned_data["name"]).strip().lower().replace(" ", "_").replace("-", "_")
        if name and not _NAME.fullmatch(name):
            raise ValidationError("Use letters, digits and underscores, such as roof_size.")
        if name in _RESERVED:
            raise ValidationError("This name is filled in by the form itself.")
        return name

    def clean(self) -> dict[str, Any]:
        """Ask for choices where a field is one."""
        values = super().clean() or {}
        if values.get("name") and values.get("kind") == "select" and not values.get("options"):
            self.add_error("options", "Name the choices.")
        return values


class FieldFormSetBase(FormSet):
    """All fields in order; a person must be reachable through at least one of them."""

    def clean(self) -> None:
        """Refuse names that come twice, and a form without e-mail and phone."""
        if any(self.errors):
            return
        names = [field["name"] for field in self.list_fields()]
        if len(names) != len(set(names)):
            raise ValidationError("Two fields have the same name.")
        if not {"email", "phone"} & set(names):
            raise ValidationError("Keep a field called email or phone: else nobody can be answered.")

    def list_fields(self) -> list[dict[str, Any]]:
        """Return the fields as the form stores them, in the chosen order."""
        kept = [form for form in self.forms if form.cleaned_data.get("name") and form not in self.deleted_forms]
        kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or 10_000)
        return [_store_field(form.cleaned_data) for form in kept]


FieldFormSet = forms.formset_factory(
    FieldForm, formset=FieldFormSetBase, extra=2, can_order=True, can_delete=True, max_num=60
)


def list_initial(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return stored fields as the form set shows them."""
    return [{**field, "options": ", ".join(field.get("options", []))} for field in fields]


def _store_field(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "label": values["label"] or values["name"].replace("_", " ").capitalize(),
        "kind": values["kind"],
        "required": values["required"],
        "options": [option.strip() for option in values["options"].split(",") if option.strip()],
    }


def _read_origin(line: str) -> str:
    scheme, _, rest = (line if "://" in line else f"https://{line}").lower().partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        raise ValidationError(f"{line} is no site: write it as https://www.example.com.")
    return f"{scheme}://{host}"
