"""`spend/`: what marketing cost, listed, entered, changed and deleted."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.pagination import PagedView, SpendCursor
from leadhub.leads.models import Channel
from leadhub.lib.clock import utc_now
from reporting.cost import LEVELS
from reporting.models import Spend
from reporting.spend import COLUMNS, SpendLine, change_spend, delete_spend, enter_spend
from reporting.spend_list import read_spend_question

READ, WRITE = ("reports:read", "spend.edit"), ("reports:write", "spend.edit")


class SpendShape(serializers.ModelSerializer[Spend]):
    """An amount; an empty source or campaign says that it was entered above it."""

    class Meta:
        model = Spend
        fields = ["id", "channel", "source", "campaign", "first_on", "last_on", "amount", "currency", "updated_at"]


class SpendInput(serializers.Serializer[Any]):
    """What was spent, on what, on which days; without a last day on one day."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    source = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")  # type: ignore[assignment]
    campaign = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    first_on = serializers.DateField()
    last_on = serializers.DateField(required=False)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0))
    currency = serializers.CharField(required=False, min_length=3, max_length=3)


class SpendList(PagedView):
    """The organization's spend."""

    pagination_class = SpendCursor
    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="spend_list",
        summary="List spend",
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE),
            OpenApiParameter("to", OpenApiTypes.DATE),
            *map(OpenApiParameter, LEVELS),
        ],
        responses=SpendShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List spend whose days touch the period, latest days first."""
        zone_name = self.viewer.organization.time_zone
        question = read_spend_question(request.query_params.dict(), now=utc_now(), zone_name=zone_name)
        return self.answer_page(question.list_spend(), SpendShape)

    @extend_schema(
        operation_id="spend_create",
        summary="Enter spend",
        request=SpendInput,
        responses={HTTPStatus.CREATED: SpendShape},
    )
    def post(self, request: Request) -> Response:
        """Enter spend; the same level and days again are refused."""
        given = read_input(SpendInput, request)
        values = {"currency": self.viewer.organization.currency, **given}
        values = {"last_on": values["first_on"], **values, "channel": Channel(values["channel"])}
        spend = enter_spend(line=SpendLine(**values), actor=self.viewer.member, now=utc_now())
        return Response(SpendShape(spend).data, status=HTTPStatus.CREATED)


class SpendDetail(ScopedView):
    """One amount."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="spend_retrieve", summary="Read spend", responses=SpendShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one amount."""
        return Response(SpendShape(Spend.objects.get(pk=pk)).data)

    @extend_schema(operation_id="spend_patch", summary="Change spend", request=SpendInput, responses=SpendShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given; it may not become the same as other spend."""
        spend: Spend = Spend.objects.select_for_update(no_key=True).get(pk=pk)
        given = read_input(SpendInput, request, partial=True)
        values = {**{name: getattr(spend, name) for name in COLUMNS}, **given}
        line = SpendLine(**{**values, "channel": Channel(values["channel"])})
        return Response(SpendShape(change_spend(spend=spend, line=line, actor=self.viewer.member, now=utc_now())).data)

    @extend_schema(operation_id="spend_delete", summary="Delete spend", responses=SpendShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete it and answer with what it was."""
        spend = Spend.objects.get(pk=pk)
        told = SpendShape(spend).data
        delete_spend(spend=spend, actor=self.viewer.member, now=utc_now())
        return Response(told)
