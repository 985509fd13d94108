"""The tags that render a component with explicit arguments.

    {% ui "badge" kind="stage" value=lead.stage %}
    {% component "card" title="Score" %}…{% slot "actions" %}…{% endslot %}{% endcomponent %}

A component is `templates/_components/<name>.html`. Its first line declares what it takes,
`{# arguments: title subtitle? #}`, a question mark for what may be left out. It sees nothing of the page's context
but these and the request, so that a page cannot feed it by accident. One that asks not even for the request says
`{# arguments alone: … #}`: what it drew of the same words is kept, since a list draws a few badges hundreds of times.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Template, Token, token_kwargs

_DECLARATION = re.compile(r"\A\{# arguments(?P<alone> alone)?:(?P<names>.*?)#\}")
_PASSED_ON = ("request", "csrf_token", "csp_nonce", "organization", "membership")


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a component's first line says of it."""

    required: frozenset[str]
    optional: frozenset[str]
    is_alone: bool


@lru_cache(maxsize=256)
def read_declaration(source: str) -> Declaration:
    """Return what a component's first line declares."""
    found = _DECLARATION.match(source)
    if found is None:
        raise TemplateSyntaxError("a component's first line declares its arguments: {# arguments: title text? #}")
    names = found["names"].split()
    optional = frozenset(name.removesuffix("?") for name in names if name.endswith("?"))
    required = frozenset(names) - {f"{name}?" for name in optional}
    return Declaration(required=required, optional=optional, is_alone=bool(found["alone"]))


def check_arguments(name: str, declaration: Declaration, given: frozenset[str]) -> None:
    """Refuse a missing or an unknown argument, naming it."""
    if missing := declaration.required - given:
        raise TemplateSyntaxError(f"component {name!r} needs {', '.join(sorted(missing))}")
    if unknown := given - declaration.required - declaration.optional:
        raise TemplateSyntaxError(f"component {name!r} does not take {', '.join(sorted(unknown))}")


@lru_cache(maxsize=4096, typed=True)  # typed: words to be escaped are not the same as safe ones
def _draw_alone(template: Template, names: tuple[str, ...], *values: object) -> str:
    return template.render(Context(dict(zip(names, values, strict=True))))


class SlotNode(Node):
    """A named part of a component's content."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        """Render the part, empty where only space is left; a component asks for it, the page does not."""
        part = self.nodelist.render(context)
        return part if part.strip() else ""


class ComponentNode(Node):
    """One use of a component."""

    def __init__(
        self, name: FilterExpression, arguments: dict[str, FilterExpression], body: NodeList | None = None
    ) -> None:
        self.name = name
        self.arguments = arguments
        nodes = list(body) if body is not None else []
        self.slots = [node for node in nodes if isinstance(node, SlotNode)]
        self.nodelist = NodeList(node for node in nodes if not isinstance(node, SlotNode))
        self.has_body = body is not None
        self.given = frozenset(arguments) | {slot.name for slot in self.slots} | ({"slot"} if self.has_body else set())
        self.checked: Template | None = None
        self.is_alone = False
        if self.nodelist.get_nodes_by_type(SlotNode):
            raise TemplateSyntaxError("a slot is a direct child of its component: put the condition inside the slot")

    def render(self, context: Context) -> str:
        """Render the component with its arguments, its slots and the request, and nothing else."""
        name = str(self.name.resolve(context))
        template = context.template.engine.get_template(f"_components/{name}.html")  # type: ignore[union-attr]
        values = {key: value.resolve(context) for key, value in self.arguments.items()}
        values |= {slot.name: slot.render(context) for slot in self.slots}
        if self.has_body:
            values["slot"] = self.nodelist.render(context)
        if template is not self.checked:
            declaration = read_declaration(str(template.source))
            check_arguments(name, declaration, self.given)
            self.checked, self.is_alone = template, declaration.is_alone
        if self.is_alone and all(isinstance(value, str | int | None) for value in values.values()):
            return _draw_alone(template, tuple(values), *values.values())
        around = {key: context[key] for key in _PASSED_ON if key in context}
        return template.render(context.new({**around, **values}))


def _read_use(parser: Parser, token: Token) -> tuple[FilterExpression, dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits:
        raise TemplateSyntaxError(f"{{% {tag} %}} needs the component's name")
    arguments = token_kwargs(rest := bits[1:], parser)
    if rest:
        raise TemplateSyntaxError(f"{{% {tag} %}} takes name=value arguments only, not {rest[0]!r}")
    return parser.compile_filter(bits[0]), arguments


def parse_ui(parser: Parser, token: Token) -> ComponentNode:
    """Parse `{% ui "name" key=value %}`: a component without content."""
    return ComponentNode(*_read_use(parser, token))


def parse_component(parser: Parser, token: Token) -> ComponentNode:
    """Parse `{% component "name" key=value %}…{% endcomponent %}`."""
    name, arguments = _read_use(parser, token)
    body = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, arguments, body)


def parse_slot(parser: Parser, token: Token) -> SlotNode:
    """Parse `{% slot "name" %}…{% endslot %}`, a direct child of a component."""
    bits = token.split_contents()
    if len(bits) != 2:
        raise TemplateSyntaxError('{% slot %} takes one name: {% slot "actions" %}')
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(bits[1].strip("\"'"), nodelist)
