"""The thresholds page: what the lines, the half-life and the rules would do, seen before it is live."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions import describe
from leadhub.leads.models import EventKind
from leadhub.leads.versions import NoDraft, find_draft, list_versions
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.navigation import find_url
from leadhub.web.parts import Column
from scoring.drafts import change_numbers, discard_draft, start_draft
from scoring.models import ScoreModel
from scoring.pages.forms import NumbersForm
from scoring.pages.picture import draw_grid, link_to_lead
from scoring.preview import CUSTOMER_WEEKS, WEEKS, Preview, preview_rules
from scoring.publishing import publish_draft
from scoring.queries import get_published_model
from scoring.rescoring import count_progress
from scoring.rules import EngagementRule, FitRule, Rules, read_rules

NEWS = timedelta(minutes=10)
VERSION_COLUMNS = [Column("Version"), Column("State"), Column("Published"), Column("Note"), Column("", align="end")]
RULE_COLUMNS = [Column("Rule"), Column("Points", align="end"), Column("When"), Column("", align="end")]


@require_GET
@member_view(permission="scoring.view")
def score_model(request: MemberRequest) -> HttpResponse:
    """Show the grid with its lines; `?fit_bar=…` tries other numbers without storing them. htmx gets the preview."""
    published, draft = get_published_model(), find_draft(ScoreModel)
    model = draft or published
    if model is None:
        return render(request, "scoring/unfounded.html")
    form = NumbersForm.of(model, posted=read_tried(request.GET, model))
    rules = try_numbers(read_rules(model), form)
    preview = preview_rules(rules=rules, now=utc_now())
    is_live = draft is None and not form.is_bound
    shown = show_preview(preview=preview, rules=rules, is_live=is_live)
    context = {**shown, "form": form, "draft": draft, "published": published}
    if request.htmx:
        return render(request, "scoring/_preview.html", context)
    context |= {
        **show_rules(model),
        "versions": list_versions(ScoreModel)[:20],
        "version_columns": VERSION_COLUMNS,
        "may_edit": request.viewer.may("scoring.edit"),
        "progress": tell_progress(published),
    }
    return render(request, "scoring/thresholds.html", context)


def tell_progress(published: ScoreModel | None) -> dict[str, int] | None:
    """Return how far the leads are scored by the published model; nothing once all are and it is no news any more."""
    done, total = count_progress()
    since = published.published_at if published else None
    is_news = bool(total) and since is not None and utc_now() - since < NEWS
    return {"done": done, "total": total} if done < total or is_news else None


@require_GET
@member_view(permission="scoring.view")
def score_progress(request: MemberRequest) -> HttpResponse:
    """Return how far the leads are scored by the published model, asked again until all are."""
    done, total = count_progress()
    return render(request, "scoring/_progress.html", {"progress": {"done": done, "total": total}})


@require_POST
@member_view(permission="scoring.edit")
def score_numbers(request: MemberRequest) -> HttpResponse:
    """Keep the numbers in the draft, which is begun where there is none."""
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _refuse(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    try:
        with transaction.atomic():
            who: dict[str, Any] = {"actor": request.viewer.member, "now": utc_now()}
            start_draft(**who)
            change_numbers(**form.cleaned_data, **who)
    except DomainError as error:
        return _refuse(request, error.message)
    messages.success(request, "The draft has these numbers. Nothing is live until you publish it.")
    return redirect("score_model")


@require_http_methods(["GET", "POST"])
@member_view(permission="scoring.edit")
def score_publication(request: MemberRequest) -> HttpResponse:
    """Show once more what publishing the draft does, and do it."""
    draft = find_draft(ScoreModel)
    if draft is None:
        return _refuse(request, NoDraft().message)
    if request.method == "POST":
        try:
            model = publish_draft(actor=request.viewer.member, now=utc_now(), note=request.POST.get("note", ""))
        except DomainError as error:
            return _refuse(request, error.message)
        messages.success(request, f"Version {model.version} is in force. Open leads are being scored by it.")
        return redirect("score_model")
    preview = preview_rules(rules=read_rules(draft), now=utc_now())
    context = {**show_preview(preview=preview, rules=read_rules(draft)), "draft": draft}
    return render(request, "scoring/publication.html", context)


@require_POST
@member_view(permission="scoring.edit")
def score_draft_discard(request: MemberRequest) -> HttpResponse:
    """Throw the draft away."""
    try:
        discard_draft(actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return _refuse(request, error.message)
    messages.success(request, "The draft is gone; the published version stays as it was.")
    return redirect("score_model")


def _write_enters(preview: Preview) -> str:
    rest = "; the others were one before" if preview.becomes_mql < preview.enters else ""
    become = "becomes an MQL" if preview.becomes_mql == 1 else "become MQLs"
    return f"{preview.becomes_mql} {become} when published{rest}"


def _tell_past(preview: Preview, *, is_live: bool) -> dict[str, Any]:
    """Return the tiles that look back: what the version in force did, or what others would have done beside it."""
    if is_live:
        return {
            "weekly": preview.weekly_now,
            "weekly_hint": f"came in over the last {WEEKS} weeks",
            "meets_hint": f"of {preview.open_leads} open leads",
            "customers_value": f"{preview.customers_now} of {preview.customers}",
            "customers_hint": f"by score or hand; won in the last {CUSTOMER_WEEKS} weeks",
        }
    return {
        "weekly": preview.weekly_draft,
        "weekly_hint": f"estimated on the leads of {WEEKS} weeks; {preview.weekly_now:.3g} came in",
        "meets_hint": f"of {preview.open_leads} open leads; {preview.meets_now} by the version in force",
        "customers_value": f"{preview.customers_draft} of {preview.customers}",
        "customers_hint": f"{preview.customers_now} by score or hand so far; won in the last {CUSTOMER_WEEKS} weeks",
    }


def show_preview(*, preview: Preview, rules: Rules, is_live: bool = False) -> dict[str, Any]:
    """Return what the preview's template needs; of the version in force it tells what came in, not an estimate."""
    return {
        "preview": preview,
        "rules": rules,
        "grid": draw_grid(preview=preview, rules=rules),
        "grid_summary": f"{preview.open_leads} open leads by fit and engagement; {preview.meets_draft} meet both lines",
        **_tell_past(preview, is_live=is_live),
        "enters_hint": _write_enters(preview),
        "entering": [(lead, link_to_lead(lead)) for lead in preview.entering],
        "leaving": [(lead, link_to_lead(lead)) for lead in preview.leaving],
        "room_url": find_url("room"),
        "numbers_query": urlencode(
            {
                "fit_bar": str(rules.fit_bar),
                "engagement_bar": str(rules.engagement_bar),
                "half_life_days": str(rules.half_life_days),
                "sql_bar": str(rules.sql_bar),
                "hand_raise_intents": rules.hand_raise_intents,
            },
            doseq=True,
        ),
    }


