"""`leads/<id>/snooze/`: a lead put off until a day, and woken before it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import WRITE, ScopedView
from leadhub.api.inputs import Moment, read_input
from leadhub.api.reading import get_lead, lock_lead
from leadhub.api.shapes import LeadShape
from leadhub.leads.disposition import WakeDateNeeded, snooze_lead
from leadhub.lib.clock import utc_now
from leadhub.line.waking import wake_now


class SnoozeInput(serializers.Serializer[Any]):
    """Until when, and why."""

    until = Moment()
    note = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class LeadSnooze(ScopedView):
    """Whether the lead is put off."""

    needs = {"PUT": (WRITE, "leads.work"), "DELETE": (WRITE, "leads.work")}

    @extend_schema(operation_id="leads_snooze_put", summary="Put off", request=SnoozeInput, responses=LeadShape)
    def put(self, request: Request, pk: UUID) -> Response:
        """Put an open lead off; its owner keeps it. Until a hot or overdue inquiry is answered it stays next."""
        lead, now = lock_lead(lead_id=pk), utc_now()
        self.require_own(lead)
        given = read_input(SnoozeInput, request)
        try:
            snooze_lead(lead=lead, actor=self.viewer.member, now=now, **given)
        except WakeDateNeeded as error:
            raise WakeDateNeeded(field="until") from error
        return Response(LeadShape(get_lead(lead_id=pk, now=now)).data)

    @extend_schema(operation_id="leads_snooze_delete", summary="Wake", request=None, responses=LeadShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Bring a lead that was put off, or parked for its timing, back before its day."""
        lead, now = lock_lead(lead_id=pk), utc_now()
        self.require_own(lead)
        wake_now(lead=lead, actor=self.viewer.member, now=now)
        return Response(LeadShape(get_lead(lead_id=pk, now=now)).data)
