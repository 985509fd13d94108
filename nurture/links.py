"""The links of a mail: signed, carrying their organization, leading only where they were made to lead.

Mailing makes them, the public views read them. They stay good for as long as the secret key does: people click old
mails, and an unsubscribe link must always work (RFC 8058).
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from leadhub.tenancy.scope import get_organization_id

_SALT = "nurture.link"
OPEN, CLICK, LEAVE = "open", "click", "leave"
_VIEWS = {OPEN: "nurture_open", CLICK: "nurture_click", LEAVE: "nurture_unsubscribe"}


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a signed link says."""

    organization_id: UUID
    message_id: UUID
    target: str = ""


class LinkInvalid(Exception):
    """The link was not made by us."""


def make_link(*, purpose: str, message_id: UUID, target: str = "") -> str:
    """Return the address of a link for one message; `target` is where a click leads."""
    said = [get_organization_id().hex, message_id.hex, target]
    token = signing.dumps(said, salt=f"{_SALT}.{purpose}", compress=True)
    return settings.PUBLIC_URL + reverse(_VIEWS[purpose], args=[token])


def read_link(*, purpose: str, token: str) -> Link:
    """Return what a link says. Raises `LinkInvalid`."""
    try:
        organization, message, target = signing.loads(token, salt=f"{_SALT}.{purpose}")
        return Link(organization_id=UUID(organization), message_id=UUID(message), target=str(target))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkInvalid from error
