"""`sequences/<id>/enrollments/`, `enrollments/<id>/`: who is in a sequence, put in, taken out; the suppression list."""

from dataclasses import asdict
from http import HTTPStatus
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.choices import read_choice
from leadhub.api.inputs import read_input
from leadhub.api.nurture_shapes import (
    EnrollmentInput,
    EnrollmentShape,
    EnrollmentTallyShape,
    MoveShape,
    ReasonInput,
    SuppressedShape,
    SuppressionInput,
    SuppressionShape,
)
from leadhub.api.pagination import EnrollmentCursor, PagedView, PersonCursor
from leadhub.leads.models import Lead, Suppression
from leadhub.leads.suppressions import lift_suppression, list_suppressions, suppress_addresses
from leadhub.lib.clock import utc_now
from nurture.enrolling import enroll_leads
from nurture.enrollments import list_enrollments, read_path
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, Sequence

SEARCH = OpenApiParameter("q", description="A part of what the row shows.")


class SequenceEnrollments(PagedView):
    """Who is in a programme."""

    pagination_class = EnrollmentCursor
    needs = {"GET": (READ, "nurture.view"), "POST": (WRITE, "nurture.enroll")}

    @extend_schema(
        operation_id="sequences_enrollments_list",
        summary="List enrollments",
        parameters=[OpenApiParameter("state", enum=Enrollment.State.values), SEARCH],
        responses=EnrollmentShape(many=True),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """List enrollments, the latest first; `state` narrows them, and `q`, a part of a name or an address."""
        sequence, search = Sequence.objects.get(pk=pk), request.query_params.get("q", "")
        state = read_choice(request, "state", ["", *Enrollment.State.values])
        return self.answer_page(list_enrollments(sequence=sequence, state=state, search=search), EnrollmentShape)

    @extend_schema(
        operation_id="sequences_enrollments_create",
        summary="Enroll leads",
        request=EnrollmentInput,
        responses={HTTPStatus.CREATED: EnrollmentTallyShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Put leads in; who cannot enter is counted by reason."""
        sequence = Sequence.objects.get(pk=pk)
        lead_ids = read_input(EnrollmentInput, request)["leads"]
        for lead in Lead.objects.filter(pk__in=lead_ids):
            self.require_own(lead)
        tally = enroll_leads(sequence=sequence, lead_ids=lead_ids, actor=self.viewer.member, now=utc_now())
        return Response(EnrollmentTallyShape(asdict(tally)).data, status=HTTPStatus.CREATED)


class EnrollmentDetail(ScopedView):
    """One lead in one programme."""

    needs = {"GET": (READ, "nurture.view"), "DELETE": (WRITE, "nurture.enroll")}

    @extend_schema(operation_id="enrollments_retrieve", summary="Read an enrollment", responses=EnrollmentShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read where it is and why, with its whole `path`."""
        enrollment = Enrollment.objects.get(pk=pk)
        path = MoveShape(read_path(enrollment=enrollment), many=True).data
        return Response({**EnrollmentShape(enrollment).data, "path": path})

    @extend_schema(
        operation_id="enrollments_delete", summary="Take a lead out", request=ReasonInput, responses=EnrollmentShape
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Stop the enrollment, with a `reason` in the body if you like; what it did stays on its path."""
        enrollment = Enrollment.objects.select_related("sequence", "lead__person", "step").get(pk=pk)
        self.require_own(enrollment.lead)
        reason = read_input(ReasonInput, request)["reason"]
        stop_enrollment(enrollment=enrollment, actor=self.viewer.member, now=utc_now(), reason=reason)
        return Response(EnrollmentShape(Enrollment.objects.get(pk=pk)).data)


class Suppressions(PagedView):
    """The addresses that are never mailed."""

    pagination_class = PersonCursor
    needs = {"GET": (READ, "suppression.view"), "POST": (WRITE, "suppression.edit")}

    @extend_schema(
        operation_id="suppressions_list",
        summary="List addresses",
        parameters=[SEARCH],
        responses=SuppressionShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the addresses, the latest first; `q` finds a part of an address or a reason."""
        return self.answer_page(list_suppressions(search=request.query_params.get("q", "")), SuppressionShape)

    @extend_schema(
        operation_id="suppressions_create",
        summary="Add addresses",
        request=SuppressionInput,
        responses={HTTPStatus.CREATED: SuppressedShape},
    )
    def post(self, request: Request) -> Response:
        """Never mail these addresses again, audited."""
        values = read_input(SuppressionInput, request)
        added = suppress_addresses(
            text="\n".join(values["addresses"]),
            reason=values["reason"],
            covers_person=values["covers_person"],
            actor=self.viewer.member,
            now=utc_now(),
        )
        return Response(SuppressedShape(asdict(added)).data, status=HTTPStatus.CREATED)


class SuppressionDetail(ScopedView):
    """One address."""

    needs = {"DELETE": (WRITE, "suppression.edit")}

    @extend_schema(operation_id="suppressions_delete", summary="Lift", request=ReasonInput, responses=SuppressionShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take the address off the list, with a `reason` in the body, audited."""
        shown = SuppressionShape(Suppression.objects.get(pk=pk)).data
        reason = read_input(ReasonInput, request)["reason"]
        lift_suppression(suppression_id=pk, reason=reason, actor=self.viewer.member, now=utc_now())
        return Response(shown)
