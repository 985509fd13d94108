"""`reports/source-value/`: the figures of the report page, and what every report reads of its query."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.api.choices import read_choice
from leadhub.lib.clock import utc_now
from reporting.periods import Period, read_period
from reporting.source_value import DIMENSIONS, Numbers, SourceValueReport, report_source_value

NEEDS = {"GET": ("reports:read", "reports.view")}
SUM: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}
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
    still_open = serializers.IntegerField()
    quote_value = serializers.DecimalField(**SUM)
    pipeline_value = serializers.DecimalField(**SUM)
    sales_value = serializers.DecimalField(**SUM)
    foreign_currency = serializers.IntegerField(help_text="Leads with money in another currency, which is not summed.")
    cost = serializers.DecimalField(**SUM, allow_null=True, help_text="Null where no spend was entered.")
    cost_per_lead = serializers.DecimalField(**SUM, allow_null=True)
    cost_per_qualified_lead = serializers.DecimalField(**SUM, allow_null=True)
    roas = serializers.DecimalField(**SUM, allow_null=True, help_text="Sales value divided by cost.")
    foreign_spend = serializers.IntegerField(help_text="Amounts of spend in another currency, which are not summed.")


class RowShape(NumbersShape):
    """One value of the dimension; empty is what is not known.

    `is_split` is false for the row of spend that was entered above this level, which belongs to no value of it.
    """

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_split = serializers.BooleanField()
    before = NumbersShape(allow_null=True)


class SourceValueShape(serializers.Serializer[Any]):
    """The whole report, by cohort, compared with the days before as their leads stood at `former_as_of`: as old."""

    basis = serializers.CharField()
    dimension = serializers.CharField()
    currency = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    former_first_on = serializers.DateField()
    former_last_on = serializers.DateField()
    former_as_of = serializers.DateTimeField()
    rows = RowShape(many=True)
    total = NumbersShape()
    before = NumbersShape()


class ReportView(ScopedView):
    """Base: reads the period."""

    needs = NEEDS

    def read_period(self, request: Request) -> Period:
        """Return the period of the query string; a bad one is a problem at its field."""
        zone_name = self.viewer.organization.time_zone
        return read_period(request.query_params.dict(), now=utc_now(), zone_name=zone_name)


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
        by = read_choice(request, "by", list(DIMENSIONS))
        within = {name: request.query_params[name] for name in DIMENSIONS if name in request.query_params}
        report = report_source_value(
            period=self.read_period(request),
            currency=self.viewer.organization.currency,
            dimension=by,
            within=within,
            now=utc_now(),
        )
        return Response(SourceValueShape(read_report(report)).data)


def read_report(report: SourceValueReport) -> dict[str, Any]:
    """Return the report as the API tells it."""
    former = report.former
    return {
        "basis": "cohort",
        "dimension": report.dimension,
        "currency": report.currency,
        "first_on": report.period.first_on,
        "last_on": report.period.last_on,
        "former_first_on": former.first_on if former else None,
        "former_last_on": former.last_on if former else None,
        "former_as_of": report.as_of,
        "rows": [
            {
                "value": row.value,
                "label": row.label,
                "is_split": row.is_split,
                **read_numbers(row.numbers),
                "before": read_numbers(row.before) if row.before else None,
            }
            for row in report.rows
        ],
        "total": read_numbers(report.total),
        "before": read_numbers(report.before) if report.before else None,
    }


def read_numbers(numbers: Numbers) -> dict[str, Any]:
    """Return the figures and what follows from them."""
    names = ("qualified_rate", "cost_per_lead", "cost_per_qualified_lead", "roas")
    return {**asdict(numbers), **{name: getattr(numbers, name) for name in names}}
