"""What the API shows and takes of webhooks."""

from typing import Any

from rest_framework import serializers

from leadhub.delivery.models import Delivery
from leadhub.webhooks.calling import write_body
from leadhub.webhooks.event_types import EventType
from leadhub.webhooks.models import Announcement, Endpoint

STATES = [(each.value, each.label) for each in (Endpoint.State.ACTIVE, Endpoint.State.PAUSED)]


class EndpointShape(serializers.ModelSerializer[Endpoint]):
    """Who is told; no `event_types`: everything. `failures`: tries in a row; `answered_at`: when it last said yes."""

    class Meta:
        model = Endpoint
        fields = [
            "id",
            "name",
            "url",
            "event_types",
            "state",
            "state_reason",
            "state_at",
            "failures",
            "failing_since",
            "answered_at",
            "former_until",
            "created_at",
        ]


class EndpointWithSecret(EndpointShape):
    """An endpoint and its secret, which is shown this once; empty where a retry is answered as the first call was."""

    secret = serializers.CharField()

    class Meta(EndpointShape.Meta):
        fields = [*EndpointShape.Meta.fields, "secret"]


class EndpointInput(serializers.Serializer[Any]):
    """A name, where it listens, and what it wants to be told: nothing named, everything."""

    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=300)
    event_types = serializers.ListField(child=serializers.ChoiceField(choices=EventType.choices), default=list)


class StateInput(serializers.Serializer[Any]):
    """Whether it is called; `gives_up`: what waited is not sent when it is called again."""

    state = serializers.ChoiceField(choices=STATES)
    gives_up = serializers.BooleanField(default=False)


class CallShape(serializers.ModelSerializer[Announcement]):
    """One call: `id` is its `webhook-id`, `status` what the server answered last, null where it did not."""

    id = serializers.UUIDField(source="delivery_id", read_only=True)
    state = serializers.ChoiceField(source="delivery.state", choices=Delivery.State.choices)
    lead = serializers.UUIDField(source="delivery.lead_id", allow_null=True)
    attempts = serializers.IntegerField(source="delivery.attempts")
    error = serializers.CharField(source="delivery.error")
    created_at = serializers.DateTimeField(source="delivery.created_at")
    sent_at = serializers.DateTimeField(source="delivery.sent_at", allow_null=True)

    class Meta:
        model = Announcement
        fields = [
            "id",
            "event_type",
            "state",
            "lead",
            "status",
            "error",
            "attempts",
            "next_try_at",
            "created_at",
            "sent_at",
        ]


class WholeCallShape(CallShape):
    """One call with its body and the beginning of the last answer's, as they went over the network."""

    body = serializers.SerializerMethodField()

    class Meta(CallShape.Meta):
        fields = [*CallShape.Meta.fields, "body", "answer"]

    def get_body(self, one: Announcement) -> str:
        """Return the body as it is signed."""
        return write_body(one.delivery.content).decode()
