"""Words in Liquid as a lead would read them: what a call that changes words answers where it is only tried."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.delivery.liquid import RenderedMail
from leadhub.leads.models import Lead
from leadhub.lib.ids import read_id

FOR_LEAD = OpenApiParameter("lead", OpenApiTypes.UUID, description="With `dry_run`: the lead it is filled in for.")


class FilledInShape(serializers.Serializer[Any]):
    """The words for a lead, `html` empty where they are plain; `unknown` are names that mean nothing and stay empty."""

    subject = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    unknown = serializers.ListField(child=serializers.CharField())


def find_asked_lead(request: Request) -> Lead:
    """Return the lead that the query names."""
    lead: Lead | None = Lead.objects.filter(pk=read_id(request.query_params.get("lead"))).first()
    if lead is None:
        raise serializers.ValidationError({"lead": "Name the lead that it is filled in for."})
    return lead


def answer_filled_in(mail: RenderedMail, *, unknown: list[str]) -> Response:
    """Answer with the words for the lead."""
    return Response(
        FilledInShape({"subject": mail.subject, "text": mail.text, "html": mail.html, "unknown": unknown}).data
    )
