"""The page that adds or changes one rule of the draft: its condition in the shared editor, its target."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions.editor import ConditionEditor
from leadhub.leads.versions import VersionState
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from routing.models import RoutingRule
from routing.pages.forms import RuleForm
from routing.publishing import save_rule


@require_http_methods(["GET", "POST"])
@member_view(permission="routing.edit")
def routing_rule_new(request: MemberRequest) -> HttpResponse:
    """Add a rule at the end of the draft; without a draft one begins."""
    return _edit(request, rule=None)


@require_http_methods(["GET", "POST"])
@member_view(permission="routing.edit")
def routing_rule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change a rule of the draft."""
    return _edit(request, rule=get_object_or_404(RoutingRule, pk=pk, rule_set__state=VersionState.DRAFT))


def _edit(request: MemberRequest, *, rule: RoutingRule | None) -> HttpResponse:
    is_post = request.method == "POST"
    editor = ConditionEditor.posted(request.POST) if is_post else ConditionEditor.of(rule.condition if rule else {})
    is_asked_to_save = is_post and not editor.wants_redraw
    typed = request.POST.dict() if is_post else _initial(rule)  # a redraw keeps it, and judges nothing yet
    form = RuleForm(request.POST if is_asked_to_save else None, initial=typed)
    if is_asked_to_save and form.is_valid() and editor.is_valid() and _save(request, form, editor, rule):
        return redirect("routing_rules")
    context = {"form": form, "editor": editor, "rule": rule}
    return render(request, "routing/rule.html", context)


def _initial(rule: RoutingRule | None) -> dict[str, Any]:
    if rule is None:
        return {"target": RoutingRule.Target.POOL}
    return {"name": rule.name, "target": rule.target, "member": rule.member_id, "pool": rule.pool_id}


def _save(request: MemberRequest, form: RuleForm, editor: ConditionEditor, rule: RoutingRule | None) -> bool:
    """Save the rule, or put what is wrong at its field and return False."""
    try:
        save_rule(
            **form.cleaned_data,
            condition=editor.condition,
            actor=request.viewer.member,
            now=utc_now(),
            rule_id=rule.pk if rule else None,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True
