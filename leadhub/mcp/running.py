"""Run a tool: its arguments become a call of the API, the answer becomes what the agent reads. Called by `server`."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from django.http import HttpRequest

from leadhub.mcp.agents import Agent
from leadhub.mcp.binding import CONFIRM, RETRY_KEY, Bound, list_bound
from leadhub.mcp.calls import Answer, Call, make_call
from leadhub.mcp.operations import list_operations

LARGEST_ANSWER = 200_000  # characters of a read, some 50,000 tokens
LONGEST_AT_STAKE = 4_000


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the agent reads: the answer's JSON, or why nothing was done."""

    told: Any = None
    refusal: str = ""


def list_offered(agent: Agent) -> list[Bound]:
    """Return the tools that the agent's key and its member may call."""
    return [bound for bound in list_bound().values() if _may_use(agent, bound)]


def run_tool(agent: Agent, request: HttpRequest, bound: Bound, arguments: dict[str, Any]) -> Outcome:
    """Make the tool's call, unless it lacks something; a refusal says how to mend it."""
    refusal = _find_refusal(agent, bound, arguments)
    if refusal:
        return Outcome(refusal=refusal)
    call = build_call(bound, arguments)
    if _awaits_confirmation(bound, arguments):
        return Outcome(refusal=_warn(request, bound, call))
    answer = make_call(request, call)
    if answer.is_error:
        return Outcome(refusal=_tell_problem(answer))
    told = _shape(answer.content)
    if bound.is_read_only and len(json.dumps(told)) > LARGEST_ANSWER:
        return Outcome(refusal="This is more than can be told at once: narrow it, or ask for a smaller page_size.")
    return Outcome(told=told)


def build_call(bound: Bound, arguments: dict[str, Any]) -> Call:
    """Put each argument where the API has it."""
    placed: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": dict(bound.tool.fixed)}
    for name, value in arguments.items():
        argument = bound.arguments.get(name)
        if argument:
            placed[argument.place][argument.field] = value
        elif name not in {CONFIRM, RETRY_KEY}:
            placed["body"][name] = value
    page_size = bound.arguments.get("page_size")
    if page_size:
        asked = placed["query"].get("page_size")
        placed["query"]["page_size"] = page_size.schema["default"] if asked is None else asked
    return Call(
        method=bound.operation.method,
        path=bound.operation.path.format_map(
            {name: quote(str(value), safe="") for name, value in placed["path"].items()}
        ),
        query={name: _write_value(value) for name, value in placed["query"].items() if value is not None},
        body=placed["body"] if bound.operation.body else None,
        retry_key=str(arguments.get(RETRY_KEY) or ""),
    )


def _write_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_write_value(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else value


def _may_use(agent: Agent, bound: Bound) -> bool:
    return agent.may_call(key_scope=bound.key_scope, permissions=bound.permissions)


def _find_refusal(agent: Agent, bound: Bound, arguments: dict[str, Any]) -> str:
    """Say why the call is not made: the key may not, or the arguments are not the tool's."""
    if not _may_use(agent, bound):
        asked = ", ".join(sorted(bound.permissions))
        return f"This key may not: the tool asks for the scope {bound.key_scope} and the permission {asked}."
    if not _is_text(arguments):
        return "Half a character stands somewhere in this (a lone surrogate): write it whole, or leave it out."
    schema = bound.input_schema
    unknown = [] if bound.is_open else sorted(set(arguments) - set(schema["properties"]))
    missing = sorted(set(schema.get("required", ())) - set(arguments))
    if unknown:
        return f"There is no argument {', '.join(unknown)}. This takes {', '.join(schema['properties'])}."
    if missing:
        return f"Give {', '.join(missing)}."
    page_size = arguments.get("page_size")
    largest = schema["properties"].get("page_size", {}).get("maximum")
    if isinstance(page_size, int) and largest and page_size > largest:
        return f"- page_size: Write a number from 1 to {largest}."
    return ""


def _is_text(arguments: dict[str, Any]) -> bool:
    try:
        json.dumps(arguments, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _awaits_confirmation(bound: Bound, arguments: dict[str, Any]) -> bool:
    return bound.tool.is_destructive and arguments.get(CONFIRM) is not True and arguments.get("dry_run") is not True


def _warn(request: HttpRequest, bound: Bound, call: Call) -> str:
    """Say what would happen, and to what."""
    shown = _read_at_stake(request, bound, call)
    if shown and shown.status == HTTPStatus.NOT_FOUND and bound.is_of_one_record:
        return _tell_problem(shown)
    told = [bound.tool.warning]
    if shown and shown.status == HTTPStatus.NOT_FOUND:
        told.append("There is no draft now.")
    if shown and not shown.is_error:
        kept = {name: shown.content[name] for name in bound.tool.showing} if bound.tool.showing else shown.content
        told.append(f"At stake: {json.dumps(kept, ensure_ascii=False)[:LONGEST_AT_STAKE]}")
    told.append("Nothing was changed. Ask the person you work for; to go ahead, call again with confirm: true.")
    return "\n".join(told)


def _read_at_stake(request: HttpRequest, bound: Bound, call: Call) -> Answer | None:
    """Read what the tool would change, as the key sees it."""
    if not bound.tool.shows:
        return None
    path = list_operations()[bound.tool.shows].path.replace("{id}", call.record_id)
    return make_call(request, Call(method="GET", path=path, query={}))


def _tell_problem(answer: Answer) -> str:
    """Return the API's own words, with the fields that are to blame."""
    problem = answer.content or {}
    lines = [f"{answer.status}: {problem.get('detail', 'It failed, and changed nothing.')}"]
    lines += [f"- {error['field']}: {error['message']}" for error in problem.get("errors", ())]
    return "\n".join(lines)


def _shape(content: Any) -> Any:
    """Return an answer as the output schema has it: a list as an object, a page with its cursor."""
    if isinstance(content, list):
        return {"results": content}
    if isinstance(content, dict) and {"next", "previous", "results"} <= set(content):
        cursor = parse_qs(urlsplit(content["next"] or "").query).get("cursor", [None])[0]
        return {"results": content["results"], "next_cursor": cursor}
    return {} if content is None else content
