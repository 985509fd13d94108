"""`opportunities/` and `leads/<id>/opportunities/`: deals listed, opened, changed, won and lost."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.inputs import OpportunityInput, OpportunityPatch, read_input
from leadhub.api.pagination import DealCursor
from leadhub.api.reading import get_lead, lock_lead
from leadhub.api.shapes import OpportunityShape
from leadhub.leads.filters import list_owners
from leadhub.leads.models import Opportunity, OpportunityStage
from leadhub.leads.opportunities import change_opportunity, lose_opportunity, open_opportunity, win_opportunity
from leadhub.lib.clock import utc_now


class DealFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows deals: by stage and owner, by when they were opened or closed."""

    stage = django_filters.MultipleChoiceFilter(choices=OpportunityStage.choices)
    owner = django_filters.ModelChoiceFilter(queryset=list_owners)
    opened_since = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte")
    closed_since = django_filters.IsoDateTimeFilter(field_name="closed_at", lookup_expr="gte")

    class Meta:
        model = Opportunity
        fields: list[str] = []


class Opportunities(ScopedView, GenericAPIView[Opportunity]):
    """The organization's deals."""

    needs = {"GET": (READ, "leads.view")}
    serializer_class = OpportunityShape
    pagination_class = DealCursor
    filterset_class = DealFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Return deals with their owners and leads."""
        return Opportunity.objects.select_related("owner").prefetch_related("opportunity_leads")

    @extend_schema(operation_id="opportunities_list", summary="List deals", responses=OpportunityShape(many=True))
    def get(self, request: Request) -> Response:
        """List deals, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(OpportunityShape(page, many=True).data)


class LeadOpportunities(ScopedView):
    """The lead's deals."""

    needs = {"GET": (READ, "leads.view"), "POST": (WRITE, "leads.work")}

    @extend_schema(operation_id="leads_opportunities_list", summary="List deals", responses=OpportunityShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List deals, newest first."""
        lead = get_lead(lead_id=pk, now=utc_now())
        deals = Opportunity.objects.filter(opportunity_leads__lead=lead).select_related("owner").order_by("-opened_at")
        return Response(OpportunityShape(deals, many=True).data)

    @extend_schema(
        operation_id="leads_opportunities_create",
        summary="Convert a lead",
        request=OpportunityInput,
        responses={HTTPStatus.CREATED: OpportunityShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Open a deal; the lead becomes an opportunity."""
        lead = lock_lead(lead_id=pk)
        self.require_own(lead)
        given = read_input(OpportunityInput, request)
        deal = open_opportunity(lead=lead, actor=self.viewer.member, now=utc_now(), **given)
        return Response(OpportunityShape(deal).data, status=HTTPStatus.CREATED)


class OpportunityDetail(ScopedView):
    """One deal."""

    needs = {"GET": (READ, "leads.view"), "PATCH": (WRITE, "leads.work")}

    @extend_schema(operation_id="opportunities_retrieve", summary="Read a deal", responses=OpportunityShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one deal."""
        return Response(OpportunityShape(Opportunity.objects.select_related("owner").get(pk=pk)).data)

    @extend_schema(
        operation_id="opportunities_patch",
        summary="Change, win or lose",
        request=OpportunityPatch,
        responses=OpportunityShape,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change a deal; stage `won` or `lost` closes it."""
        deal = Opportunity.objects.select_related("owner").get(pk=pk)
        for hang in deal.opportunity_leads.select_related("lead"):
            self.require_own(hang.lead)
        values = read_input(OpportunityPatch, request)
        reason, stage = values.pop("reason"), values.get("stage")
        actor, now = self.viewer.member, utc_now()
        if stage == OpportunityStage.WON:
            win_opportunity(opportunity=deal, actor=actor, now=now, reason=reason, amount=values.get("amount"))
        elif stage == OpportunityStage.LOST:
            lose_opportunity(opportunity=deal, reason=reason, actor=actor, now=now)
        else:
            change_opportunity(opportunity=deal, actor=actor, now=now, **values)
        return Response(OpportunityShape(Opportunity.objects.select_related("owner").get(pk=pk)).data)
