"""Which organization a log-in works in: switching between several, and having none."""

from http import HTTPStatus
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import public_view, switch_organization
from leadhub.accounts.models import User
from leadhub.lib.ids import read_id


@public_view
@require_POST
@login_required
def organization_switch(request: HttpRequest) -> HttpResponse:
    """Work in another organization from now on; an organization of others does not exist here."""
    organization_id = read_id(request.POST.get("organization"))
    if organization_id is None or not switch_organization(request, organization_id=organization_id):
        raise Http404
    return redirect("home")


@public_view
@require_GET
@login_required
def no_organization(request: HttpRequest) -> HttpResponse:
    """Say what to do to a user whom no organization counts as a member."""
    return render(request, "accounts/no_organization.html")


@public_view
@require_POST
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the two opt-ins of the bell's menu: `sound` and `notify`, each `on` or `off`."""
    user = cast("User", request.user)
    if "sound" in request.POST:
        user.wants_sound = request.POST["sound"] == "on"
    if "notify" in request.POST:
        user.wants_browser_notifications = request.POST["notify"] == "on"
    user.save(update_fields=["wants_sound", "wants_browser_notifications"])
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


urlpatterns = [
    path("preferences/", preferences, name="preferences"),
    path("organization/", organization_switch, name="switch_organization"),
    path("no-organization/", no_organization, name="no_organization"),
]
