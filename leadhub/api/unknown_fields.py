"""Fields of a body that the call does not know, told where they stand: a slip is never passed over in silence.

Called by `inputs.read_input`. What takes any keys is open by its nature (`custom`, `properties`, a condition), or by
design (`is_open`): a lead keeps every field, as at any door.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

from rest_framework.serializers import ListSerializer, Serializer

_MOST_TOLD = 20
_LONGEST_NAME = 80
_BY_BROWSERS = "csrfmiddlewaretoken"  # in a form's post, and checked before the call


def find_unknown(shape: Serializer[Any], given: Any) -> dict[str, str]:
    """Return path → what is accepted there, for the first fields of a body that its shape, or one within, lacks."""
    found = _walk(shape, given, "")
    return {f"{path}{name}": _tell(name, known) for path, name, known in islice(found, _MOST_TOLD)}


def _walk(shape: Any, given: Any, path: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (path, name, the names known there)."""
    if isinstance(shape, ListSerializer) and isinstance(given, list):
        for place, row in enumerate(given):
            yield from _walk(shape.child, row, f"{path}{place}.")
    elif isinstance(shape, Serializer) and isinstance(given, Mapping):
        known = {name: field for name, field in shape.fields.items() if not field.read_only}
        if not getattr(shape, "is_open", False):
            unknown = (name for name in _list_names(given) if name not in known)
            yield from ((path, name[:_LONGEST_NAME], list(known)) for name in unknown)
        for name, field in known.items():
            yield from _walk(field, field.get_value(given), f"{path}{name}.")


def _list_names(given: Mapping[Any, Any]) -> Iterable[str]:
    """Return the names in an object; those of a form's post without what they name within (`fields[0].name`)."""
    if not hasattr(given, "getlist"):
        return map(str, given)
    return dict.fromkeys(name.split("[")[0].split(".")[0] for name in given if name != _BY_BROWSERS)


def _tell(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    accepted = f"This takes {', '.join(known)}." if known else "This takes no fields."
    return f"There is no such field here. {meant}{accepted}"