def show_rules(model: ScoreModel) -> dict[str, Any]:
    """Return both kinds of rule with their sentences."""
    rules = read_rules(model)
    return {
        "rule_columns": RULE_COLUMNS,
        "fit_rules": [(rule, describe(rule.condition)) for rule in rules.fit],
        "engagement_rules": [(rule, describe_engagement(rule)) for rule in rules.engagement],
    }


def describe_engagement(rule: EngagementRule) -> str:
    """Return in words when an engagement rule gives its points."""
    words = str(EventKind(rule.event_kind).label)
    if rule.detail:
        words += f" with “{rule.detail}”"
    return f"{words}, if {describe(rule.condition)}" if rule.condition else words


def describe_rule(rule: FitRule | EngagementRule) -> str:
    """Return in words when a rule gives its points."""
    return describe_engagement(rule) if isinstance(rule, EngagementRule) else describe(rule.condition)


def read_tried(query: QueryDict, model: ScoreModel) -> QueryDict | None:
    """Return the numbers to try, the model's own where the query is silent; None where nothing is tried."""
    if "fit_bar" not in query and "engagement_bar" not in query:
        return None
    tried = query.copy()
    for name in ("fit_bar", "engagement_bar", "half_life_days", "sql_bar"):
        tried.setdefault(name, str(getattr(model, name)))
    return tried


def try_numbers(rules: Rules, form: NumbersForm) -> Rules:
    """Return the rules with the form's numbers where it is bound and sound."""
    if not form.is_bound or not form.is_valid():
        return rules
    numbers = form.cleaned_data
    return replace(
        rules,
        fit_bar=float(numbers["fit_bar"]),
        engagement_bar=float(numbers["engagement_bar"]),
        half_life_days=float(numbers["half_life_days"]),
        hand_raise_intents=tuple(numbers["hand_raise_intents"]),
    )


def _refuse(request: MemberRequest, message: str) -> HttpResponse:
    messages.error(request, message)
    return redirect("score_model")
