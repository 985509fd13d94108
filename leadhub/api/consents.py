"""`leads/<id>/consents/`: what a person told a colleague that we may do, or no longer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import WRITE, ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.people import PersonRecord
from leadhub.api.reading import lock_lead
from leadhub.leads.consenting import LONGEST_WORDS, Said, Way, note_consent
from leadhub.leads.models import Person
from leadhub.lib.clock import utc_now


class ConsentInput(serializers.Serializer[Any]):
    """What they said."""

    purpose = serializers.CharField(max_length=60)
    answer = serializers.ChoiceField(choices=["given", "withdrawn"])
    way = serializers.ChoiceField(choices=Way.choices)
    words = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_WORDS, default="")


class LeadConsents(ScopedView):
    """What the lead's person agreed to."""

    needs = {"POST": (WRITE, "leads.view")}

    @extend_schema(
        operation_id="leads_consents_create", summary="Note a consent", request=ConsentInput, responses=PersonRecord
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Note what they agreed to or withdrew; the last word for a purpose counts. Answers with the person."""
        lead = lock_lead(lead_id=pk)
        if not self.viewer.may("leads.judge"):
            self.require("leads.work")
            self.require_own(lead)
        values = read_input(ConsentInput, request)
        said = Said(is_given=values.pop("answer") == "given", **values)
        note_consent(lead=lead, said=said, actor=self.viewer.member, now=utc_now())
        return Response(PersonRecord(Person.objects.prefetch_related("identities").get(pk=lead.person_id)).data)
