"""Who calls the API, in whose organization, and what the key may do there.

A key acts as its member: a call needs the key's scope *and* the member's permission. A logged-in browser may
call too, with its session and the CSRF token, for what its role permits.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from capture.idempotency import hash_body
from leadhub.accounts.access import Viewer, find_viewer
from leadhub.accounts.apikeys import find_key_organization, use_api_key
from leadhub.accounts.key_rate import count_call
from leadhub.accounts.models import ApiKey, User
from leadhub.accounts.permissions import may
from leadhub.api.idempotency import AnsweredBefore, has_key, keep_answer, replay_answer
from leadhub.api.limit import refuse_call, tell_allowance
from leadhub.api.trying import read_dry_run
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import has_scope, scope

READ, WRITE, HAND_IN_MAIL = "leads:read", "leads:write", "mail:write"


class RolledBack(Exception):
    """Carries an error answer out of the scope, so that nothing of the failed request stays."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__("rolled back")
        self.response = response


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer lh_…`."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Return the member's user and the key; a wrong or revoked key is a 401."""
        secret = read_bearer(request)
        if not secret:
            return None
        key = use_api_key(secret=secret, now=utc_now()) if has_scope() else None
        if key is None:
            raise exceptions.AuthenticationFailed("This API key is unknown or revoked.")
        return key.member.user, key

    def authenticate_header(self, request: Request) -> str:
        """Make a missing key a 401 that says how to authenticate."""
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe the key in the OpenAPI document."""

    target_class = BearerAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "An API key, made under Settings → API keys."}


class MayCall(BasePermission):
    """The view's `needs` for the method: (scope of the key, permission of the role)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Check both; name what is missing."""
        method = str(request.method)
        if method not in view.allowed_methods:
            raise exceptions.MethodNotAllowed(method)
        is_asking = method in {"HEAD", "OPTIONS"}
        key_scope, permission = next(iter(view.needs.values())) if is_asking else view.needs[method]
        if isinstance(request.auth, ApiKey) and key_scope not in request.auth.scopes:
            raise exceptions.PermissionDenied(f"This key lacks the scope {key_scope}.")
        viewer: Viewer = view.viewer
        if not may(viewer.member.role, permission):
            raise exceptions.PermissionDenied(f"{viewer.member.name} is {viewer.member.role} and may not do this.")
        return True


class ScopedView(APIView):
    """Base of every API view: the caller's organization's scope around it, rolled back on any error answer."""

    authentication_classes = [BearerAuthentication, SessionAuthentication]
    permission_classes = [MayCall]
    needs: ClassVar[dict[str, tuple[str, str]]] = {}
    dry_runs: ClassVar[frozenset[str]] = frozenset()
    is_counted = True
    viewer: Viewer
    browser: Viewer | None = None
    is_replay = False
    is_dry_run = False
    body_sha256 = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the tenant, count the call, then let DRF authenticate, check and answer inside the scope."""
        self.browser = None if read_bearer(request) else find_browser(request)
        organization_id = find_organization(request, self.browser)
        if organization_id is None:
            return super().dispatch(request, *args, **kwargs)
        allowance = count_call(secret=read_bearer(request)) if self.is_counted and self.browser is None else None
        if allowance and allowance.is_spent:
            return refuse_call(allowance)
        response = self._dispatch_within(organization_id, request, *args, **kwargs)
        tell_allowance(response, allowance)
        return response

    def _dispatch_within(self, organization_id: UUID, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            with scope(organization_id):
                response = super().dispatch(request, *args, **kwargs)
                keep_or_roll_back(response)
        except RolledBack as failure:
            return failure.response
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, then know the viewer before the permission is checked."""
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated("Send an API key: `Authorization: Bearer lh_…`.")
        viewer = build_viewer(request.auth) if isinstance(request.auth, ApiKey) else self.browser
        if viewer is None:
            raise exceptions.PermissionDenied("This log-in belongs to no organization.")
        self.viewer = viewer
        super().initial(request, *args, **kwargs)
        self.is_dry_run = read_dry_run(request, offered=self.dry_runs)
        if has_key(request) and not self.is_dry_run:
            self.body_sha256 = self.hash_request(request)
            replay_answer(request, body_sha256=self.body_sha256)

    def hash_request(self, request: Request) -> str:
        """Return what tells the body from another; who takes more than is read into memory says it otherwise."""
        return hash_body(request._request.body)

    def require(self, permission: str) -> None:
        """Refuse a member whose role lacks the permission."""
        if not self.viewer.may(permission):
            raise exceptions.PermissionDenied(f"{self.viewer.member.name} is {self.viewer.member.role}: not allowed.")

    def require_own(self, lead: Lead) -> None:
        """Refuse a rep who would work on a colleague's lead."""
        works_own_only = self.viewer.may("leads.work") and not self.viewer.may("leads.work_any")
        if works_own_only and lead.owner_id != self.viewer.member.id:
            raise exceptions.PermissionDenied("This lead belongs to a colleague.")

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a repeated POST as the first one was; leave failures to `problems.handle_exception`."""
        if isinstance(exc, AnsweredBefore):
            self.is_replay = True
            return Response(exc.first.answer, status=exc.first.status_code)
        return super().handle_exception(exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the answer of a POST that came with an `Idempotency-Key`."""
        if isinstance(response, Response) and self.body_sha256 and not self.is_replay:
            keep_answer(self.request, response, body_sha256=self.body_sha256)
        return super().finalize_response(request, response, *args, **kwargs)


def keep_or_roll_back(response: Any) -> None:
    """Render a success inside the scope; raise for an error answer, so that the scope rolls back."""
    if getattr(response, "exception", False):
        raise RolledBack(response)
    if hasattr(response, "render"):
        response.render()


def read_bearer(request: Request | HttpRequest) -> str:
    """Return the token of the Authorization header, or ''."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def find_browser(request: HttpRequest) -> Viewer | None:
    """Return who looks with a logged-in browser. Asked once a call: who left in between must not act elsewhere."""
    return find_viewer(request) if request.user.is_authenticated else None


def find_organization(request: HttpRequest, browser: Viewer | None) -> UUID | None:
    """Return the tenant of the key, or of the browser's session."""
    if browser is not None:
        return browser.organization.id
    secret = read_bearer(request)
    return find_key_organization(secret=secret) if secret else None


def build_viewer(key: ApiKey) -> Viewer:
    """Return the key's member."""
    return Viewer(user=key.member.user, member=key.member, organization=key.organization)
