"""Turn shapes of the OpenAPI document (3.0) into JSON Schema, whole in themselves, as tools describe what they take.

Called by `binding`.
"""

from typing import Any

_LEFT_OUT = frozenset({"nullable", "readOnly", "writeOnly", "example", "deprecated"})
_SAID_ONLY = frozenset({"description", "format", "pattern", "maxLength", "minimum", "maximum"})


def write_schema(shape: Any, components: dict[str, Any], *, is_terse: bool = False) -> Any:
    """Return the shape as JSON Schema, with what it refers to in place; terse without what only explains or bounds."""
    if isinstance(shape, list):
        return [write_schema(each, components, is_terse=is_terse) for each in shape]
    if not isinstance(shape, dict):
        return shape
    if "$ref" in shape:
        return write_schema(components[shape["$ref"].rsplit("/", 1)[1]], components, is_terse=is_terse)
    left_out = _LEFT_OUT | (_SAID_ONLY if is_terse else frozenset())
    plain = {
        "anyOf" if name == "oneOf" else name: _write_part(name, part, components, is_terse=is_terse)
        for name, part in shape.items()
        if name not in left_out and not name.startswith("x-")
    }
    if len(plain.get("allOf", ())) == 1:
        plain = {**plain.pop("allOf")[0], **plain}
    return _allow_null(plain) if shape.get("nullable") else plain


def _write_part(name: str, part: Any, components: dict[str, Any], *, is_terse: bool) -> Any:
    """Return a keyword's value; the names of properties are no keywords."""
    if name == "properties":
        return {each: write_schema(inner, components, is_terse=is_terse) for each, inner in part.items()}
    return write_schema(part, components, is_terse=is_terse)


def _allow_null(plain: dict[str, Any]) -> dict[str, Any]:
    if isinstance(plain.get("type"), str) and "enum" not in plain:
        return {**plain, "type": [plain["type"], "null"]}
    said = {name: plain.pop(name) for name in ("description",) if name in plain}
    return {**said, "anyOf": [plain, {"type": "null"}]}
