"""`reports/metrics/`: the five metrics and what is unusual, exactly as the home page shows them."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.reports import ReportView
from leadhub.desk.metrics import Reading, read_metrics
from leadhub.lib.clock import utc_now
from reporting.anomalies import Anomaly
from reporting.metrics import MetricNumber


class MetricShape(serializers.Serializer[MetricNumber]):
    """One metric: a share of 1, seconds, days or money, as its name says; `trend` are the last twelve weeks."""

    metric = serializers.CharField()
    basis = serializers.CharField()
    meaning = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    before = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    is_met = serializers.BooleanField(allow_null=True)
    trend = serializers.ListField(child=serializers.FloatField())


class AnomalyShape(serializers.Serializer[Anomaly]):
    """A channel or source with an unusual number in the last seven full days: `value` beside `usual`, as `kind` says.

    `leads` in number, `cost_per_qualified_lead` (null where none qualified), `qualified_rate` as a share of 1.
    """

    kind = serializers.CharField()
    channel = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    words = serializers.CharField()
    leads = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    usual = serializers.FloatField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()


class MetricsShape(serializers.Serializer[Reading]):
    """The last thirty days, today included."""

    first_on = serializers.DateField(source="period.first_on")
    last_on = serializers.DateField(source="period.last_on")
    currency = serializers.CharField(source="report.currency")
    metrics = MetricShape(many=True, source="numbers")
    anomalies = AnomalyShape(many=True)


class Metrics(ReportView):
    """The five metrics with targets."""

    @extend_schema(operation_id="reports_metrics", summary="The five metrics", responses=MetricsShape)
    def get(self, request: Request) -> Response:
        """Report the metrics of the last thirty days and what is unusual."""
        reading = read_metrics(organization=self.viewer.organization, now=utc_now())
        return Response(MetricsShape(reading).data)
