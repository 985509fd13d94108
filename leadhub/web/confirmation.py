"""Ask before something is done whose effect reaches further than the page shows. Called by settings pages.

The same URL is posted twice: the first answer says what would happen and carries what was posted in hidden fields,
the second post has `confirmed` and does it. It works without JavaScript.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Effect:
    """One thing that would happen; `url` opens what it is about."""

    words: str
    url: str = ""


def is_confirmed(request: HttpRequest) -> bool:
    """Say whether the effects were shown and agreed to."""
    return CONFIRMED in request.POST


def ask_first(
    request: HttpRequest, *, title: str, effects: Sequence[Effect], confirm_label: str, back_url: str
) -> HttpResponse:
    """Answer a post with what it would do, and the button that does it."""
    posted = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "title": title,
        "effects": effects,
        "confirm_label": confirm_label,
        "back_url": back_url,
        "posted": [pair for pair in posted if pair[0] not in {"csrfmiddlewaretoken", CONFIRMED}],
        "confirmed": CONFIRMED,
    }
    return render(request, "confirmation.html", context)
