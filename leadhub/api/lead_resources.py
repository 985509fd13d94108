"""What hangs on a lead: its events, inquiries, stage, verdict, assignment and disposition."""

from abc import abstractmethod
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.duty import list_active_members
from leadhub.accounts.models import Membership
from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.inputs import (
    AssignmentInput,
    DispositionInput,
    EventInput,
    StageInput,
    VerdictInput,
    read_input,
)
from leadhub.api.pagination import EventCursor, InquiryCursor, PagedView
from leadhub.api.reading import get_lead, lock_lead
from leadhub.api.shapes import AssignmentShape, EventShape, InquiryShape, LeadShape, StageChangeShape
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.lifecycle import move_lead
from leadhub.leads.models import DispositionCode, Event, Inquiry, Lead, Stage, StageChange, Verdict
from leadhub.leads.outcomes import InTheFuture
from leadhub.leads.outside_events import record_outside_event
from leadhub.leads.verdicts import set_verdict
from leadhub.lib.clock import utc_now
from routing.answers import accept, reject, reroute
from routing.models import Assignment
from routing.reassignment import reassign


class LeadResource(ScopedView):
    """Base: a lead's own resource; POST changes the lead and answers with it."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": (READ, "leads.view"), "POST": (WRITE, "leads.work")}
    input_class: type[serializers.Serializer[Any]]

    def post(self, request: Request, pk: UUID) -> Response:
        """Lock the lead, check, change it, answer with it."""
        lead = lock_lead(lead_id=pk)
        self.require_own(lead)
        self.change(lead, read_input(self.input_class, request))
        return Response(LeadShape(get_lead(lead_id=pk, now=utc_now())).data)

    @abstractmethod
    def change(self, lead: Lead, values: dict[str, Any]) -> None:
        """Make the one domain call."""


class LeadEvents(PagedView):
    """The lead's timeline."""

    pagination_class = EventCursor
    needs = {"GET": (READ, "leads.view"), "POST": (WRITE, "leads.create")}

    @extend_schema(operation_id="leads_events_list", summary="List what happened", responses=EventShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List events, newest first."""
        lead = get_lead(lead_id=pk, now=utc_now())
        return self.answer_page(Event.objects.filter(lead=lead).select_related("actor"), EventShape)

    @extend_schema(
        operation_id="leads_events_create",
        summary="Tell what happened",
        request=EventInput,
        responses={HTTPStatus.CREATED: EventShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Record an event; it walks the line and may score. The same `dedupe_key` again changes nothing."""
        lead, now = lock_lead(lead_id=pk), utc_now()
        self.require_own(lead)  # a call or a reply that is told stops the promise's clock
        values = {"occurred_at": now, **read_input(EventInput, request)}
        if values["occurred_at"] > now:
            raise InTheFuture
        event = record_outside_event(lead=lead, now=now, **values)
        return Response(EventShape(event).data, status=HTTPStatus.CREATED)


class LeadInquiries(PagedView):
    """The raised hands of the lead."""

    pagination_class = InquiryCursor
    needs = {"GET": (READ, "leads.view")}

    @extend_schema(operation_id="leads_inquiries_list", summary="List inquiries", responses=InquiryShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List inquiries, newest first."""
        lead = get_lead(lead_id=pk, now=utc_now())
        return self.answer_page(Inquiry.objects.filter(lead=lead), InquiryShape)


class LeadStage(LeadResource):
    """The lead's moves."""

    input_class = StageInput

    @extend_schema(operation_id="leads_stage_list", summary="List moves", responses=StageChangeShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the moves, oldest first."""
        lead = get_lead(lead_id=pk, now=utc_now())
        moves = StageChange.objects.filter(lead=lead).select_related("actor").order_by("at", "id")
        return Response(StageChangeShape(moves, many=True).data)

    @extend_schema(operation_id="leads_stage_create", summary="Move a lead", request=StageInput, responses=LeadShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Move the lead to a stage; missing fields are named, an override is audited."""
        return super().post(request, pk)

    def change(self, lead: Lead, values: dict[str, Any]) -> None:
        """Move it."""
        move_lead(
            lead=lead,
            to_stage=Stage(values["stage"]),
            now=utc_now(),
            actor=self.viewer.member,
            reason=values.get("reason", ""),
            override=values["override"],
        )


class LeadVerdict(LeadResource):
    """Marketing's judgement, or that of the rep who has the lead."""

    needs = {"POST": (WRITE, "leads.view")}
    input_class = VerdictInput

    @extend_schema(
        operation_id="leads_verdict_create", summary="Judge a lead", request=VerdictInput, responses=LeadShape
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Set the verdict, with why."""
        return super().post(request, pk)

    def require_own(self, lead: Lead) -> None:
        """Let marketing judge any lead, a rep their own."""
        if not self.viewer.may("leads.judge"):
            self.require("leads.work")
            super().require_own(lead)

    def change(self, lead: Lead, values: dict[str, Any]) -> None:
        """Set it."""
        verdict = Verdict(values["verdict"])
        set_verdict(lead=lead, verdict=verdict, actor=self.viewer.member, reason=values["reason"], now=utc_now())


class LeadAssignment(LeadResource):
    """Who owns the lead and why."""

    input_class = AssignmentInput

    @extend_schema(operation_id="leads_assignment_list", summary="List owners", responses=AssignmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List assignments with their receipts, newest first."""
        lead = get_lead(lead_id=pk, now=utc_now())
        assignments = Assignment.objects.filter(lead=lead).select_related("member").order_by("-assigned_at", "-id")
        return Response(AssignmentShape(assignments, many=True).data)

    @extend_schema(
        operation_id="leads_assignment_create",
        summary="Answer or reassign",
        request=AssignmentInput,
        responses=LeadShape,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept, reject with a reason, say "wrong rep", or give the lead to a colleague."""
        return super().post(request, pk)

    def change(self, lead: Lead, values: dict[str, Any]) -> None:
        """Make the answer's call."""
        actor, now, note = self.viewer.member, utc_now(), values["note"]
        if values["answer"] == "accept":
            accept(lead=lead, actor=actor, now=now)
        elif values["answer"] == "reject":
            reject(lead=lead, actor=actor, reason=values["reason"], now=now, note=note)
        elif values["answer"] == "reroute":
            reroute(lead=lead, actor=actor, now=now, note=note)
        else:
            self.require("team.reassign")
            reassign(lead=lead, member=find_member(values["member"]), actor=actor, now=now, note=note)


class LeadDisposition(LeadResource):
    """The reason that ends or parks the lead."""

    needs = {"POST": (WRITE, "leads.work")}
    input_class = DispositionInput

    @extend_schema(
        operation_id="leads_disposition_create", summary="End or park", request=DispositionInput, responses=LeadShape
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Dispose of the lead; the code decides what follows."""
        return super().post(request, pk)

    def change(self, lead: Lead, values: dict[str, Any]) -> None:
        """Dispose of it."""
        code = DispositionCode(values.pop("code"))
        dispose_lead(lead=lead, code=code, actor=self.viewer.member, now=utc_now(), **values)


def find_member(member_id: UUID) -> Membership:
    """Return an active colleague, or a problem at the field."""
    found: Membership | None = list_active_members().filter(pk=member_id).first()
    if found is None:
        raise serializers.ValidationError({"member": "There is no such member, or they have left."})
    return found
