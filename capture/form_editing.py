"""Change a form: its settings, fields and words, each change in the audit log. Called by the forms' pages."""

from datetime import datetime
from typing import Any

from capture.defaults import create_default_form
from capture.definitions import forget_form
from capture.models import Form
from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.delivery.writing import Kind, forget_faults

AUDITED = (
    "name",
    "headline",
    "introduction",
    "fields",
    "allowed_origins",
    "service",
    "intent",
    "button_text",
    "thank_you_text",
    "redirect_url",
    "sends_acknowledgement",
    "acknowledgement_subject",
    "acknowledgement_body",
    "is_active",
)
_WORDS = {"acknowledgement_subject", "acknowledgement_body"}


def create_form(*, name: str, actor: Membership, now: datetime) -> Form:
    """Create a form with the default fields and words."""
    form = create_default_form(name=name, now=now)
    record_change(
        actor=actor,
        action="form.created",
        target_kind="form",
        target_id=form.pk,
        summary=f"Created the form {name}",
        now=now,
        after=_describe(form),
    )
    return form


def update_form(*, form: Form, changes: dict[str, Any], actor: Membership, now: datetime) -> Form:
    """Write the changed settings; nothing changed writes nothing. This process forgets the former definition."""
    before = _describe(form)
    for name, value in changes.items():
        setattr(form, name, value)
    after = _describe(form)
    changed = [name for name in AUDITED if before[name] != after[name]]
    if not changed:
        return form
    form.save(update_fields=changed)
    if _WORDS & set(changed):
        forget_faults(kind=Kind.FORM, template_id=form.pk)
    record_change(
        actor=actor,
        action="form.changed",
        target_kind="form",
        target_id=form.pk,
        summary=f"Changed the form {form.name}: {', '.join(name.replace('_', ' ') for name in changed)}"[:300],
        now=now,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    forget_form(form.key)
    return form


def _describe(form: Form) -> dict[str, Any]:
    return {name: getattr(form, name) for name in AUDITED}
