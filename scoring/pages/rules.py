"""Add, change and remove a rule of the draft: a page of its own, or a fragment in the place of the rule's row."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions.editor import ConditionEditor
from leadhub.leads.versions import find_draft
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from scoring.drafts import put_engagement_rule, put_fit_rule, remove_rule, start_draft
from scoring.models import ScoreModel
from scoring.pages.forms import EngagementRuleForm, FitRuleForm, RuleForm
from scoring.queries import get_published_model
from scoring.rules import NEW_RULE

FORMS: dict[str, type[RuleForm]] = {"fit": FitRuleForm, "engagement": EngagementRuleForm}


@require_http_methods(["GET", "POST"])
@member_view(permission="scoring.edit")
def score_rule(request: MemberRequest, kind: str, key: str) -> HttpResponse:
    """Edit one rule, or a new one; the draft is begun where there is none."""
    stored = _find_rule(kind, key)
    editor = ConditionEditor.of(stored.get("condition") or {})
    form = FORMS[kind](request.POST or None, initial=stored)
    status = 200
    if request.method == "POST":
        editor = ConditionEditor.posted(request.POST)
        if (
            not editor.wants_redraw
            and form.is_valid()
            and editor.is_valid()
            and _save(request, kind, key, form, editor)
        ):
            messages.success(request, "The draft has the rule. Nothing is live until you publish it.")
            return redirect("score_model")
        status = 200 if editor.wants_redraw else 422
    context = {"form": form, "editor": editor, "kind": kind, "key": key, "is_new": key == NEW_RULE}
    template = "scoring/_rule_item.html" if request.htmx else "scoring/rule.html"
    return render(request, template, context, status=status)


@require_POST
@member_view(permission="scoring.edit")
def score_rule_removal(request: MemberRequest, kind: str, key: str) -> HttpResponse:
    """Take a rule out of the draft."""
    _find_rule(kind, key)
    try:
        with transaction.atomic():
            who: dict[str, Any] = {"actor": request.viewer.member, "now": utc_now()}
            start_draft(**who)
            remove_rule(kind=kind, key=key, **who)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The draft is without the rule. Nothing is live until you publish it.")
    return redirect("score_model")


def _find_rule(kind: str, key: str) -> dict[str, Any]:
    """Return the stored rule of the draft, else of the published version; nothing yet for a new one."""
    model = find_draft(ScoreModel) or get_published_model()
    if kind not in FORMS or model is None:
        raise Http404
    if key == NEW_RULE:
        return {}
    rules: list[dict[str, Any]] = getattr(model, f"{kind}_rules")
    found = next((rule for rule in rules if rule["key"] == key), None)
    if found is None:
        raise Http404
    return found


def _save(request: MemberRequest, kind: str, key: str, form: RuleForm, editor: ConditionEditor) -> bool:
    """Put the rule into the draft; show what the domain refuses and return False."""
    put = put_fit_rule if kind == "fit" else put_engagement_rule
    try:
        with transaction.atomic():
            who: dict[str, Any] = {"actor": request.viewer.member, "now": utc_now()}
            start_draft(**who)
            put(key="" if key == NEW_RULE else key, condition=editor.condition, **form.cleaned_data, **who)
    except DomainError as error:
        form.add_refusal(error)
        return False
    return True
