"""`submissions/`: what arrived at the doors and what became of it; the release of what is held in quarantine."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capture.ledger import release_submission
from capture.models import Submission
from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.inputs import Moment
from leadhub.api.pagination import ArrivalCursor, PagedView
from leadhub.leads.models import Door
from leadhub.lib.clock import utc_now


class SubmissionShape(serializers.ModelSerializer[Submission]):
    """What became of an arrival."""

    class Meta:
        model = Submission
        fields = ["id", "door", "status", "reasons", "received_at", "settled_at", "person_id", "inquiry_id", "lead_id"]


class ArrivalShape(SubmissionShape):
    """The same, with the form it came through and what was read of it."""

    form_id = serializers.UUIDField(allow_null=True)
    values = serializers.DictField()

    class Meta(SubmissionShape.Meta):
        fields = [*SubmissionShape.Meta.fields, "form_id", "values"]


class ArrivalQuery(serializers.Serializer[Any]):
    """What narrows the ledger: a door, what became of it, and from when on it arrived."""

    door = serializers.ChoiceField(choices=Door.choices, required=False)
    status = serializers.ChoiceField(choices=Submission.Status.choices, required=False)
    since = Moment(required=False)


class Submissions(PagedView):
    """The intake ledger."""

    pagination_class = ArrivalCursor
    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": (READ, "intake.view")}

    @extend_schema(
        operation_id="submissions_list",
        summary="List arrivals",
        parameters=[ArrivalQuery],
        responses=ArrivalShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List what arrived, newest first, with what was read of it; `status=quarantined` is what is held."""
        asked = ArrivalQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        narrowed = dict(asked.validated_data)
        since = narrowed.pop("since", None)
        found = Submission.objects.defer("body").filter(**narrowed)
        return self.answer_page(found.filter(received_at__gte=since) if since else found, ArrivalShape)


class SubmissionDetail(ScopedView):
    """One arrival."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": (READ, "leads.view")}

    @extend_schema(operation_id="submissions_retrieve", summary="What became of an arrival", responses=SubmissionShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read the status and, once settled, the person, inquiry and lead."""
        return Response(SubmissionShape(Submission.objects.defer("body").get(pk=pk)).data)


class SubmissionRelease(ScopedView):
    """The release of an arrival that is held."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": (WRITE, "intake.release")}

    @extend_schema(
        operation_id="submissions_release",
        summary="Release from quarantine",
        request=None,
        responses={HTTPStatus.ACCEPTED: SubmissionShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Let it go along the line after all; a moment later it has its lead."""
        released = release_submission(submission_id=pk, actor=self.viewer.member, now=utc_now())
        return Response(SubmissionShape(released).data, status=HTTPStatus.ACCEPTED)
