"""The OpenAPI document as JSON Schema, so that a test can hold bodies and answers against it."""

import re
from functools import cache
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]


def name_path(route: str) -> str:
    """Return a URL's route as the document writes it: `<uuid:pk>` is `{id}`."""
    return re.sub(r"<\w+:(\w+)>", r"{\1}", route).replace("{pk}", "{id}")


@cache
def read_document() -> dict[str, Any]:
    """Return the document as a program reads it; it is the same for everybody, and written once a process."""
    found: dict[str, Any] = Client().get("/api/schema/?format=json").json()
    return found


def find_faults(shape: dict[str, Any], value: Any) -> list[str]:
    """Return what of the value is not as a shape of the document says."""
    whole = {**_allow_null(shape), "components": _read_components()}
    return [f"{fault.json_path}: {fault.message}"[:300] for fault in Draft202012Validator(whole).iter_errors(value)]


@cache
def _read_components() -> Any:
    return _allow_null(read_document()["components"])


def _allow_null(part: Any) -> Any:
    """Write what OpenAPI 3.0 calls nullable as JSON Schema does; of an empty text or an address either may fit."""
    if isinstance(part, list):
        return [_allow_null(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {"anyOf" if name == "oneOf" else name: _allow_null(each) for name, each in part.items()}
    return {"anyOf": [plain, {"type": "null"}]} if plain.pop("nullable", None) is True else plain
