"""`me/` and `views/`: whom the key acts as and where, and the views of the lead list that they see."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.access import Viewer
from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import ApiKey, Role
from leadhub.api.access import READ, ScopedView
from leadhub.api.shapes import MemberShape
from leadhub.desk.lead_list import LEAD_VIEWS
from leadhub.leads.models import SavedView
from leadhub.leads.saved_views import list_views
from leadhub.tenancy.models import Organization


class OrganizationShape(serializers.ModelSerializer[Organization]):
    """The organization: its currency is that of sums, its zone that of a report's days."""

    class Meta:
        model = Organization
        fields = ["id", "name", "slug", "time_zone", "currency", "country"]


class CallerShape(serializers.Serializer[Viewer]):
    """The member that the key acts as, their role, and the key's scopes."""

    member = MemberShape()
    role = serializers.ChoiceField(choices=Role.choices, source="member.role")
    organization = OrganizationShape()
    scopes = serializers.SerializerMethodField()

    def get_scopes(self, _viewer: Viewer) -> list[str]:
        """Return the key's scopes; a browser has no key, and what its member may."""
        return list(self.context["scopes"])


class Me(ScopedView):
    """Whoever calls."""

    needs = {"GET": (READ, "leads.view")}

    @extend_schema(operation_id="me_retrieve", summary="Who calls", responses=CallerShape)
    def get(self, request: Request) -> Response:
        """Read whom the key acts as, in which organization, and what it may."""
        scopes = request.auth.scopes if isinstance(request.auth, ApiKey) else list(SCOPES)
        return Response(CallerShape(self.viewer, context={"scopes": scopes}).data)


class ViewShape(serializers.ModelSerializer[SavedView]):
    """A view of the lead list: `query` is what `leads/` is asked by."""

    member = MemberShape()

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "is_shared", "member", "created_at"]


class Views(ScopedView):
    """Views under a name."""

    needs = {"GET": (READ, "leads.view")}

    @extend_schema(operation_id="views_list", summary="List views of leads", responses=ViewShape(many=True))
    def get(self, request: Request) -> Response:
        """List the member's views of the lead list and those that colleagues share, by name."""
        views: Any = list_views(member=self.viewer.member, list_key=LEAD_VIEWS.key)
        return Response(ViewShape(views, many=True).data)
