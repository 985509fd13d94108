"""Mail templates: Liquid over plain dicts (shopify.github.io/liquid), never Django's, with strict limits.

What a member writes cannot reach an object, a file or another template, nor loop or grow without end.
Acknowledgements and the form's preview call it.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

import nh3
from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError, ResourceLimitError, TemplateNotFoundError

from leadhub.delivery.liquid_bounds import LONGEST_TEXT, begin_work, bound_filters
from leadhub.delivery.liquid_gaps import ESCAPED, GapOutput
from leadhub.lib.errors import DomainError

LONGEST_TEMPLATE = 20_000
MOST_TAGS = 5_000  # cleaning takes seconds where tens of thousands stand in one another
SUBJECT, WORDS = "“Subject”", "“Words”"  # as the fields of a template are labelled
_TAG = re.compile(r"<(p|br|div|a|b|i|ul|ol|table|h[1-6]|strong|em|span|img)\b[^<>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|h[1-6]|tr)>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")
# The library's patterns take the square of what is never closed, and of blanks in a row.
_MOST_OPEN = 3
_BLANKS = re.compile(r"(\s{50})\s+")


class TemplateFault(DomainError):
    """The template is not Liquid, or asks for too much; the message says where."""


@dataclass(frozen=True, kw_only=True)
class RenderedMail:
    """A mail's words; `html` is empty where the template is plain text."""

    subject: str
    text: str
    html: str


class _MailEnvironment(Environment):
    """Without a loader there is nothing to include; the limits bound time and size."""

    context_depth_limit = 10
    block_nesting_limit = 20
    loop_iteration_limit = 300  # of loops in one another; a template has room for hundreds behind one another
    local_namespace_limit = 100_000
    output_stream_limit = LONGEST_TEXT

    def setup_tags_and_filters(self, **kwargs: Any) -> None:
        """Take the library's tags and filters, the filters within bounds."""
        super().setup_tags_and_filters(**kwargs)
        self.filters = bound_filters(self.filters)


def render_mail(*, subject: str, body: str, values: dict[str, Any], leaves_gaps: bool = False) -> RenderedMail:
    """Render both templates; a body with HTML in it is escaped, cleaned and also given as text.

    `leaves_gaps` leaves out the outputs that fault. Raises `TemplateFault`, whose field is `subject` or `body`.
    """
    plain, markup = (_environment(is_html=is_html, leaves_gaps=leaves_gaps) for is_html in (False, True))
    line = " ".join(_render(subject, values, plain, part="subject").split())
    if not _TAG.search(body):
        return RenderedMail(subject=line[:300], text=_tidy(_render(body, values, plain, part="body")), html="")
    marked = _render(body, values, markup, part="body")
    if marked.count("<") > MOST_TAGS:
        raise TemplateFault(f"{WORDS} has more than {MOST_TAGS:,} tags.", field="body")
    html = nh3.clean(marked)
    return RenderedMail(subject=line[:300], text=write_as_text(html), html=html)


def _render(template: str, values: dict[str, Any], environment: Environment, *, part: str) -> str:
    name = WORDS if part == "body" else SUBJECT
    if len(template) > LONGEST_TEMPLATE:
        raise TemplateFault(f"{name} is too long: at most {LONGEST_TEMPLATE:,} characters.", field=part)
    begin_work()
    try:
        rendered: str = _parse(template, environment).render(**values)
    except TemplateNotFoundError as error:
        raise TemplateFault(f"{name} includes another template: write its words here.", field=part) from error
    except LiquidError as error:
        place = error.context()
        line = f" (line {place[0]})" if place else ""
        raise TemplateFault(f"{name} cannot be read: {error.message}{line}.", field=part) from error
    except RecursionError as error:
        raise TemplateFault(f"{name} is nested too deeply.", field=part) from error
    except ESCAPED as error:
        raise TemplateFault(f"{name} asks for what its values do not allow: {error}.", field=part) from error
    return rendered.replace("\x00", "")


def list_unknown(*templates: str, values: dict[str, Any]) -> list[str]:
    """Return the names that the templates ask for and nobody has, as written: a slip would leave a silent gap.

    What a form's own fields are called differs from lead to lead, so that `fields` counts as known.
    """
    unknown = dict[str, None]()
    for template in templates:
        try:
            used = _parse(template, _environment(is_html=False, leaves_gaps=False)).analyze(include_partials=False)
        except (LiquidError, RecursionError):
            continue
        asked = [each.segments for uses in used.globals.values() for each in uses]
        unknown |= {each: None for each in map(_write_path, asked) if not _is_known(each, values)}
    return list(unknown)


def _write_path(segments: Any) -> str:
    """Return a variable as a template names it, down to the first part that is itself worked out."""
    return ".".join(takewhile(lambda part: isinstance(part, str), segments))


def _is_known(path: str, values: dict[str, Any]) -> bool:
    found: Any = values
    for part in path.split("."):
        if not isinstance(found, dict) or (part == "fields" and found is not values):
            return True
        if part not in found:
            return False
        found = found[part]
    return True


@lru_cache(maxsize=200)
def _parse(template: str, environment: Environment) -> BoundTemplate:
    """Return the parsed template: the same words are sent to many."""
    if _count_open(template, "{{", "}}") + _count_open(template, "{%", "%}") > _MOST_OPEN:
        raise ResourceLimitError("it has too many braces that are never closed", token=None)
    return environment.from_string(_BLANKS.sub(r"\1", template))


def _count_open(template: str, start: str, end: str) -> int:
    """Return how many marks are followed by the next one before they are closed."""
    return sum(end not in part for part in template.split(start)[1:])


@cache
def _environment(*, is_html: bool, leaves_gaps: bool) -> Environment:
    environment = _MailEnvironment(autoescape=is_html)
    if leaves_gaps:
        environment.add_tag(GapOutput)
    return environment


def write_as_text(html: str) -> str:
    """Return HTML as plain text."""
    return _tidy(_to_text(html))


def _to_text(html: str) -> str:
    bare: str = nh3.clean(_BREAKS.sub("\n", html), tags=set())
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"
