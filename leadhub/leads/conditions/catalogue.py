"""The typed catalogue of fields, a registry that apps fill in `ready()`: low floors serve high ones unimported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.expressions import Combinable

from leadhub.leads.conditions.kinds import FieldKind

Choices = Sequence[tuple[str, str]]
Column = Callable[[datetime], Combinable]


class FieldTaken(RuntimeError):
    """Two apps registered one field name."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a condition can ask about.

    `column` is a path from Lead, or a function of `now` that returns an expression over Lead. `choices` may
    be a function: it is called in the organization's scope; a text with choices is still compared as text.
    `read` returns the value that a text given for it means, or None. `is_prefix` fields take a key, as in
    `person.custom.size`. For behaviour, `detail_key` names the event property that narrows it and `detail_label`
    says what it is.
    """

    name: str
    label: str
    group: str
    kind: FieldKind
    column: str | Column = ""
    choices: Choices | Callable[[], Choices] = ()
    read: Callable[[str], str | None] = str
    is_prefix: bool = False
    event_kind: str = ""
    detail_key: str = ""
    detail_label: str = ""

    def expression(self, now: datetime) -> Combinable:
        """Return the SQL value of the field for a lead."""
        return F(self.column) if isinstance(self.column, str) else self.column(now)

    def list_choices(self) -> Choices:
        """Return (value, label) pairs; needs the scope where they are the organization's own."""
        return self.choices() if callable(self.choices) else self.choices


_fields: dict[str, Field] = {}


def register_fields(fields: Iterable[Field]) -> None:
    """Add fields to the catalogue; raises `FieldTaken` for a name that another field has."""
    for field in fields:
        if _fields.get(field.name, field) != field:
            raise FieldTaken(field.name)
        _fields[field.name] = field


def find_field(name: str) -> tuple[Field, str] | None:
    """Return the field of a name and, for a prefix field, the key behind the prefix; None for an unknown name."""
    if name in _fields and not _fields[name].is_prefix:
        return _fields[name], ""
    parts = name.split(".", 2)
    prefix = _fields.get(".".join(parts[:2])) if len(parts) == 3 else None
    return (prefix, parts[2]) if prefix and prefix.is_prefix and parts[2] else None


def get_field(name: str) -> Field | None:
    """Return the field registered under the very name, a prefix field without its key."""
    return _fields.get(name)


def list_fields() -> list[Field]:
    """Return every field in the order of registration."""
    return list(_fields.values())
