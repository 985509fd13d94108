"""`reassignments/`: many leads given to one colleague at once, and given back."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import WRITE, ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.lead_resources import find_member
from leadhub.desk.reassigning import MOST_AT_ONCE
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from routing.models import Assignment
from routing.reassignment import reassign_many, undo_reassignment


class ReassignmentInput(serializers.Serializer[Any]):
    """The leads, and who gets them."""

    leads = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE)
    member = serializers.UUIDField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")

    def validate_leads(self, lead_ids: list[UUID]) -> list[UUID]:
        """Refuse them all where one is not known."""
        known = set(Lead.objects.filter(pk__in=lead_ids).values_list("pk", flat=True))
        unknown = [lead_id for lead_id in lead_ids if lead_id not in known]
        if unknown:
            raise serializers.ValidationError(f"There is no lead {unknown[0]}.")
        return lead_ids


class ReassignmentShape(serializers.Serializer[Any]):
    """How many leads moved; the others were the member's already, or have moved on where it was undone."""

    id = serializers.UUIDField()
    moved = serializers.IntegerField()


class Reassignments(ScopedView):
    """Giving many leads to one."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": (WRITE, "team.reassign")}

    @extend_schema(
        operation_id="reassignments_create",
        summary="Give leads to a member",
        request=ReassignmentInput,
        responses={HTTPStatus.CREATED: ReassignmentShape},
    )
    def post(self, request: Request) -> Response:
        """Give the leads to the member, who is told once and asked to accept each."""
        given = read_input(ReassignmentInput, request)
        moved = reassign_many(
            lead_ids=given["leads"],
            member=find_member(given["member"]),
            actor=self.viewer.member,
            now=utc_now(),
            note=given["note"],
        )
        told = {"id": moved.batch_id, "moved": moved.count}
        return Response(ReassignmentShape(told).data, status=HTTPStatus.CREATED)


class ReassignmentUndo(ScopedView):
    """The way back."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": (WRITE, "team.reassign")}

    @extend_schema(
        operation_id="reassignments_undo", summary="Give leads back", request=None, responses=ReassignmentShape
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Return the leads to whom they came from; one that moved on or was answered since stays."""
        if not Assignment.objects.filter(batch_id=pk).exists():
            raise Http404
        undone = undo_reassignment(batch_id=pk, actor=self.viewer.member, now=utc_now())
        return Response(ReassignmentShape({"id": pk, "moved": undone}).data)
