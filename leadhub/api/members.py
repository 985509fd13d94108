"""`members/`: who works here, since pools, rules and leads name them; and a member's absence.

Who is invited, what role and duties they have and which keys there are is for pages alone: a key must not raise its own
rights, nor make another.
"""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.members import get_member, list_members
from leadhub.accounts.models import Membership
from leadhub.api.access import ScopedView
from leadhub.api.inputs import Moment, read_input
from leadhub.lib.clock import utc_now
from routing.availability import return_back, send_away


class ColleagueShape(serializers.ModelSerializer[Membership]):
    """A member; away from `away_from` until `away_until`, or until further notice."""

    email = serializers.EmailField(source="user.email")

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "role", "is_active", "is_marketing_owner", "is_duty_manager"]
        fields += ["away_from", "away_until"]


class AbsenceInput(serializers.Serializer[Any]):
    """Since when (left out: now) and until when (null: until further notice)."""

    away_from = Moment(required=False)
    away_until = Moment(required=False, allow_null=True, default=None)


class Members(ScopedView):
    """The organization's members."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": ("settings:read", "members.view")}

    @extend_schema(operation_id="members_list", summary="List members", responses=ColleagueShape(many=True))
    def get(self, request: Request) -> Response:
        """List all members by name, also those who left (`is_active` is false)."""
        return Response(ColleagueShape(list_members(include_inactive=True), many=True).data)


class MemberAbsence(ScopedView):
    """Whether a member is away and takes no turns."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {
        "PUT": ("settings:write", "team.reassign"),
        "DELETE": ("settings:write", "team.reassign"),
    }

    @extend_schema(
        operation_id="members_absence_put", summary="Send away", request=AbsenceInput, responses=ColleagueShape
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Take the member out of every pool's turns for a time."""
        member = get_member(member_id=pk)
        given = read_input(AbsenceInput, request)
        now, actor = utc_now(), self.viewer.member
        absence = {"away_from": now, **given}
        return Response(ColleagueShape(send_away(member=member, **absence, actor=actor, now=now)).data)

    @extend_schema(operation_id="members_absence_delete", summary="Bring back", request=None, responses=ColleagueShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Let the member take turns again; the leads that wait for somebody are tried again."""
        member = get_member(member_id=pk)
        return Response(ColleagueShape(return_back(member=member, actor=self.viewer.member, now=utc_now())).data)
