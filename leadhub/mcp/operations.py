"""The operations of the OpenAPI document, by id: where to call, what it takes and answers, what it asks for.

Called by `binding`. Writing the document takes a second, so each process does that once.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator

_ANY_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, as the document has it."""

    method: str
    path: str
    told: dict[str, Any]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Return what stands in the path and in the query."""
        return [each for each in self.told.get("parameters", []) if each["in"] in {"path", "query"}]

    @property
    def body(self) -> dict[str, Any]:
        """Return the body's shape; empty where there is none."""
        content = self.told.get("requestBody", {}).get("content", {})
        shape: dict[str, Any] = content.get("application/json", {}).get("schema", {})
        return shape

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Return the shapes of its successes."""
        told = [answer for status, answer in self.told["responses"].items() if status.startswith("2")]
        return [answer["content"]["application/json"]["schema"] for answer in told if "content" in answer]

    @property
    def needs(self) -> tuple[str, str]:
        """Return what it asks for: (scope of the key, permission of the role)."""
        match = resolve(self.path.replace("{id}", _ANY_ID).replace("{event}", _ANY_ID))
        asked: tuple[str, str] = match.func.view_class.needs[self.method]  # type: ignore[attr-defined]
        return asked


@cache
def read_document() -> dict[str, Any]:
    """Return the OpenAPI document; it is the same for everybody."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


@cache
def list_operations() -> dict[str, Operation]:
    """Return operation id → operation."""
    return {
        told["operationId"]: Operation(method=method.upper(), path=path, told=told)
        for path, methods in read_document()["paths"].items()
        for method, told in methods.items()
    }
