"""The rules page: rules as sentences in order, the replay beside them, and the draft's way to going live."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions import describe
from leadhub.leads.versions import VersionState, find_draft, find_published, list_versions
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.numbers import read_whole_number
from leadhub.web.parts import Column, Tab
from routing.models import Pool, RoutingRule, RoutingRuleSet
from routing.pages.flow import draw_flow
from routing.pages.replay import link_replay
from routing.publishing import delete_rule, discard_draft, move_rule, publish_draft, start_draft
from routing.rule_preview import describe_target, preview_rules


@require_GET
@member_view(permission="routing.view")
def routing_rules(request: MemberRequest) -> HttpResponse:
    """Show the draft to who may edit it, else the live rules, with the replay of the last 30 days."""
    live = find_published(RoutingRuleSet)
    draft = find_draft(RoutingRuleSet) if request.viewer.may("routing.edit") else None
    shown = draft or live
    context: dict[str, Any] = {
        "live": live,
        "draft": draft,
        "may_edit": request.viewer.may("routing.edit"),
        "tabs": list_tabs("rules"),
        "versions": list_versions(RoutingRuleSet)[:10],
        "version_columns": [Column("Version"), Column("Live since"), Column("By"), Column("", align="end")],
    }
    if shown is not None:
        context |= explain(shown, live)
    return render(request, "routing/rules.html", context)


@require_POST
@member_view(permission="routing.edit")
def routing_draft(request: MemberRequest) -> HttpResponse:
    """Begin a draft, or throw it away."""
    who = _who(request)
    if request.POST.get("do") == "discard":
        return _try(request, lambda: discard_draft(**who), "The draft is gone; the live rules are as they were.")
    start_draft(**who)
    return redirect("routing_rules")


@require_POST
@member_view(permission="routing.edit")
def routing_publish(request: MemberRequest) -> HttpResponse:
    """Make the draft live."""
    note = request.POST.get("note", "")
    return _try(request, lambda: publish_draft(**_who(request), note=note), "The new rules are live.")


@require_POST
@member_view(permission="routing.edit")
def routing_rule_move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Move a rule of the draft up, down or to a place."""
    rule = get_object_or_404(RoutingRule.objects.select_related("rule_set"), pk=pk, rule_set__state=VersionState.DRAFT)
    place = request.POST.get("to", "")
    order = list(RoutingRule.objects.filter(rule_set=rule.rule_set).order_by("position").values_list("pk", flat=True))
    index = order.index(rule.pk)
    steps = {"up": index - 1, "down": index + 1}
    wanted = read_whole_number(place)
    move_rule(rule=rule, to_index=steps.get(place, index) if wanted is None else wanted, **_who(request))
    return redirect("routing_rules")


@require_POST
@member_view(permission="routing.edit")
def routing_rule_delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a rule out of the draft."""
    rule = get_object_or_404(RoutingRule, pk=pk, rule_set__state=VersionState.DRAFT)
    delete_rule(rule=rule, **_who(request))
    messages.success(request, f"“{rule.name}” is out of the draft.")
    return redirect("routing_rules")


def list_tabs(current: str) -> list[Tab]:
    """Return the two tabs of the routing pages."""
    return [
        Tab("Rules", "/routing/", is_current=current == "rules"),
        Tab("Pools, hours and promises", "/routing/pools/", is_current=current == "pools"),
    ]


def explain(shown: RoutingRuleSet, live: RoutingRuleSet | None) -> dict[str, Any]:
    """Return the rules in words, and the replay of the last 30 days: who gets what, draft against live."""
    preview = preview_rules(draft=shown, live=live, now=utc_now())
    fallback = Pool.objects.filter(is_fallback=True).first()
    version = shown.version if shown.state == VersionState.RETIRED else None
    rows = [
        {
            "rule": count.rule,
            "when": describe(count.rule.condition) if count.rule else "",
            "who": describe_target(count.rule, fallback=fallback),
            "leads": count.leads,
            "url": link_replay(version, rule=place),
        }
        for place, count in zip([*range(1, len(preview.rules)), 0], preview.rules, strict=True)
    ]
    is_compared = live is not None and shown.pk != live.pk
    names = {count.member.pk: count.member.name for count in preview.people}
    return {
        "preview": preview,
        "rows": rows[:-1],
        "rest": rows[-1],
        "moved_url": link_replay(version, moved=1),
        "flow": draw_flow(preview.rules, names=names),
        "live_flow": draw_flow(preview.live_rules, names=names) if is_compared else None,
        "is_compared": is_compared,
        "people_columns": list_people_columns(shown=shown if is_compared else None),
    }


def list_people_columns(*, shown: RoutingRuleSet | None) -> list[Column]:
    """Return the headers of who gets how many; where nothing is compared with the live rules, one count alone."""
    counts = ("Live", name_version(shown), "Change") if shown else ("Leads",)
    return [Column("Who"), *(Column(label, align="end") for label in (*counts, "Open now"))]


def name_version(rules: RoutingRuleSet) -> str:
    """Return what a column calls the rules that are compared with the live ones."""
    return "Draft" if rules.state == VersionState.DRAFT else f"Version {rules.version}"


def _who(request: MemberRequest) -> dict[str, Any]:
    return {"actor": request.viewer.member, "now": utc_now()}


def _try(request: MemberRequest, call: Any, done: str) -> HttpResponse:
    """Make the call, tell what came of it, return to the rules."""
    try:
        call()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("routing_rules")
