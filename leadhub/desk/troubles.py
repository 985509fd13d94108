"""What the pages of given-up jobs and of unsettled deliveries share: their tabs, and the way back after an act."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from leadhub.accounts.access import MemberRequest
from leadhub.delivery.settling import list_unsettled
from leadhub.web.parts import Tab
from leadhub.work.dead_letters import list_dead_letters


def list_trouble_tabs(current: str) -> list[Tab]:
    """Return both lists with what waits in each; `current` is a URL's name."""
    waiting = {
        "job_list": ("Given up", list_dead_letters().count()),
        "delivery_list": ("Deliveries in doubt or failed", list_unsettled().count()),
    }
    return [
        Tab(label, reverse(name), is_current=name == current, count=count) for name, (label, count) in waiting.items()
    ]


def go_back(request: MemberRequest, url_name: str, words: str, *, is_refusal: bool = False) -> HttpResponse:
    """Tell what was done, on the list as it was filtered and sorted."""
    messages.add_message(request, messages.ERROR if is_refusal else messages.SUCCESS, words)
    query = request.GET.urlencode()
    return redirect(f"{reverse(url_name)}{'?' if query else ''}{query}")
