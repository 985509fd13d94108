"""`mail/inbound/`: hand in a mail that came to the organization's reply address, as it came."""

from functools import cached_property
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capture.callers import describe_request
from capture.idempotency import hash_body
from capture.mail.door import MOST_BYTES, receive_mail
from leadhub.api.access import HAND_IN_MAIL, ScopedView
from leadhub.lib.clock import utc_now


class HandedIn(serializers.Serializer[Any]):
    """Where to read what became of it: `submissions/<submission_id>/`."""

    submission_id = serializers.UUIDField()


class InboundMail(ScopedView):
    """The door for mail."""

    needs = {"POST": (HAND_IN_MAIL, "mail.receive")}
    is_counted = False  # a mail server whose mail is refused sends it back to who wrote it

    @cached_property
    def raw(self) -> bytes:
        """The message, up to a byte more than is kept."""
        return self.request._request.read(MOST_BYTES + 1)

    def hash_request(self, request: Request) -> str:
        """Hash the message: it may be larger than other bodies."""
        return hash_body(self.raw)

    @extend_schema(
        operation_id="mail_inbound_create",
        summary="Hand in a mail",
        request={"message/rfc822": bytes},
        responses={HTTPStatus.ACCEPTED: HandedIn},
    )
    def post(self, request: Request) -> Response:
        """Store the message (RFC 5322), whatever its Content-Type; the same Message-ID again changes nothing."""
        if not self.raw.strip():
            raise exceptions.ParseError("Send the mail itself as the body: its headers, an empty line, its text.")
        submission_id = receive_mail(raw=self.raw, request=describe_request(request._request), now=utc_now())
        return Response({"submission_id": str(submission_id)}, status=HTTPStatus.ACCEPTED)
