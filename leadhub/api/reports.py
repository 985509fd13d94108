"""`reports/source-value/`: the figures of the report page, and what every report reads of its query."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.lib.clock import utc_now
from reporting.periods import Period, parse_period
from reporting.source_value import DIMENSIONS, Numbers, report_source_value

NEEDS = {"GET": ("reports:read", "reports.view")}
PERIOD = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="First day, in the organization's zone."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, included; default today."),
    OpenApiParameter("days", OpenApiTypes.INT, description="Instead of `from`: the last N days; default 30."),
]


class NumbersShape(serializers.Serializer[Numbers]):
    """The figures of one row; rates are shares of 1, money is in the report's currency."""

    leads = serializers.IntegerField()
    qualified = serializers.IntegerField()
    qualified_rate = serializers.FloatField(allow_null=True)
    quote_value = serializers.DecimalField(max_digits=20, decimal_places=2)
    pipeline_value = serializers.DecimalField(max_digits=20, decimal_places=2)
    sales_value = serializers.DecimalField(max_digits=20, decimal_places=2)
    foreign_currency = serializers.IntegerField()


class RowShape(NumbersShape):
    """One value of the dimension; empty is what is not known."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class SourceValueShape(serializers.Serializer[Any]):
    """The whole report, by cohort."""

    basis = serializers.CharField()
    dimension = serializers.CharField()
    currency = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    rows = RowShape(many=True)
    total = NumbersShape()


class ReportView(ScopedView):
    """Base: reads the period."""

    needs = NEEDS

    def read_period(self, request: Request) -> Period:
        """Return the period of the query string; a bad one is a problem at its field."""
        query = request.query_params
        return parse_period(
            first=query.get("from", ""),
            last=query.get("to", ""),
            days=query.get("days", ""),
            now=utc_now(),
            zone_name=self.viewer.organization.time_zone,
        )


class SourceValue(ReportView):
    """Which marketing makes qualified, valuable leads."""

    @extend_schema(
        operation_id="reports_source_value",
        summary="Source and value",
        parameters=[*PERIOD, OpenApiParameter("by", enum=list(DIMENSIONS)), *map(OpenApiParameter, DIMENSIONS)],
        responses=SourceValueShape,
    )
    def get(self, request: Request) -> Response:
        """Report by a dimension, within chosen values of others."""
        by = request.query_params.get("by", "channel")
        if by not in DIMENSIONS:
            raise serializers.ValidationError({"by": f"Choose one of {', '.join(DIMENSIONS)}."})
        within = {name: request.query_params[name] for name in DIMENSIONS if name in request.query_params}
        report = report_source_value(
            period=self.read_period(request),
            currency=self.viewer.organization.currency,
            dimension=by,
            within=within,
        )
        rows = [{"value": row.value, "label": row.label, **read_numbers(row.numbers)} for row in report.rows]
        body = {
            "basis": "cohort",
            "dimension": by,
            "currency": report.currency,
            "first_on": report.period.first_on,
            "last_on": report.period.last_on,
            "rows": rows,
            "total": read_numbers(report.total),
        }
        return Response(SourceValueShape(body).data)


def read_numbers(numbers: Numbers) -> dict[str, Any]:
    """Return the figures and the rate."""
    return {**asdict(numbers), "qualified_rate": numbers.qualified_rate}
