"""Serve the embed script: one static file with the form's definition put in its place. Public; no session.

    <script src="https://…/f/KEY.js" async></script>

It draws the form where the script stands, or in `data-target`, inside a shadow root. It evaluates nothing and
writes no inline style, so that a site's content security policy needs only this origin in script-src and
connect-src. `data-storage="off"` keeps it from remembering the visitor's source.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from capture.answers import answer_unknown
from capture.channels import ATTRIBUTION_FIELDS
from capture.definitions import FormDefinition, find_form
from capture.hosted_page import ShownField
from capture.spam import HONEYPOT, STAMP, make_stamp
from leadhub.accounts.access import public_view
from leadhub.lib.clock import utc_now

_PLACE = '"LEADHUB_FORM"'


@public_view
def embed_script(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the script of a form; a closed form's draws nothing."""
    form = find_form(key)
    if form is None:
        return answer_unknown(request)
    config = json.dumps(_describe_form(request, form))
    for character in ("<", ">", "\u2028", "\u2029"):  # so that it also stays whole inside a page
        config = config.replace(character, f"\\u{ord(character):04x}")
    answer = HttpResponse(_read_script().replace(_PLACE, config), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-store"  # each has its own signed instant
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@cache
def _read_script() -> str:
    return Path(__file__).with_name("embed_form.js").read_text(encoding="utf-8")


def _describe_form(request: HttpRequest, form: FormDefinition) -> dict[str, Any]:
    return {
        "key": form.key,
        "url": request.build_absolute_uri(reverse("form_door", args=[form.key])),
        "isActive": form.is_active,
        "headline": form.headline,
        "introduction": form.introduction,
        "buttonText": form.button_text,
        "thankYouText": form.thank_you_text,
        "redirectUrl": form.redirect_url,
        "honeypot": HONEYPOT,
        "stampName": STAMP,
        "stamp": make_stamp(form_key=form.key, now=utc_now()),
        "attribution": ATTRIBUTION_FIELDS,
        "fields": [_describe_field(ShownField(definition=item)) for item in form.fields],
    }


def _describe_field(shown: ShownField) -> dict[str, Any]:
    item = shown.definition
    return {
        "name": item.name,
        "label": item.label,
        "kind": item.kind,
        "isRequired": item.is_required,
        "options": item.options,
        "type": shown.input_type,
        "autocomplete": shown.autocomplete,
    }
