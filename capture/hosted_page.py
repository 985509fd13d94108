"""Draw a form's own page: for a visitor, for a browser whose post has errors, and the thanks. Called by the door.

It works without JavaScript, may be framed by the form's allowed origins only, and touches no session.
"""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from capture.channels import ATTRIBUTION_FIELDS, LONGEST_ATTRIBUTION
from capture.definitions import FieldDefinition, FormDefinition
from capture.judgement import Judgement
from capture.payloads import Values, read_text
from capture.referrers import get_host
from capture.spam import HONEYPOT, STAMP, make_stamp

_AUTOCOMPLETE = {
    "email": "email",
    "phone": "tel",
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
    "title": "organization-title",
    "street": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "country": "country-name",
}
_INPUT_TYPES = {"email": "email", "tel": "tel", "number": "number", "url": "url", "date": "date"}


@dataclass(frozen=True, kw_only=True)
class ShownField:
    """One field on the page: its definition, what was typed, what is wrong."""

    definition: FieldDefinition
    value: str = ""
    error: str = ""

    @property
    def input_type(self) -> str:
        """The `type` of its input."""
        return _INPUT_TYPES.get(self.definition.kind, "text")

    @property
    def autocomplete(self) -> str:
        """The token by which a browser fills it in (HTML, autofill)."""
        known = _AUTOCOMPLETE.get(self.definition.name) or _AUTOCOMPLETE.get(self.definition.kind)
        return known or ("off" if self.definition.kind == "textarea" else "on")


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the template shows."""

    form: FormDefinition
    fields: tuple[ShownField, ...]
    hidden: dict[str, str]
    honeypot: str = HONEYPOT
    complaint: str = ""
    stray_errors: tuple[str, ...] = field(default=())


def show_form(request: HttpRequest, form: FormDefinition, *, now: datetime) -> HttpResponse:
    """Draw the empty form; the query string and the referrer are carried in hidden fields."""
    fields = tuple(
        ShownField(definition=item, value=request.GET.get(item.name, "")[:LONGEST_ATTRIBUTION]) for item in form.fields
    )
    hidden = {**_read_attribution(request), STAMP: make_stamp(form_key=form.key, now=now)}
    return _draw(request, Page(form=form, fields=fields, hidden=hidden))


def show_form_again(request: HttpRequest, form: FormDefinition, *, judgement: Judgement, now: datetime) -> HttpResponse:
    """Draw the form as it was filled in, the errors at their fields; its status says what was wrong."""
    errors = {error.field: error.message for error in judgement.errors}
    names = {item.name for item in form.fields}
    page = Page(
        form=form,
        fields=tuple(
            ShownField(definition=item, value=read_text(judgement.values, item.name), error=errors.get(item.name, ""))
            for item in form.fields
        ),
        hidden={**_keep_attribution(judgement.values), STAMP: make_stamp(form_key=form.key, now=now)},
        complaint=judgement.detail,
        stray_errors=tuple(message for name, message in errors.items() if name not in names),
    )
    if judgement.http_status == HTTPStatus.GONE:
        return show_closed(request, form)
    return _draw(request, page, status=judgement.http_status)


def show_closed(request: HttpRequest, form: FormDefinition) -> HttpResponse:
    """Say that the form takes no more posts."""
    return _allow_frames(render(request, "capture/closed_form.html", {"form": form}, status=HTTPStatus.GONE), form)


def show_thanks(request: HttpRequest, form: FormDefinition) -> HttpResponse:
    """Thank for a post."""
    return _allow_frames(render(request, "capture/form_thanks.html", {"form": form}), form)


def _draw(request: HttpRequest, page: Page, *, status: int = HTTPStatus.OK) -> HttpResponse:
    answer = render(request, "capture/hosted_form.html", {"page": page, "form": page.form}, status=status)
    answer["Cache-Control"] = "no-store"  # each rendering has its own signed instant
    return _allow_frames(answer, page.form)


def _allow_frames(answer: HttpResponse, form: FormDefinition) -> HttpResponse:
    """Let the form's origins frame it, and let its post be redirected where the form says."""
    update = {"frame-ancestors": ["'self'", *form.allowed_origins] if form.allowed_origins else ["*"]}
    if form.redirect_url:
        target = urlsplit(form.redirect_url)
        update["form-action"] = ["'self'", f"{target.scheme}://{target.netloc.rpartition('@')[2]}"]
    answer._csp_replace = update  # type: ignore[attr-defined]  # read by django-csp's middleware
    return answer


def _read_attribution(request: HttpRequest) -> dict[str, str]:
    page, referrer = request.build_absolute_uri(), request.META.get("HTTP_REFERER", "")
    found = {
        "landing_page": page,
        "referrer": referrer if get_host(referrer) != get_host(page) else "",
        **{name: request.GET[name] for name in ATTRIBUTION_FIELDS if request.GET.get(name)},
    }
    return {name: value[:LONGEST_ATTRIBUTION] for name, value in found.items() if value}


def _keep_attribution(values: Values) -> dict[str, str]:
    return {name: text for name in ATTRIBUTION_FIELDS if (text := read_text(values, name))}
