"""The form that a new organization starts with. Called where an organization is founded and by "new form"."""

import secrets
from datetime import datetime
from typing import Any

from capture.models import Form
from leadhub.tenancy.models import Directory
from leadhub.tenancy.scope import get_organization_id

DEFAULT_FIELDS: list[dict[str, Any]] = [
    {"name": "name", "label": "Name", "kind": "text", "required": True, "options": []},
    {"name": "email", "label": "E-mail", "kind": "email", "required": True, "options": []},
    {"name": "phone", "label": "Phone", "kind": "tel", "required": False, "options": []},
    {"name": "company", "label": "Company", "kind": "text", "required": False, "options": []},
    {"name": "message", "label": "How can we help?", "kind": "textarea", "required": False, "options": []},
]
ACKNOWLEDGEMENT_SUBJECT = "We have your message, {{ person.first_name | default: 'and thank you' }}"
ACKNOWLEDGEMENT_BODY = """Hello{% if person.first_name != blank %} {{ person.first_name }}{% endif %},

thank you for writing to {{ organization.name }}. Your message has arrived.
{% if answer.by != blank %}
{{ answer.name }} will answer you by {{ answer.by }}.
{% else %}
{{ answer.name }} will answer you soon.
{% endif %}{% if inquiry.message != blank %}
You wrote:

{{ inquiry.message }}
{% endif %}
{{ organization.name }}
"""


def create_default_form(*, name: str, now: datetime) -> Form:
    """Create a form that works at once, and its row in the directory. Needs the organization's scope."""
    form = Form.objects.create(
        key=secrets.token_urlsafe(12),
        name=name,
        headline="Talk to us",
        introduction="Tell us what you need. We answer quickly.",
        fields=DEFAULT_FIELDS,
        acknowledgement_subject=ACKNOWLEDGEMENT_SUBJECT,
        acknowledgement_body=ACKNOWLEDGEMENT_BODY,
        created_at=now,
    )
    Directory.objects.create(
        kind=Directory.Kind.FORM, key=form.key, organization_id=get_organization_id(), target_id=form.id
    )
    return form
