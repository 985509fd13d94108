"""Who would have got which lead: the list behind the replay's numbers, draft against live."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.versions import VersionState, find_draft, find_published
from leadhub.lib.clock import utc_now
from leadhub.lib.numbers import read_whole_number
from leadhub.web.parts import Column, Tab
from routing.models import RoutingRuleSet
from routing.replayed_leads import Replay

PAGE_SIZE = 50


@require_GET
@member_view(permission="routing.view")
def routing_replay(request: MemberRequest) -> HttpResponse:
    """List the leads under the draft, or the `version` to go back to: all, of one `rule`, or only the `moved`."""
    live, asked = find_published(RoutingRuleSet), read_whole_number(request.GET.get("version", ""))
    shown = _choose(request, asked) or live
    if shown is None:
        raise Http404
    place, is_moved = read_whole_number(request.GET.get("rule", "")), "moved" in request.GET
    replay = Replay(shown, live, utc_now())
    page = Paginator(replay.list_leads(place=place, is_moved=is_moved), PAGE_SIZE).get_page(request.GET.get("page"))
    is_compared = live is not None and shown.pk != live.pk
    context = {
        "page": page,
        "rows": [(lead, *replay.find_ways(lead)) for lead in page],
        "is_compared": is_compared,
        "subtitle": _say_which(replay, place),
        "columns": _list_columns(shown, is_compared=is_compared),
        "tabs": _list_tabs(asked, is_moved=is_moved, place=place) if is_compared else [],
        "back_url": _find_way_back(request, asked),
    }
    return render(request, "routing/replay.html", context)


def _say_which(replay: Replay, place: int | None) -> str:
    taken = "" if place is None else f" that {replay.name_rule(place=place)} takes"
    return f"The leads of the last 30 days{taken}, the latest first, and the rule that each hits today"


def link_replay(version: int | None, **query: str | int) -> str:
    """Return the list's address, of a version to go back to or of the draft."""
    asked = {"version": version} if version else {}
    return f"{reverse('routing_replay')}?{urlencode({**asked, **query})}"


def _find_way_back(request: MemberRequest, version: int | None) -> str:
    """Return the page before: where a version is put back, for those who may; else the rules."""
    may_restore = version is not None and request.viewer.may("routing.edit")
    return reverse("routing_restoration", args=[version]) if may_restore else reverse("routing_rules")


def _choose(request: MemberRequest, version: int | None) -> RoutingRuleSet | None:
    if version is not None:
        return get_object_or_404(RoutingRuleSet, version=version, state=VersionState.RETIRED)
    return find_draft(RoutingRuleSet) if request.viewer.may("routing.edit") else None


def _list_columns(shown: RoutingRuleSet, *, is_compared: bool) -> list[Column]:
    by = "By the draft" if shown.state == VersionState.DRAFT else f"By version {shown.version}"
    return [Column("Lead"), Column("Captured"), Column(by), *([Column("As it is now")] if is_compared else [])]


def _list_tabs(version: int | None, *, is_moved: bool, place: int | None) -> list[Tab]:
    return [
        Tab("All leads", link_replay(version), is_current=not is_moved and place is None),
        Tab("Routed differently", link_replay(version, moved=1), is_current=is_moved),
    ]
