"""What it would do to close a form or to remove one of its fields. Asked by the form's page before it saves."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from capture.addresses import read_address
from capture.models import Form, Submission
from capture.payloads import KNOWN_FIELDS
from leadhub.leads.conditions.uses import find_uses
from leadhub.web.confirmation import Effect

LOOK_BACK = timedelta(days=30)


def list_form_effects(form: Form, changes: dict[str, Any], *, now: datetime) -> list[Effect]:
    """Say what the changes take away; nothing where they only add or reword."""
    kept = {field["name"] for field in changes["fields"]}
    removed = [field for field in form.fields if field["name"] not in kept]
    effects = [effect for field in removed for effect in _list_field_effects(form, field, now=now)]
    if form.is_active and not changes["is_active"]:
        effects.insert(0, _describe_closing(form, now=now))
    return effects


def _describe_closing(form: Form, *, now: datetime) -> Effect:
    posts = _recent(form, now=now).count()
    words = f"{posts} posts came through it in the last 30 days: visitors will read that it is closed"
    return Effect(f"{words}, on every page that shows it.", f"{reverse('intake_ledger')}?door=form&days=30")


def _list_field_effects(form: Form, field: dict[str, Any], *, now: datetime) -> list[Effect]:
    name, label = field["name"], field.get("label") or field["name"]
    filled = _recent(form, now=now).filter(values__has_key=name).exclude(**{f"values__{name}": ""}).count()
    effects = [Effect(f"“{label}” was filled in {filled} times in the last 30 days; what came stays with its leads.")]
    uses = find_uses(fields=_read_as(field))
    return [*effects, *(Effect(f"{rule.words} asks about “{label}”.", rule.url) for rule in uses)]


def _read_as(field: dict[str, Any]) -> Collection[str]:
    """Return the fields of conditions that the form's field fills."""
    name = field["name"]
    known = {"message": "inquiry.message", "service": "inquiry.service", "quote_value": "lead.quote_value"}
    if name in KNOWN_FIELDS:
        return {known.get(name, f"person.{'company_name' if name == 'company' else name}")}
    told = {f"person.{part}" for part in read_address({name: "?"}, fields=[field])}
    return {f"inquiry.fields.{name}", *told}


def _recent(form: Form, *, now: datetime) -> Any:
    return Submission.objects.filter(form=form, received_at__gte=now - LOOK_BACK)
