"""`leads/<id>/outcomes/` and their undo: attempts to reach the person."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import WRITE, ScopedView
from leadhub.api.inputs import OutcomeInput, read_input
from leadhub.api.reading import get_lead, lock_lead
from leadhub.api.shapes import LeadShape
from leadhub.leads.models import Event, Outcome
from leadhub.leads.outcomes import log_outcome, undo_outcome
from leadhub.lib.clock import utc_now


class LoggedShape(LeadShape):
    """The lead as it is afterwards, the event that was written, and the next task where one was asked for."""

    event_id = serializers.UUIDField()
    task_id = serializers.UUIDField(allow_null=True)

    class Meta(LeadShape.Meta):
        fields = [*LeadShape.Meta.fields, "event_id", "task_id"]


class LeadOutcomes(ScopedView):
    """What came of attempts."""

    needs = {"POST": (WRITE, "leads.work")}

    @extend_schema(
        operation_id="leads_outcomes_create", summary="Log an outcome", request=OutcomeInput, responses=LoggedShape
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Log a call, voicemail, mail, meeting or note as the key's member, and plan the next task."""
        locked, now = lock_lead(lead_id=pk), utc_now()
        self.require_own(locked)
        values = read_input(OutcomeInput, request)
        outcome = Outcome(values.pop("outcome"))
        logged = log_outcome(lead=locked, outcome=outcome, actor=self.viewer.member, now=now, **values)
        lead: Any = get_lead(lead_id=pk, now=now)
        lead.event_id, lead.task_id = logged.event.pk, logged.task.pk if logged.task else None
        return Response(LoggedShape(lead).data)


class OutcomeUndo(ScopedView):
    """The way back."""

    needs = {"POST": (WRITE, "leads.work")}

    @extend_schema(operation_id="leads_outcomes_undo", summary="Undo an outcome", request=None, responses=LeadShape)
    def post(self, request: Request, pk: UUID, event: UUID) -> Response:
        """Take back what the member logged: it never counted, its task goes, those it completed are open again."""
        lead = lock_lead(lead_id=pk)
        self.require_own(lead)
        found = Event.objects.select_related("person", "lead", "actor").get(pk=event, lead=lead)
        undo_outcome(event=found, actor=self.viewer.member, now=utc_now())
        return Response(LeadShape(get_lead(lead_id=pk, now=utc_now())).data)
