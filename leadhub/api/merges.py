"""`people/<id>/merges/` and `merges/<id>/undo/`: two records of one human, joined and parted again."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import WRITE, ScopedView
from leadhub.api.inputs import read_input
from leadhub.leads.merge import merge_people, part_people
from leadhub.leads.models import Person, PersonMerge
from leadhub.lib.clock import utc_now


class MergeInput(serializers.Serializer[Any]):
    """The person to join to the one that the URL names."""

    absorbed = serializers.UUIDField()


class MergeShape(serializers.ModelSerializer[PersonMerge]):
    """A merge: who stayed, who was joined, and since when; `parted_at` once it was undone."""

    class Meta:
        model = PersonMerge
        fields = ["id", "kept", "absorbed", "merged_at", "parted_at"]


class PersonMerges(ScopedView):
    """Who was joined to a person."""

    needs = {"POST": (WRITE, "people.merge")}

    @extend_schema(
        operation_id="people_merges_create",
        summary="Join two people",
        request=MergeInput,
        responses={HTTPStatus.CREATED: MergeShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Give everything of `absorbed` to the person; two open leads forbid it."""
        kept = Person.objects.get(pk=pk)
        given = read_input(MergeInput, request)
        absorbed = Person.objects.filter(pk=given["absorbed"]).first()
        if absorbed is None:
            raise serializers.ValidationError({"absorbed": "There is no such person."})
        merge = merge_people(kept=kept, absorbed=absorbed, actor=self.viewer.member, now=utc_now())
        return Response(MergeShape(merge).data, status=HTTPStatus.CREATED)


class MergeUndo(ScopedView):
    """The way back."""

    needs = {"POST": (WRITE, "people.merge")}

    @extend_schema(operation_id="merges_undo", summary="Part two people", request=None, responses=MergeShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take back what the merge moved; what came since stays."""
        merge = PersonMerge.objects.select_related("kept", "absorbed").get(pk=pk)
        return Response(MergeShape(part_people(merge=merge, actor=self.viewer.member, now=utc_now())).data)
