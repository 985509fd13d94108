"""Putting versions in force: what publishing the draft and rolling back take, for scoring and for routing alike."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from leadhub.accounts.models import Membership
from leadhub.api.inputs import read_input
from leadhub.lib.clock import utc_now


class PublicationInput(serializers.Serializer[Any]):
    """Publish the draft, or put an earlier `version` back in force."""

    version = serializers.IntegerField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


def publish_or_restore(request: Request, publishing: Any, *, actor: Membership) -> Any:
    """Publish the draft of scoring or routing, or put the version named back in force."""
    now, values = utc_now(), read_input(PublicationInput, request)
    if "version" in values:
        return publishing.restore_version(version=values["version"], actor=actor, now=now)
    return publishing.publish_draft(actor=actor, now=now, note=values["note"])
