"""`leadhub tools`: what agents are offered, as a page. `docs/tools.md` is its output, kept so by a test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from leadhub.cli.django_setup import set_up_django

if TYPE_CHECKING:
    from leadhub.mcp.binding import Bound

_HEAD = """# Tools for agents

Written by `leadhub tools > docs/tools.md`; a test compares the two. How to connect, and what all tools share, says
[MCP](mcp.md).

A key is offered the tools whose scope it has and whose permission its member's role has
([who may do what](permissions.md)). A tool that *asks first* does nothing without `confirm: true`, and says what would
happen. Arguments in **bold** must be given; `cursor`, `page_size`, `confirm` and `idempotency_key` are left out here.
"""
_SHARED = frozenset({"cursor", "page_size"})


@click.command("tools")
def command() -> None:
    """Print the tools that agents are offered, as Markdown."""
    set_up_django()
    click.echo(render_tools(), nl=False)


def render_tools() -> str:
    """Return the page."""
    from leadhub.mcp.binding import list_bound

    bound = list(list_bound().values())
    looking = [each for each in bound if each.is_read_only]
    doing = [each for each in bound if not each.is_read_only]
    return "\n".join([_HEAD, *_render("Looking", looking), "", *_render("Doing", doing)]) + "\n"


def _render(title: str, tools: list["Bound"]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| tool | is for | takes | calls | asks for |"
    yield "|---|---|---|---|---|"
    for bound in tools:
        asks_first = " *Asks first.*" if bound.tool.is_destructive else ""
        call = f"`{bound.operation.method} {bound.operation.path}`"
        asked = ", ".join(f"`{asked}`" for asked in (bound.key_scope, *sorted(bound.permissions)))
        takes = _tell_arguments(bound)
        yield f"| `{bound.tool.name}` | {bound.tool.about}{asks_first} | {takes} | {call} | {asked} |"


def _tell_arguments(bound: "Bound") -> str:
    required = bound.input_schema.get("required", [])
    optional = [name for name in bound.arguments if name not in {*required, *_SHARED}]
    return ", ".join([*(f"**{name}**" for name in required), *optional]) + (", any other" if bound.is_open else "")
