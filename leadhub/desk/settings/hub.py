"""The settings hub: one calm page that leads to every setting and says how each stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.settings.cards import list_cards
from leadhub.lib.clock import utc_now


@require_GET
@member_view(permission="settings.edit")
def settings_hub(request: MemberRequest) -> HttpResponse:
    """Show the cards."""
    return render(request, "desk/settings/hub.html", {"groups": list_cards(request.viewer, now=utc_now())})
