"""Find a form by its public key, before any tenant is known. Every door calls it on every post.

A definition is kept in the process for a few seconds, so that a post costs one statement, not three. Keys are
unique in the installation and a definition carries its organization: nothing of one tenant answers another's key.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from capture.models import Form
from leadhub.lib.countries import list_countries
from leadhub.tenancy.models import Directory
from leadhub.tenancy.scope import scope

KEPT_SECONDS = 3.0
_KEPT_AT_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class FieldDefinition:
    """One field as the form shows it."""

    name: str
    label: str
    kind: str
    is_required: bool
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    """What the doors need to know of a form and its organization."""

    id: UUID
    key: str
    organization_id: UUID
    organization_name: str
    country: str
    headline: str
    introduction: str
    fields: tuple[FieldDefinition, ...]
    allowed_origins: tuple[str, ...]
    button_text: str
    thank_you_text: str
    redirect_url: str
    is_active: bool
    google_key_sha256: str

    def allows_origin(self, origin: str) -> bool:
        """Say whether a page of this origin may post and frame the form; an empty list allows every site."""
        return not self.allowed_origins or origin.lower() in self.allowed_origins


_kept: dict[str, tuple[float, FormDefinition]] = {}


def find_form(key: str) -> FormDefinition | None:
    """Return the form of a key, at most a few seconds old, or None where no form has the key."""
    expires_at, definition = _kept.get(key, (0.0, None))
    if definition is not None and expires_at > time.monotonic():
        return definition
    definition = _load_form(key)
    if definition is not None:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        _kept[key] = (time.monotonic() + KEPT_SECONDS, definition)
    return definition


def forget_form(key: str) -> None:
    """Let this process read the form anew; the others do within seconds."""
    _kept.pop(key, None)


def _load_form(key: str) -> FormDefinition | None:
    entry = Directory.objects.filter(kind=Directory.Kind.FORM, key=key).select_related("organization").first()
    if entry is None:
        return None
    organization = entry.organization
    with scope(organization.id):
        form = Form.objects.get(pk=entry.target_id)  # a key without its form is our fault, never the sender's 404
    return FormDefinition(
        id=form.id,
        key=key,
        organization_id=organization.id,
        organization_name=organization.name,
        country=organization.country,
        headline=form.headline,
        introduction=form.introduction,
        fields=tuple(_read_field(field) for field in form.fields),
        allowed_origins=tuple(origin.lower() for origin in form.allowed_origins),
        button_text=form.button_text,
        thank_you_text=form.thank_you_text,
        redirect_url=form.redirect_url,
        is_active=form.is_active,
        google_key_sha256=form.google_key_sha256,
    )


def _read_field(field: dict[str, Any]) -> FieldDefinition:
    kind, options = field.get("kind", "text"), tuple(field.get("options", ()))
    if kind == "country":
        kind, options = "select", tuple(name for _code, name in list_countries())
    elif kind == "consent":
        kind = "checkbox"
    return FieldDefinition(
        name=field["name"],
        label=field.get("label") or field["name"],
        kind=kind,
        is_required=bool(field.get("required")),
        options=options,
    )
