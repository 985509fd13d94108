"""The member's alerts: token for the stream, toast, count, and having seen them. And who else looks at a lead."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.live.alerts import count_unseen, list_alerts, mark_seen
from leadhub.live.looking import Look, list_lookers, make_look_token
from leadhub.live.tokens import make_token


@require_GET
@member_view(permission="account.own")
def live_token(request: MemberRequest) -> HttpResponse:
    """Answer with a fresh token and the stream's address that carries it."""
    viewer = request.viewer
    token = make_token(organization_id=viewer.organization.id, member_id=viewer.member.id, now=utc_now())
    url = f"{_live_url(request)}/live/stream?{urlencode({'token': token})}"
    return JsonResponse({"token": token, "url": url}, headers={"Cache-Control": "no-store"})


@require_GET
@member_view(permission="leads.view")
def lead_lookers(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say in words who else looks at the lead, and where the page says that its viewer does."""
    viewer, now = request.viewer, utc_now()
    if not Lead.objects.filter(id=pk).exists():
        raise Http404
    look = Look(organization_id=viewer.organization.id, member_id=viewer.member.id, lead_id=pk)
    others = list_lookers(look, now=now)
    colleagues = Membership.objects.filter(organization=viewer.organization, is_active=True).select_related("user")
    members = colleagues.filter(id__in=others) if others else ()
    answer = {
        "url": f"{_live_url(request)}/live/looking?{urlencode({'token': make_look_token(look, now=now)})}",
        "others": others,
        "words": word_lookers(sorted(member.name for member in members)),
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def word_lookers(names: list[str]) -> str:
    """Return the line that the lead page shows; nothing where nobody else looks."""
    if not names:
        return ""
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{who} {'is' if len(names) == 1 else 'are'} looking at this lead too"


def _live_url(request: HttpRequest) -> str:
    """Return the streams' origin, on the host that the browser asked where the setting says so."""
    return settings.LIVE_URL.replace("{host}", urlsplit(f"//{request.get_host()}").hostname or "localhost")


@require_GET
@member_view(permission="account.own")
def alert_count(request: MemberRequest) -> HttpResponse:
    """Show how many alerts wait, or nothing."""
    unseen = count_unseen(member=request.viewer.member)
    return HttpResponse(str(unseen) if unseen else "")


@require_GET
@member_view(permission="account.own")
def alert_fragment(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one alert of the member's as a toast; nothing when they have seen it meanwhile."""
    alert = list_alerts(member=request.viewer.member).filter(pk=pk).first()
    if alert is None:
        raise Http404
    if alert.seen_at:
        return HttpResponse(status=204)
    return render(request, "live/toast.html", {"alert": alert})


@require_POST
@member_view(permission="account.own")
def alerts_seen(request: MemberRequest) -> HttpResponse:
    """Mark all of the member's alerts as seen."""
    mark_seen(member=request.viewer.member, now=utc_now())
    return redirect("alerts")


@require_POST
@member_view(permission="account.own")
def alert_seen(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Mark one alert as seen and go to its lead."""
    alert = list_alerts(member=request.viewer.member).filter(pk=pk).first()
    if alert is None:
        raise Http404
    mark_seen(member=request.viewer.member, now=utc_now(), alert_id=pk)
    return redirect("lead_detail", pk=alert.lead_id) if alert.lead_id else redirect("alerts")
