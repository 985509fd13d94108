"""The short-lived signed token that lets a browser listen: it names the organization and the member, nothing else.

The web process makes it for a page; the live process trusts it and asks nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from leadhub.live.alerts import name_channel

TOKEN_MINUTES = 10
_GOOD_FOR = timedelta(minutes=TOKEN_MINUTES)
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
        return self.issued_at + _GOOD_FOR

    @property
    def channel(self) -> str:
        """The Redis channel that rings for it."""
        return name_channel(organization_id=self.organization_id, member_id=self.member_id)


def make_token(*, organization_id: UUID, member_id: UUID, now: datetime) -> str:
    """Return a token for the member's streams."""
    return sign_ids([organization_id, member_id], salt=_SALT, now=now)


def read_token(token: str, *, now: datetime) -> Listener:
    """Return who listens. Raises `BadToken`."""
    (organization_id, member_id), issued_at = read_ids(token, salt=_SALT, now=now)
    return Listener(organization_id=organization_id, member_id=member_id, issued_at=issued_at)


def sign_ids(ids: Sequence[UUID], *, salt: str, now: datetime) -> str:
    """Return a token that names the ids for `TOKEN_MINUTES`; the salt says what it is good for."""
    return signing.dumps([*map(str, ids), now.isoformat()], salt=salt)


def read_ids(token: str, *, salt: str, now: datetime) -> tuple[list[UUID], datetime]:
    """Return the ids that a token names, and when it was made. Raises `BadToken`."""
    try:
        *ids, issued_at = signing.loads(token, salt=salt)
    except signing.BadSignature as error:
        raise BadToken("The token is not one of ours.") from error
    issued = datetime.fromisoformat(issued_at)
    if now >= issued + _GOOD_FOR:
        raise BadToken("The token has expired.")
    return [UUID(each) for each in ids], issued
