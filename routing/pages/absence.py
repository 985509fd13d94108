"""A member's absence: sent away or back, from the pools page and the team page. Changes nothing else."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.members import get_member
from leadhub.accounts.models import Membership
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from routing.availability import return_back, send_away
from routing.pages.forms import AbsenceForm


@require_POST
@member_view(permission="team.reassign")
def member_absence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Post `do=back`, or `away_from` (empty: now) and `away_until` (empty: until further notice), and `next`."""
    try:
        member = get_member(member_id=pk)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    form = AbsenceForm(request.POST)
    if request.POST.get("do") == "back":
        return_back(member=member, actor=request.viewer.member, now=utc_now())
        messages.success(request, f"{member.name} is back and takes turns again.")
    elif form.is_valid():
        _send_away(request, member, form)
    else:
        messages.error(request, "Enter dates as the form shows them.")
    following = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()})
    return redirect(following if is_ours and following.startswith("/") else "pool_list")


def _send_away(request: MemberRequest, member: Membership, form: AbsenceForm) -> None:
    now = utc_now()
    start, end = form.cleaned_data["away_from"] or now, form.cleaned_data["away_until"]
    try:
        send_away(member=member, away_from=start, away_until=end, actor=request.viewer.member, now=now)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{member.name} is away and takes no turns.")
