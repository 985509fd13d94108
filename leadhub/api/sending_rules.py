"""`sending-rules/`: quiet hours, the cap over all sequences, the sender and the postal address, read and changed."""

from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.lib.clock import utc_now
from nurture.models import NurtureSettings
from nurture.settings import LONGEST_CAP_DAYS, MOST_A_DAY, MOST_CAPPED, SendingRules, read_settings, save_settings


class SendingRulesShape(serializers.Serializer[Any]):
    """The rules of sending; the same time twice: no quiet hours, `cap_mails` or `mails_a_day` 0: no limit."""

    quiet_from = serializers.TimeField(required=False)
    quiet_until = serializers.TimeField(required=False)
    is_weekend_quiet = serializers.BooleanField(required=False)
    cap_mails = serializers.IntegerField(required=False, min_value=0, max_value=MOST_CAPPED)
    cap_days = serializers.IntegerField(required=False, min_value=1, max_value=LONGEST_CAP_DAYS)
    mails_a_day = serializers.IntegerField(required=False, min_value=0, max_value=MOST_A_DAY)
    postal_address = serializers.CharField(required=False, allow_blank=True, max_length=300)
    from_name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    reply_to = serializers.EmailField(required=False, allow_blank=True, max_length=320)


class SendingRulesView(ScopedView):
    """What holds for every sequence."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {
        "GET": ("settings:read", "nurture.view"),
        "PATCH": ("settings:write", "nurture.edit"),
    }

    @extend_schema(
        operation_id="sending_rules_retrieve", summary="Read the rules of sending", responses=SendingRulesShape
    )
    def get(self, request: Request) -> Response:
        """Read the rules, or the usual ones where nobody set any."""
        return Response(SendingRulesShape(read_settings()).data)

    @extend_schema(
        operation_id="sending_rules_patch",
        summary="Change the rules of sending",
        request=SendingRulesShape,
        responses=SendingRulesShape,
    )
    def patch(self, request: Request) -> Response:
        """Change what is given; what waits is sent by the new rules."""
        given = read_input(SendingRulesShape, request, partial=True)
        NurtureSettings.objects.select_for_update(no_key=True).first()  # of two changes the second builds on the first
        rules = SendingRules(**{**asdict(read_settings()), **given})
        save_settings(rules=rules, actor=self.viewer.member, now=utc_now())
        return Response(SendingRulesShape(rules).data)
