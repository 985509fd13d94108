"""`reports/funnel/`: exactly what its page shows."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.reports import PERIOD, ReportView
from leadhub.leads.models import Channel
from leadhub.lib.clock import utc_now
from reporting.funnel import FunnelReport, FunnelStep, report_funnel
from reporting.slices import Basis, parse_basis, parse_slice

BASIS = OpenApiParameter("basis", enum=list(Basis.values), description="By day of arrival (default) or of the step.")
SLICE = [
    OpenApiParameter("channel", enum=list(Channel.values)),
    OpenApiParameter("owner", OpenApiTypes.UUID, description="The member who owns the lead now."),
    OpenApiParameter("service"),
]


class StepShape(serializers.Serializer[FunnelStep]):
    """A stage and what became of those that came no further (by cohort only); rates are shares of 1."""

    stage = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    reached = serializers.IntegerField()
    reached_before = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    rate_from_top = serializers.FloatField(allow_null=True)
    median_seconds = serializers.FloatField(allow_null=True)
    open = serializers.IntegerField(allow_null=True)
    won = serializers.IntegerField(allow_null=True)
    recycled = serializers.IntegerField(allow_null=True)
    disqualified = serializers.IntegerField(allow_null=True)


class FunnelShape(serializers.Serializer[FunnelReport]):
    """The funnel; `compared_on` is the day up to which the period before was followed, at equal age."""

    basis = serializers.CharField()
    first_on = serializers.DateField(source="period.first_on")
    last_on = serializers.DateField(source="period.last_on")
    compared_on = serializers.DateField(allow_null=True)
    steps = StepShape(many=True)
    recycled = serializers.IntegerField()
    disqualified = serializers.IntegerField()
    median_seconds = serializers.FloatField(allow_null=True)


class Funnel(ReportView):
    """How far leads come."""

    @extend_schema(
        operation_id="reports_funnel", summary="Funnel", parameters=[*PERIOD, BASIS, *SLICE], responses=FunnelShape
    )
    def get(self, request: Request) -> Response:
        """Report the stages from captured to customer."""
        query: dict[str, Any] = request.query_params.dict()
        report = report_funnel(
            period=self.read_period(request),
            now=utc_now(),
            basis=parse_basis(query.get("basis", "")),
            within=parse_slice(query),
        )
        return Response(FunnelShape(report).data)
