"""The tags and filters every template may use; the settings load them as built-ins."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadhub.accounts.access import Viewer
from leadhub.web import assets, cells, component_tags, formatting, graphics
from leadhub.web.sorting import SORT, Order

register = template.Library()
register.tag("ui", component_tags.parse_ui)
register.tag("component", component_tags.parse_component)
register.tag("slot", component_tags.parse_slot)


class UnknownIcon(template.TemplateSyntaxError):
    """The sprite lacks an icon of this name."""


# A page draws the same few icons a hundred times. Typed: a label to be escaped is not one that is safe.
@register.simple_tag
@lru_cache(maxsize=1024, typed=True)
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite; give it a label only where no words stand beside it."""
    if name not in assets.icon_names():
        raise UnknownIcon(name)
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="lh-icon {}" {}><use href="{}#{}"/></svg>', extra, named, static(assets.ICONS), name)


@register.simple_tag
def vendored(name: str) -> str:
    """Return the URL of a vendored file: TABLER, HTMX or INTER."""
    return static(getattr(assets, name))


register.filter("label", formatting.format_label)


@register.filter
def money(amount: Decimal | float | None, currency: str = "") -> str:
    """Write an amount: {{ lead.quote_value|money:lead.currency }}."""
    return formatting.format_money(amount, currency)


@register.filter
def money_short(amount: Decimal | float | None, currency: str = "") -> str:
    """Write an amount for a tile: $12.5k."""
    return formatting.format_money_short(amount, currency)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """Write a share (0–1) as a percentage."""
    return formatting.NOTHING if share is None else f"{float(share) * 100:.{digits}f}%"


@register.filter
def duration(span: timedelta | float | None) -> str:
    """Write a span, a timedelta or seconds, with its two largest units."""
    return formatting.format_duration(span)


@register.filter
def ago(moment: datetime | None) -> str:
    """Write how long ago a moment was, with the exact time behind it."""
    if moment is None:
        return formatting.NOTHING
    return _time(moment, formatting.format_ago(moment, timezone.now()))


@register.filter
def local_time(moment: datetime | None, style: str = "short") -> str:
    """Write a moment in the viewer's zone: short, date, time or full."""
    if moment is None:
        return formatting.NOTHING
    return _time(moment, formatting.format_moment(moment, style))


def _time(moment: datetime, words: str) -> SafeString:
    full = formatting.format_moment(moment, "full")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, words)


@register.simple_tag
def sla_clock(
    due_at: datetime | None,
    started_at: datetime | None = None,
    met_at: datetime | None = None,
    opens_at: datetime | None = None,
) -> graphics.Clock:
    """Read an SLA now, for the ring."""
    return graphics.read_clock(
        due_at=due_at, started_at=started_at, met_at=met_at or None, opens_at=opens_at or None, now=timezone.now()
    )


register.filter("stored", formatting.format_stored)
register.filter("grouped", formatting.format_count)
register.filter("name_counted", formatting.name_counted)
register.filter("explain_stage", formatting.explain_stage)
register.filter("label_cells", cells.label_cells)
register.filter("sparkline", graphics.draw_sparkline)
register.filter("hue", graphics.choose_hue)
register.filter("initials", graphics.write_initials)
register.filter("share_of", graphics.share_of)


@register.filter
def may(viewer: Viewer | None, permission: str) -> bool:
    """Say whether the viewer's role has the permission: {% if shell.viewer|may:"spend.edit" %}."""
    return viewer is not None and viewer.may(permission)


@register.filter
def get_item(mapping: dict[str, Any], key: str) -> Any:
    """Look a key up in a mapping; nothing where it is missing."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def sort_link(context: Context, key: str, order: Order | None = None) -> dict[str, str]:
    """Return the link that sorts by a column, the other way round when it already does, and its present direction."""
    request: HttpRequest = context["request"]
    present = order.present if order else request.GET.get(SORT, "")
    descending = present == f"-{key}"
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("cursor", None)
    query[SORT] = key if descending else f"-{key}"
    direction = "descending" if descending else "ascending" if present == key else ""
    return {"url": f"?{query.urlencode()}", "direction": direction}


@register.filter
def is_narrowed(request: HttpRequest) -> bool:
    """Say whether the page's query keeps some rows only, apart from their order and the page."""
    return any(value for name, value in request.GET.items() if name not in {SORT, "page"})


_CHOICE_LISTS = (CheckboxSelectMultiple, RadioSelect)


@register.filter
def control(field: BoundField) -> SafeString:
    """Render a form field's widget in the house's look."""
    widget = field.field.widget
    if isinstance(widget, _CHOICE_LISTS):
        return field.as_widget()
    look = "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"
    if isinstance(widget, Select):
        look = "form-select"
    wrong = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": f"{widget.attrs.get('class', '')} {look}{wrong}".strip()})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Say whether the label belongs behind the control."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Say whether the field is a group of choices, each with a label of its own."""
    return isinstance(field.field.widget, _CHOICE_LISTS)
