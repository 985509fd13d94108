"""The editor's two endpoints: draw it again after a change, and count the leads that match as you type."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions.compiler import matching
from leadhub.leads.conditions.editor import ConditionEditor
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now


@require_POST
@member_view(permission="leads.view")
def condition_editor(request: MemberRequest) -> HttpResponse:
    """Return the editor of the posted form, with what its pressed button asks for done."""
    editor = ConditionEditor.posted(request.POST, name=_name(request))
    return render(request, "leads/conditions/editor.html", {"editor": editor})


@require_POST
@member_view(permission="leads.view")
def condition_count(request: MemberRequest) -> HttpResponse:
    """Return how many open leads match the posted condition, or what is missing to know it."""
    editor = ConditionEditor.posted(request.POST, name=_name(request))
    leads = Lead.objects.open().counted()
    context = {"error": "" if editor.is_valid() else editor.error, "total": leads.count()}
    if not context["error"]:
        context["count"] = matching(leads, editor.condition, now=utc_now()).count()
    return render(request, "leads/conditions/count.html", context)


def _name(request: MemberRequest) -> str:
    return request.GET.get("name", "condition")
