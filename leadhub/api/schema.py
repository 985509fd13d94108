"""What every call of the API shares, put into its OpenAPI document: what it asks of the key and its member, the shape
of errors, the limit of calls, the key of a retry, and that a body has the fields described and no others.

drf-spectacular calls it while it describes the views, and after.
"""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

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
_SECONDS = {"schema": {"type": "integer"}, "description": "Seconds until the key's calls are counted anew."}
_CALLS = {"schema": {"type": "integer"}}
LIMITED = {
    "description": "The key has made all its calls of this minute; nothing was changed.",
    "headers": {
        "Retry-After": _SECONDS,
        "RateLimit-Limit": _CALLS,
        "RateLimit-Remaining": _CALLS,
        "RateLimit-Reset": _SECONDS,
    },
}
UNCOUNTED = frozenset({"mail_inbound_create"})
_OPEN = frozenset({LeadInput.__name__})


class GuardedSchema(AutoSchema):
    """Describes a call, and what it asks for: a scope of the key and a permission of its member."""

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's has no arguments, DRF's two
        """Return what the view says, then what it asks for."""
        view: Any = self.view
        told = super().get_description()
        key_scope, permission = view.needs[self.method]
        return f"{told}\n\nAsks for the scope `{key_scope}` and the permission `{permission}`."

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        """Say of a DELETE what ours answer: the record, as it was or is."""
        told = self.get_response_serializers()
        if self.method == "DELETE" and not isinstance(told, dict):
            found: Any = self._get_response_for_code(told, "200", direction=direction)  # type: ignore[no-untyped-call]
            return {"200": found}
        return super()._get_response_bodies(direction)


def describe_what_is_shared(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the answer of a call that fails to every call, and the key of a retry to every POST."""
    shapes = result["components"]["schemas"]
    shapes["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    failure = {"description": "It failed, and changed nothing.", "content": content}
    for calls in result["paths"].values():
        for method, call in calls.items():
            call["responses"]["default"] = failure
            if call["operationId"] not in UNCOUNTED:
                call["responses"]["429"] = {**LIMITED, "content": content}
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
