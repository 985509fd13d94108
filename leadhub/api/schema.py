"""What every call of the API shares, put into its OpenAPI document: the shape of errors, and the key of a retry.

Called by drf-spectacular after it has described the views.
"""

from typing import Any

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


def describe_what_is_shared(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the answer of a call that fails to every call, and the key of a retry to every POST."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    failure = {"description": "It failed, and changed nothing.", "content": content}
    for calls in result["paths"].values():
        for method, call in calls.items():
            call["responses"]["default"] = failure
            if method == "post":
                call.setdefault("parameters", []).append(RETRY_KEY)
    return result
