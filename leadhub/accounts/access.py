"""What stands before every page: who is asking, for which organization, with which role, in which scope."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from leadhub.accounts.models import Membership, User
from leadhub.accounts.permissions import may
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope

SESSION_KEY = "organization_id"


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """The member who is looking, and where."""

    user: User
    member: Membership
    organization: Organization

    def may(self, permission: str) -> bool:
        """Say whether the viewer's role has the permission."""
        return may(self.member.role, permission)

    @property
    def time_zone(self) -> str:
        """The zone in which pages show times: the user's own, else the organization's."""
        return self.user.time_zone or self.organization.time_zone


class AccessEnded(DomainError):
    """The member left, or lost the permission, while a long answer was on its way."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a request was allowed by, to be asked again while its answer is written."""

    member_id: UUID
    permission: str

    def require(self) -> None:
        """Raise `AccessEnded` where the member may no longer look."""
        member = Membership.objects.filter(pk=self.member_id, is_active=True, user__is_active=True).first()
        if member is None or not may(member.role, self.permission):
            raise AccessEnded("Your access ended meanwhile.")


class MemberRequest(HttpRequest):
    """A request behind `member_view`: its viewer is known, and what lets them in; `htmx` is its middleware's."""

    viewer: Viewer
    access: Access
    htmx: HtmxDetails


MemberViewFunction = Callable[..., HttpResponseBase]


def member_view(*, permission: str, post: str = "") -> Callable[[MemberViewFunction], MemberViewFunction]:
    """Wrap a view: log-in, membership, permission, then the organization's scope around the view.

    `post` is what a POST asks for where that is more than looking. The view gets a `MemberRequest` and the viewer's
    time zone. Its transaction rolls back on any exception. A template response is rendered inside the scope.
    `view.permission` and `view.post_permission` tell the permission tests what the URL asks for.
    """
    post_permission = post or permission

    def decorate(view: MemberViewFunction) -> MemberViewFunction:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            viewer = find_viewer(request)
            if viewer is None:
                return redirect("no_organization")
            asked = post_permission if request.method == "POST" else permission
            if not viewer.may(asked):
                raise PermissionDenied(f"Your role, {viewer.member.get_role_display()}, may not do this.")
            behind = cast("MemberRequest", request)
            behind.viewer, behind.access = viewer, Access(member_id=viewer.member.pk, permission=asked)
            with scope(viewer.organization.id), timezone.override(viewer.time_zone):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
            return response

        wrapped.permission = permission  # type: ignore[attr-defined]
        wrapped.post_permission = post_permission  # type: ignore[attr-defined]
        return wrapped

    return decorate


def public_view(view: MemberViewFunction) -> MemberViewFunction:
    """Mark a view that needs no member; the permission tests refuse any URL that is neither."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def find_viewer(request: HttpRequest) -> Viewer | None:
    """Return the logged-in user's membership in the session's organization, or in their first."""
    user = cast("User", request.user)
    memberships = Membership.objects.filter(user=user, is_active=True).select_related("organization")
    wanted = request.session.get(SESSION_KEY)
    member = memberships.filter(organization_id=wanted).first() if wanted else None
    member = member or memberships.order_by("created_at").first()
    if member is None:
        return None
    return Viewer(user=user, member=member, organization=member.organization)


def switch_organization(request: HttpRequest, *, organization_id: UUID) -> bool:
    """Make the organization the session's, where the user is a member of it; say whether they are."""
    is_member = Membership.objects.filter(
        user=cast("User", request.user), organization_id=organization_id, is_active=True
    ).exists()
    if is_member:
        request.session[SESSION_KEY] = str(organization_id)
    return is_member
