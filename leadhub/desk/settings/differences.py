"""Read what an audit row changed, field by field, in words. Called by the audit log's page and its export."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadhub.accounts.models import AuditEntry
from leadhub.desk.settings.audit_words import Wording, word_record, word_value
from leadhub.leads.conditions import ConditionError, describe
from leadhub.web.formatting import NOTHING, format_stored

_NAMES = ("label", "name", "key")  # what a rule or a field in a list is called, the first of these that it has


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field: its words before and after; empty where there was nothing."""

    field: str
    before: str
    after: str


def list_differences(entry: AuditEntry, *, wording: Wording) -> list[Difference]:
    """Return the fields that differ, in the order in which they are stored."""
    reader = _Reader(kind=entry.target_kind, wording=wording)
    old, new = (dict(reader.read(record)) for record in (entry.before, entry.after))
    return [
        Difference(field=path, before=old.get(path, ""), after=new.get(path, ""))
        for path in dict.fromkeys([*old, *new])
        if (old.get(path) or NOTHING) != (new.get(path) or NOTHING)
    ]


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Reads what the log keeps of one kind of thing."""

    kind: str
    wording: Wording

    def read(self, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (path, words) of every leaf."""
        return self._flatten(word_record(self.kind, record, wording=self.wording), "", "")

    def _flatten(self, value: Any, field: str, path: str) -> Iterator[tuple[str, str]]:
        """Do so below a path; rules in a list go by their name, not by their place."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                below = f"{path} › {_label(key)}" if path else _label(key)
                if str(key).endswith("condition"):
                    yield below, _read_condition(item, of_rule=key == "condition")
                else:
                    yield from self._flatten(item, str(key), below)
        elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            for item in value:
                name = next((key for key in _NAMES if key in item), "")
                rest = {key: part for key, part in item.items() if key not in {name, "key"}}
                yield from self._flatten(rest, field, f"{path} › {item.get(name, '')}")
        else:
            yield path, word_value(self.kind, field, value, wording=self.wording)


def _label(key: str) -> str:
    return format_stored(str(key).replace("_", " "))


def _read_condition(condition: Any, *, of_rule: bool) -> str:
    """Return it in words: a rule without one is for everybody, a sequence without one lets nobody in or out by it."""
    if not condition and not of_rule:
        return NOTHING
    try:
        return describe(condition or {})
    except ConditionError:  # its field may be gone since
        return json.dumps(condition)
