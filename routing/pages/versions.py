"""Roll back: put an older version of the rules back in force, after seeing who would have got what."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.versions import VersionState, find_published
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from routing.models import RoutingRuleSet
from routing.pages.rules import explain
from routing.publishing import restore_version


@require_http_methods(["GET", "POST"])
@member_view(permission="routing.edit")
def routing_restoration(request: MemberRequest, version: int) -> HttpResponse:
    """Show what putting the version back would do, and do it."""
    former = get_object_or_404(RoutingRuleSet, version=version, state=VersionState.RETIRED)
    if request.method == "POST":
        try:
            restored = restore_version(version=version, actor=request.viewer.member, now=utc_now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"The rules of version {version} are live again, as version {restored.version}.")
        return redirect("routing_rules")
    context = {**explain(former, find_published(RoutingRuleSet)), "former": former}
    return render(request, "routing/restoration.html", context)
