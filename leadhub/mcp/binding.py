"""Bind each tool to its operation: its arguments, the JSON Schema of what it takes and answers, and what it asks for.

Called by `running` and `server`, and for `docs/mcp.md`. All is read from the OpenAPI document, so that nothing drifts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from leadhub.mcp.catalogue import TOOLS
from leadhub.mcp.operations import Operation, list_operations, read_document
from leadhub.mcp.schemas import write_schema
from leadhub.mcp.tools import Tool

CONFIRM, RETRY_KEY = "confirm", "idempotency_key"
PAGE_SIZE, LARGEST_PAGE = 20, 50
# What `{id}` is the id of, by the part of the path before it.
_SUBJECTS = {
    "enrollments": "enrollment_id",
    "leads": "lead_id",
    "mail-templates": "template_id",
    "merges": "merge_id",
    "opportunities": "deal_id",
    "people": "person_id",
    "pools": "pool_id",
    "reassignments": "reassignment_id",
    "sequences": "sequence_id",
    "submissions": "arrival_id",
    "tasks": "task_id",
    "{event}": "event_id",
}
_OURS: dict[str, dict[str, Any]] = {
    CONFIRM: {"type": "boolean", "description": "True to go ahead. Without it the tool says what would happen."},
    RETRY_KEY: {
        "type": "string",
        "maxLength": 255,
        "description": "Repeat a call with the same key and it is done once: choose one for each thing to be done.",
    },
    "cursor": {"type": "string", "description": "`next_cursor` of the page before."},
    "page_size": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
}


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument of a tool: the API has it as `field` in the path, the query or the body."""

    place: str
    field: str
    schema: dict[str, Any]
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A tool with its operation, its arguments by name, and what it asks of the key and its member."""

    tool: Tool
    operation: Operation
    arguments: dict[str, Argument]
    key_scope: str
    permissions: frozenset[str]
    is_open: bool

    @property
    def is_read_only(self) -> bool:
        """Say whether it changes nothing."""
        return self.operation.method == "GET"

    @property
    def is_of_one_record(self) -> bool:
        """Say whether it is about a record that its path names."""
        return "{id}" in self.operation.path

    @property
    def takes_retry_key(self) -> bool:
        """Say whether a repeated call could be done twice, so that it takes a key."""
        return self.operation.method == "POST"

    @property
    def input_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments."""
        properties = {name: argument.schema for name, argument in self.arguments.items()}
        if self.tool.is_destructive:
            properties[CONFIRM] = _OURS[CONFIRM]
        if self.takes_retry_key:
            properties[RETRY_KEY] = _OURS[RETRY_KEY]
        required = [
            name for name, argument in self.arguments.items() if argument.is_required or name in self.tool.requires
        ]
        schema = {"type": "object", "properties": properties, "additionalProperties": self.is_open}
        return {**schema, "required": required} if required else schema

    @property
    def output_schema(self) -> dict[str, Any] | None:
        """Return the JSON Schema of what is read; a list is an object with `results`.

        A change answers with the record as a tool that reads it does: told once, since a model pays for each word.
        """
        if not self.is_read_only:
            return None
        shapes = [_write_answer(shape) for shape in self.operation.answers]
        return shapes[0] if len(shapes) == 1 else {"type": "object", "anyOf": shapes}


@cache
def list_bound() -> dict[str, Bound]:
    """Return name → tool, in the catalogue's order."""
    return {tool.name: bind(tool) for tool in TOOLS}


def bind(tool: Tool) -> Bound:
    """Bind one tool."""
    operation = list_operations()[tool.operation]
    key_scope, permission = operation.needs
    offered = {
        name: argument
        for name, argument in _list_arguments(operation)
        if argument.field not in tool.fixed
        and (not tool.takes or argument.field in tool.takes or argument.place == "path")
    }
    return Bound(
        tool=tool,
        operation=operation,
        arguments=offered,
        key_scope=key_scope,
        permissions=frozenset({permission}) | tool.also,
        is_open=not tool.takes and _read_body(operation).get("additionalProperties") is True,
    )


def _list_arguments(operation: Operation) -> Iterator[tuple[str, Argument]]:
    for told in operation.parameters:
        name, place = told["name"], told["in"]
        named = _name_id(operation.path, name) if place == "path" else name
        schema = _OURS.get(name) or {**write_schema(told["schema"], {}), **_tell(told.get("description", ""))}
        is_required = told.get("required", False)
        yield named, Argument(place=place, field=name, schema=schema, is_required=is_required)
    body = _read_body(operation)
    for name, shape in body.get("properties", {}).items():
        schema = {**shape, **_tell(shape.get("description", ""))}
        yield name, Argument(place="body", field=name, schema=schema, is_required=name in body.get("required", ()))


def _read_body(operation: Operation) -> dict[str, Any]:
    schema: dict[str, Any] = write_schema(operation.body, read_document()["components"]["schemas"])
    return schema


def _name_id(path: str, name: str) -> str:
    before = path.split("{" + name + "}", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[1]
    return _SUBJECTS["{event}"] if name == "event" else _SUBJECTS[before] if name == "id" else name


def _tell(description: str) -> dict[str, str]:
    """Leave out the list of values: the schema has them."""
    told = re.sub(r"\n*^\* `.*$", "", description, flags=re.MULTILINE).strip()
    return {"description": told}


def _write_answer(shape: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = write_schema(shape, read_document()["components"]["schemas"], is_terse=True)
    if written.get("type") == "array":
        return {"type": "object", "properties": {"results": written}, "required": ["results"]}
    properties = written.get("properties", {})
    if {"next", "previous", "results"} <= set(properties):
        cursor = {"type": ["string", "null"]}
        pages = {"results": properties["results"], "next_cursor": cursor}
        return {"type": "object", "properties": pages, "required": ["results", "next_cursor"]}
    return written
