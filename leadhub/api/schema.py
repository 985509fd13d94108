"""What every call of the API shares, put into its OpenAPI document: the shape of errors, the key of a retry, and that
a body has the fields described and no others.

Called by drf-spectacular after it has described the views.
"""

from collections.abc import Iterator
from typing import Any

from leadhub.api.inputs import LeadInput

_TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457); `errors` names the fields that are to blame.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail"), _TEXT),
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": _TEXT, "message": _TEXT}},
        },
    },
}
RETRY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key with the same body gets the first answer again, for 24 hours.",
}
_OPEN = frozenset({LeadInput.__name__})


def describe_what_is_shared(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the answer of a call that fails to every call, and the key of a retry to every POST."""
    shapes = result["components"]["schemas"]
    shapes["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    failure = {"description": "It failed, and changed nothing.", "content": content}
    for calls in result["paths"].values():
        for method, call in calls.items():
            call["responses"]["default"] = failure
            if method == "post":
                call.setdefault("parameters", []).append(RETRY_KEY)
            for name in _list_names(call.get("requestBody", {})):
                _close(shapes, name)
    return result


def _close(shapes: dict[str, Any], name: str) -> None:
    """Say of a shape that is read, and of those within, whether it takes other fields."""
    shape = shapes[name]
    if "properties" in shape:
        shape["additionalProperties"] = name in _OPEN
    for inner in _list_names(shape):
        _close(shapes, inner)


def _list_names(described: Any) -> Iterator[str]:
    """Yield the names of the shapes that a part of the document refers to."""
    if isinstance(described, dict):
        if "$ref" in described:
            yield described["$ref"].rsplit("/", 1)[1]
        described = list(described.values())
    if isinstance(described, list):
        for part in described:
            yield from _list_names(part)
