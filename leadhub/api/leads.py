"""`/api/v1/leads/`: list, create through the line, read, patch."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from capture.callers import describe_request
from capture.imports.filters import ListedLeadFilter
from capture.payloads import PayloadMalformed, read_values
from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.inputs import LeadInput, LeadPatch, read_input
from leadhub.api.pagination import LeadCursor
from leadhub.api.reading import get_lead, list_leads, lock_lead
from leadhub.api.shapes import LeadShape
from leadhub.leads.details import DETAILS, change_details, hold_addresses
from leadhub.leads.models import Door, Lead, ValueSource
from leadhub.leads.qualification import qualify_lead
from leadhub.leads.values import set_quote_value
from leadhub.lib.clock import utc_now
from leadhub.line.entry import enter_lead
from routing.acceptance import with_first_answer

QUALIFICATION = ("budget", "authority", "need", "timeline")


class LeadList(ScopedView, GenericAPIView[Lead]):
    """The organization's leads."""

    needs = {"GET": (READ, "leads.view"), "POST": (WRITE, "leads.create")}
    serializer_class = LeadShape
    pagination_class = LeadCursor
    filterset_class = ListedLeadFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Return leads with their score as of now."""
        return with_first_answer(list_leads(now=utc_now()))

    @extend_schema(operation_id="leads_list", summary="List leads, newest first", responses=LeadShape(many=True))
    def get(self, request: Request) -> Response:
        """List leads; filter by the query string, page by cursor."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(LeadShape(page, many=True).data)

    @extend_schema(
        operation_id="leads_create",
        summary="Create a lead",
        request=LeadInput,
        responses={HTTPStatus.CREATED: LeadShape},
    )
    def post(self, request: Request) -> Response:
        """Create or join a lead through the same line as every door, and answer with what became of it."""
        read_input(LeadInput, request)
        now = utc_now()
        walk = enter_lead(
            door=Door.API,
            values=read_fields(request),
            body=request._request.body,
            content_type=request.content_type or "",
            request=describe_request(request._request),
            now=now,
        )
        lead = get_lead(lead_id=walk.lead.pk if walk.lead else UUID(int=0), now=now)
        return Response(LeadShape(lead).data, status=HTTPStatus.CREATED)


class LeadDetail(ScopedView):
    """One lead."""

    needs = {"GET": (READ, "leads.view"), "PATCH": (WRITE, "leads.view")}

    @extend_schema(operation_id="leads_retrieve", summary="Read a lead", responses=LeadShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one lead."""
        return Response(LeadShape(get_lead(lead_id=pk, now=utc_now())).data)

    @extend_schema(operation_id="leads_patch", summary="Change a lead", request=LeadPatch, responses=LeadShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the person's details, the value, or the qualification."""
        values = read_input(LeadPatch, request)
        hold_addresses(values)
        lead, now, actor = lock_lead(lead_id=pk), utc_now(), self.viewer.member
        self.require_allowed(lead, values)
        if "quote_value" in values:
            amount = values.pop("quote_value")
            set_quote_value(lead=lead, amount=amount, source=ValueSource.API, actor=actor, now=now)
        answers = {name: values.pop(name, getattr(lead, name)) for name in QUALIFICATION}
        if any(answers[name] != getattr(lead, name) for name in QUALIFICATION):
            qualify_lead(lead=lead, **answers, actor=actor, now=now)
        if values:
            change_details(lead=lead, changes=values, actor=actor, now=now)
        return Response(LeadShape(get_lead(lead_id=pk, now=now)).data)

    def require_allowed(self, lead: Lead, values: dict[str, Any]) -> None:
        """Let marketing set the value and correct the person of any lead, as on its page; the rest is for its owner."""
        if not (self.viewer.may("leads.judge") and set(values) <= {"quote_value", *DETAILS}):
            self.require("leads.work")
            self.require_own(lead)


def read_fields(request: Request) -> dict[str, Any]:
    """Return every field of the call as a door would store it; too many are a problem."""
    fields: Any = request.data
    try:
        return read_values(dict(fields.items()))
    except PayloadMalformed as error:
        raise exceptions.ParseError(str(error)) from error
