"""`reports/speed/`, `reports/cohorts/` and `reports/lost-reasons/`: exactly what their pages show."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.choices import read_choice
from leadhub.api.funnel_reports import BASIS, SLICE
from leadhub.api.reports import PERIOD, SUM, ReportView
from leadhub.leads.models import DispositionCode, Stage
from leadhub.lib.clock import utc_now
from reporting import cohorts, lost, speed
from reporting.slices import parse_basis, parse_slice


class SpeedNumbersShape(serializers.Serializer[speed.SpeedNumbers]):
    """The figures of one row; spans are seconds of wall-clock time, `kept_share` is a share of 1."""

    inquiries = serializers.IntegerField()
    attempted = serializers.IntegerField()
    contacted = serializers.IntegerField()
    kept = serializers.IntegerField()
    late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    waiting = serializers.IntegerField()
    late_now = serializers.IntegerField()
    kept_share = serializers.FloatField(allow_null=True)
    attempt_median = serializers.FloatField(allow_null=True)
    attempt_p90 = serializers.FloatField(allow_null=True)
    contact_median = serializers.FloatField(allow_null=True)
    contact_p90 = serializers.FloatField(allow_null=True)


class SpeedRowShape(serializers.Serializer[speed.SpeedRow]):
    """One value of the dimension."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    numbers = SpeedNumbersShape()


class SpeedShape(serializers.Serializer[speed.SpeedReport]):
    """Inquiries with a promise, by the day they arrived."""

    dimension = serializers.CharField()
    first_on = serializers.DateField(source="period.first_on")
    last_on = serializers.DateField(source="period.last_on")
    rows = SpeedRowShape(many=True)
    total = SpeedNumbersShape()


class CellShape(serializers.Serializer[cohorts.Cell]):
    """How many had reached the stage by an age; null where the cohort is not that old."""

    age_days = serializers.IntegerField()
    reached = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(allow_null=True)


class CohortShape(serializers.Serializer[cohorts.Cohort]):
    """The leads of a week or month."""

    first_on = serializers.DateField()
    last_on = serializers.DateField()
    leads = serializers.IntegerField()
    reached = serializers.IntegerField()
    share = serializers.FloatField()
    cells = CellShape(many=True)


class CohortsShape(serializers.Serializer[cohorts.CohortReport]):
    """The cohorts of the period, the latest first."""

    stage = serializers.CharField()
    unit = serializers.CharField()
    first_on = serializers.DateField(source="period.first_on")
    last_on = serializers.DateField(source="period.last_on")
    leads = serializers.IntegerField()
    reached = serializers.IntegerField()
    cohorts = CohortShape(many=True)


class LostRowShape(serializers.Serializer[lost.LostRow]):
    """One value of the dimension; `worth` is in the report's currency."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    worth = serializers.DecimalField(**SUM)
    foreign_currency = serializers.IntegerField()


class LostShape(serializers.Serializer[lost.LostReport]):
    """Lost leads and lost deals."""

    basis = serializers.CharField()
    dimension = serializers.CharField()
    reason = serializers.CharField()
    currency = serializers.CharField()
    first_on = serializers.DateField(source="period.first_on")
    last_on = serializers.DateField(source="period.last_on")
    leads = LostRowShape(many=True)
    lead_total = LostRowShape()
    deals = LostRowShape(many=True)
    deal_total = LostRowShape()


class Speed(ReportView):
    """How fast inquiries are answered."""

    @extend_schema(
        operation_id="reports_speed",
        summary="Speed to lead",
        parameters=[*PERIOD, OpenApiParameter("by", enum=list(speed.DIMENSIONS)), *SLICE],
        responses=SpeedShape,
    )
    def get(self, request: Request) -> Response:
        """Report by rep or another dimension; who may not see the team sees the own row alone."""
        by = read_choice(request, "by", list(speed.DIMENSIONS))
        sees_team = self.viewer.may("team.view")
        within = parse_slice({**request.query_params.dict(), **({} if sees_team else {"owner": ""})})
        only = self.viewer.member.pk if by == "owner" and not sees_team else None
        report = speed.report_speed(
            period=self.read_period(request), now=utc_now(), dimension=by, within=within, only=only
        )
        return Response(SpeedShape(report).data)


class Cohorts(ReportView):
    """What share of each cohort got how far."""

    @extend_schema(
        operation_id="reports_cohorts",
        summary="Cohorts",
        parameters=[
            *PERIOD,
            OpenApiParameter("stage", enum=[stage.value for stage in cohorts.STAGES]),
            OpenApiParameter("unit", enum=list(cohorts.UNITS)),
            *SLICE,
        ],
        responses=CohortsShape,
    )
    def get(self, request: Request) -> Response:
        """Report the cohorts by age."""
        report = cohorts.report_cohorts(
            period=self.read_period(request),
            now=utc_now(),
            stage=Stage(read_choice(request, "stage", [stage.value for stage in cohorts.STAGES])),
            unit=read_choice(request, "unit", list(cohorts.UNITS)),
            within=parse_slice(request.query_params.dict()),
        )
        return Response(CohortsShape(report).data)


class LostReasons(ReportView):
    """Why leads and deals were lost."""

    @extend_schema(
        operation_id="reports_lost_reasons",
        summary="Lost reasons",
        parameters=[
            *PERIOD,
            BASIS,
            OpenApiParameter("by", enum=list(lost.DIMENSIONS)),
            OpenApiParameter("reason", enum=list(DispositionCode.values), description="Parted by what was noted."),
            *SLICE,
        ],
        responses=LostShape,
    )
    def get(self, request: Request) -> Response:
        """Report lost leads and lost deals by reason, channel or owner."""
        query: dict[str, Any] = request.query_params.dict()
        report = lost.report_lost(
            period=self.read_period(request),
            currency=self.viewer.organization.currency,
            basis=parse_basis(query.get("basis", "")),
            dimension=query.get("by") or "reason",
            reason=query.get("reason", ""),
            within=parse_slice(query),
        )
        return Response(LostShape(report).data)
