"""`targets/`: what each number should reach from a month on, read and set."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.lib.clock import utc_now
from reporting.models import Metric
from reporting.periods import parse_month
from reporting.targets import TRAITS, get_targets, set_targets


@dataclass(frozen=True, kw_only=True)
class StandingTarget:
    """A metric and the target that stands for it; None where none does."""

    metric: Metric
    value: Decimal | None

    @property
    def unit(self) -> str:
        """Return what the value counts."""
        return TRAITS[self.metric].unit

    @property
    def is_per_month(self) -> bool:
        """Say whether it is a month's sum, which a report spreads over its days."""
        return TRAITS[self.metric].adds_up


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Every metric's target in a month."""

    month: date
    currency: str
    targets: list[StandingTarget]


class TargetShape(serializers.Serializer[StandingTarget]):
    """One metric's target; `unit` is count, money, share (of 1), seconds or days."""

    metric = serializers.CharField()
    unit = serializers.CharField()
    is_per_month = serializers.BooleanField()
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, normalize_output=True)


class TargetsShape(serializers.Serializer[Targets]):
    """The targets that stand in a month."""

    month = serializers.DateField(format="%Y-%m")
    currency = serializers.CharField()
    targets = TargetShape(many=True)


class TargetsInput(serializers.Serializer[Any]):
    """The metrics to set, from the month on; null ends a target, a metric not named keeps its own."""

    month = serializers.CharField(max_length=7)
    targets = serializers.DictField(
        child=serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True), allow_empty=False
    )

    def validate_targets(self, targets: dict[str, Any]) -> dict[Metric, Any]:
        """Refuse a metric that there is none of."""
        unknown = sorted(set(targets) - set(Metric.values))
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, f"Choose among {', '.join(Metric.values)}."))
        return {Metric(name): value for name, value in targets.items()}


class TargetList(ScopedView):
    """The organization's targets."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {
        "GET": ("reports:read", "reports.view"),
        "PATCH": ("reports:write", "targets.edit"),
    }

    @extend_schema(
        operation_id="targets_list",
        summary="Read targets",
        parameters=[OpenApiParameter("month", OpenApiTypes.STR, description="`2026-03`; this month where left out.")],
        responses=TargetsShape,
    )
    def get(self, request: Request) -> Response:
        """Read the targets that stand in the month."""
        today = utc_now().astimezone(ZoneInfo(self.viewer.organization.time_zone)).date()
        asked = request.query_params.get("month")
        return self._tell(parse_month(asked) if asked else today.replace(day=1))

    @extend_schema(
        operation_id="targets_set",
        summary="Set targets",
        request=TargetsInput,
        responses={HTTPStatus.OK: TargetsShape},
    )
    def patch(self, request: Request) -> Response:
        """Set the targets named, all or none, and answer with all that stand in the month then."""
        given = read_input(TargetsInput, request)
        month = parse_month(given["month"])
        set_targets(targets=given["targets"], month=month, actor=self.viewer.member, now=utc_now())
        return self._tell(month)

    def _tell(self, month: date) -> Response:
        standing = get_targets(month=month)
        targets = [StandingTarget(metric=metric, value=standing.get(metric)) for metric in TRAITS]
        told = Targets(month=month, currency=self.viewer.organization.currency, targets=targets)
        return Response(TargetsShape(told).data)
