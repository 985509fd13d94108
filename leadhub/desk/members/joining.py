"""The page behind an invitation's link. Public: the link is the proof."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import public_view, switch_organization
from leadhub.accounts.invitations import (
    InvitationNotOpen,
    accept_invitation,
    get_open_invitation,
    read_invitation_token,
)
from leadhub.accounts.logins import create_login
from leadhub.accounts.models import Invitation, User
from leadhub.desk.members.forms import JoinForm
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public_view
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation; a POST joins. Whoever has a log-in must be logged in with it."""
    try:
        key = read_invitation_token(token=token)
        with scope(key.organization_id):
            invitation = get_open_invitation(invitation_id=key.invitation_id, now=utc_now())
            return answer(request, invitation)
    except InvitationNotOpen as error:
        return render(request, "desk/members/invitation_closed.html", {"message": error.message}, status=410)


def answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Join as the logged-in user, as a new one, or ask an existing one to log in first."""
    known = User.objects.filter(email=invitation.email).first()
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    if request.user.is_authenticated and request.user != known:
        return render(request, "desk/members/invitation.html", {"invitation": invitation, "is_other_user": True})
    if known is not None and request.user != known:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    if request.method == "POST" and known is not None:
        return welcome(request, invitation, known)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        user = create_login(email=invitation.email, password=password, name=name)
        return welcome(request, invitation, user)
    return render(request, "desk/members/invitation.html", {"invitation": invitation, "form": None if known else form})


def welcome(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    """Make the user a member and take them home."""
    member = accept_invitation(invitation=invitation, user=user, now=utc_now())
    if request.user != user:
        login(request, user, backend=BACKEND)
    switch_organization(request, organization_id=member.organization_id)
    messages.success(request, f"Welcome to {invitation.organization.name}.")
    return redirect("home")
