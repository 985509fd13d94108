"""`leadhub permissions`: the permission matrix as a page. `docs/permissions.md` is its output, kept so by a test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from leadhub.cli.django_setup import set_up_django

if TYPE_CHECKING:
    from leadhub.cli.places import Place

_HEAD = """# Who may do what

Written by `leadhub permissions > docs/permissions.md`; a test compares the two, and another one walks every URL below
with every role.

Everybody works in one organization at a time and has one role in it. A role has permissions, a URL asks for one:
without it the answer is 403, without a log-in it is the log-in page (API: 401), and what belongs to another
organization does not exist (404). An API key may do what its member may, narrowed by the key's scopes.

A permission opens the URL; whose lead it is decides the rest. A rep works on the leads they own; a manager or an admin
on any (`leads.work_any`). Alerts are everybody's own.
"""


@click.command("permissions")
def command() -> None:
    """Print the permission matrix and every URL with what it asks for, as Markdown."""
    set_up_django()
    click.echo(render_permissions(), nl=False)


def render_permissions() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_render_matrix(), *_render_places()]) + "\n"


def _render_matrix() -> Iterator[str]:
    from leadhub.accounts.models import Role
    from leadhub.accounts.permissions import MATRIX, MEANINGS

    yield "## Roles and permissions\n"
    yield "| permission | lets you | " + " | ".join(role.label.lower() for role in Role) + " |"
    yield "|---|---|" + ":-:|" * len(Role)
    for permission, roles in MATRIX.items():
        marks = " | ".join("✓" if role in roles else "" for role in Role)
        yield f"| `{permission}` | {MEANINGS[permission]} | {marks} |"


def _render_places() -> Iterator[str]:
    from leadhub.cli.places import Kind, list_places

    places = {kind: [place for place in list_places() if place.kind == kind] for kind in Kind}
    yield "\n## Pages\n"
    yield from _render_table(["URL", "method", "asks for"], _list_asks(places[Kind.PAGE]))
    yield "\n## API\n"
    yield from _render_table(["URL", "method", "asks for", "scope of the key"], _list_asks(places[Kind.API]))
    yield "\n## Open to everybody\n"
    yield "The account pages are django-allauth's and ask for a log-in themselves where one is needed.\n"
    free = [[f"`{place.route}`", place.name] for place in places[Kind.PUBLIC] + places[Kind.LOGIN]]
    yield from _render_table(["URL", "name"], free)


def _list_asks(places: list["Place"]) -> list[list[str]]:
    return [
        [
            f"`{word}`" if word != method else word
            for word in (place.route, method, asked, place.key_scopes.get(method, ""))
        ]
        for place in places
        for method, asked in place.asks.items()
    ]


def _render_table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row[: len(head)])} |"
