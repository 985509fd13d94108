"""The rules page: rules as sentences in order, the replay beside them, and the draft's way to going live."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions import describe
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.parts import Column, Tab
from routing.models import Pool, RoutingRule, RoutingRuleSet, RuleSetState
from routing.pages.flow import draw_flow
from routing.preview import Preview, describe_target, preview_rules
from routing.publishing import delete_rule, discard_draft, find_draft, move_rule, publish, roll_back, start_draft
from routing.rules import find_live_rule_set


@require_GET
@member_view(permission="routing.view")
def routing_rules(request: MemberRequest) -> HttpResponse:
    """Show the draft to who may edit it, else the live rules, with the replay of the last 30 days."""
    live = find_live_rule_set()
    draft = find_draft() if request.viewer.may("routing.edit") else None
    shown = draft or live
    context: dict[str, Any] = {
        "live": live,
        "draft": draft,
        "may_edit": request.viewer.may("routing.edit"),
        "tabs": list_tabs("rules"),
        "versions": RoutingRuleSet.objects.exclude(state=RuleSetState.DRAFT)
        .select_related("published_by")
        .order_by("-version")[:10],
        "version_columns": [Column("Version"), Column("Live since"), Column("By"), Column("", align="end")],
        "target_columns": [Column("Goes to"), Column("Live", align="end"), Column("Draft", align="end"), Column("")],
    }
    if shown is not None:
        context |= _explain(shown, live)
    return render(request, "routing/rules.html", context)


@require_POST
@member_view(permission="routing.edit")
def routing_draft(request: MemberRequest) -> HttpResponse:
    """Begin a draft, or throw it away."""
    if request.POST.get("do") == "discard":
        return _try(request, discard_draft, "The draft is gone; the live rules are as they were.")
    start_draft(actor=request.viewer.member, now=utc_now())
    return redirect("routing_rules")


@require_POST
@member_view(permission="routing.edit")
def routing_publish(request: MemberRequest) -> HttpResponse:
    """Make the draft live."""
    note = request.POST.get("note", "")
    actor = request.viewer.member
    return _try(request, lambda: publish(actor=actor, now=utc_now(), note=note), "The new rules are live.")


@require_POST
@member_view(permission="routing.edit")
def routing_roll_back(request: MemberRequest) -> HttpResponse:
    """Publish an earlier version again."""
    version = request.POST.get("version", "")
    actor = request.viewer.member
    number = int(version) if version.isdecimal() else 0
    done = f"Version {version} is live again."
    return _try(request, lambda: roll_back(version=number, actor=actor, now=utc_now()), done)


@require_POST
@member_view(permission="routing.edit")
def routing_rule_move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Move a rule of the draft up, down or to a place."""
    rule = get_object_or_404(RoutingRule.objects.select_related("rule_set"), pk=pk, rule_set__state=RuleSetState.DRAFT)
    place = request.POST.get("to", "")
    order = list(RoutingRule.objects.filter(rule_set=rule.rule_set).order_by("position").values_list("pk", flat=True))
    index = order.index(rule.pk)
    steps = {"up": index - 1, "down": index + 1}
    move_rule(rule=rule, to_index=int(place) if place.isdecimal() else steps.get(place, index))
    return redirect("routing_rules")


@require_POST
@member_view(permission="routing.edit")
def routing_rule_delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a rule out of the draft."""
    rule = get_object_or_404(RoutingRule, pk=pk, rule_set__state=RuleSetState.DRAFT)
    delete_rule(rule=rule)
    messages.success(request, f"“{rule.name}” is out of the draft.")
    return redirect("routing_rules")


def list_tabs(current: str) -> list[Tab]:
    """Return the two tabs of the routing pages."""
    return [
        Tab("Rules", "/routing/", is_current=current == "rules"),
        Tab("Pools, hours and promises", "/routing/pools/", is_current=current == "pools"),
    ]


def _explain(shown: RoutingRuleSet, live: RoutingRuleSet | None) -> dict[str, Any]:
    preview = preview_rules(draft=shown, live=live, now=utc_now())
    fallback = Pool.objects.filter(is_fallback=True).first()
    rows = [
        {
            "rule": count.rule,
            "when": describe(count.rule.condition) if count.rule else "",
            "who": describe_target(count.rule, fallback=fallback),
            "leads": count.leads,
        }
        for count in preview.rules
    ]
    return {"preview": preview, "rows": rows[:-1], "rest": rows[-1], "flow": _flow(preview, rows)}


def _flow(preview: Preview, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the picture of the replay; None where nothing flowed."""
    streams = [
        (f"{index + 1}. {row['rule'].name}" if row["rule"] else "No rule", str(row["who"]), int(row["leads"]))
        for index, row in enumerate(rows)
    ]
    return draw_flow(streams) if preview.leads else None


def _try(request: MemberRequest, call: Any, done: str) -> HttpResponse:
    """Make the call, tell what came of it, return to the rules."""
    try:
        call()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("routing_rules")
