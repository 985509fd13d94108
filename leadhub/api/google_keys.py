"""`forms/<id>/google-key/`: the key with which lead forms of Google Ads are let in, set and ended.

The caller chooses it, as Google lets them: so no answer tells a secret, and a retry sets the same.
"""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capture.google_keys import LONGEST, SHORTEST, end_google_key, set_google_key
from capture.models import Form
from leadhub.api.access import ScopedView
from leadhub.api.forms import EDIT, FormShape
from leadhub.api.inputs import read_input
from leadhub.lib.clock import utc_now


class GoogleKeyInput(serializers.Serializer[Any]):
    """The key as it is pasted into Google Ads; nobody can read it here again."""

    google_key = serializers.RegexField(r"^[\x21-\x7e]+$", min_length=SHORTEST, max_length=LONGEST)


class GoogleKey(ScopedView):
    """The key of one form."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"PUT": EDIT, "DELETE": EDIT}

    @extend_schema(
        operation_id="forms_google_key_update",
        summary="Set the key for Google Ads",
        request=GoogleKeyInput,
        responses=FormShape,
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Let in who sends this key to the form's `google_ads_url`; a former key opens nothing any more."""
        form = Form.objects.select_for_update(no_key=True).get(pk=pk)
        key = read_input(GoogleKeyInput, request)["google_key"]
        set_google_key(form=form, key=key, actor=self.viewer.member, now=utc_now())
        return Response(FormShape(form, context={"request": request}).data)

    @extend_schema(
        operation_id="forms_google_key_destroy",
        summary="End the key for Google Ads",
        responses=FormShape,
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Refuse Google Ads from now on; what came stays."""
        form = Form.objects.select_for_update(no_key=True).get(pk=pk)
        end_google_key(form=form, actor=self.viewer.member, now=utc_now())
        return Response(FormShape(form, context={"request": request}).data)
