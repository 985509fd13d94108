"""Roll back: put an older version of the score model back in force, after seeing what that does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.versions import VersionState
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from scoring.models import ScoreModel
from scoring.pages.thresholds import show_preview, show_rules
from scoring.preview import preview_rules
from scoring.publishing import restore_version
from scoring.rules import read_rules


@require_http_methods(["GET", "POST"])
@member_view(permission="scoring.edit")
def score_restoration(request: MemberRequest, version: int) -> HttpResponse:
    """Show what putting the version back would do, and do it."""
    former = get_object_or_404(ScoreModel.objects.all(), version=version, state=VersionState.RETIRED)
    if request.method == "POST":
        try:
            model = restore_version(version=version, actor=request.viewer.member, now=utc_now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"The rules of version {version} are in force again, as version {model.version}.")
        return redirect("score_model")
    rules = read_rules(former)
    preview = preview_rules(rules=rules, now=utc_now())
    context = {**show_preview(preview=preview, rules=rules), **show_rules(former), "former": former}
    context["numbers_query"] = f"version={former.version}"
    return render(request, "scoring/restoration.html", context)
