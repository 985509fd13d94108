"""The short-lived signed token that lets a browser listen: it names the organization and the member, nothing else.

The web process makes it for a page; the live process trusts it and asks nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from leadhub.live.alerts import name_channel

TOKEN_MINUTES = 10
_SALT = "leadhub.live"


class BadToken(Exception):
    """The token is forged, damaged or too old: the page fetches a new one."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Whose alerts a stream carries, and until when."""

    organization_id: UUID
    member_id: UUID
    issued_at: datetime

    @property
    def expires_at(self) -> datetime:
        """The instant at which the stream closes."""
        return self.issued_at + timedelta(minutes=TOKEN_MINUTES)

    @property
    def channel(self) -> str:
        """The Redis channel that rings for it."""
        return name_channel(organization_id=self.organization_id, member_id=self.member_id)


def make_token(*, organization_id: UUID, member_id: UUID, now: datetime) -> str:
    """Return a token for the member's streams."""
    return signing.dumps([str(organization_id), str(member_id), now.isoformat()], salt=_SALT)


def read_token(token: str, *, now: datetime) -> Listener:
    """Return who listens. Raises `BadToken`."""
    try:
        organization_id, member_id, issued_at = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise BadToken("The token is not one of ours.") from error
    listener = Listener(
        organization_id=UUID(organization_id), member_id=UUID(member_id), issued_at=datetime.fromisoformat(issued_at)
    )
    if now >= listener.expires_at:
        raise BadToken("The token has expired.")
    return listener
