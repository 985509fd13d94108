"""Invite people by mail. Writes the row and makes the link; the caller delivers the mail.

The link carries the organization and the invitation, signed, since it is opened before a tenant is known.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.validators import validate_email

from leadhub.accounts.audit import record_change
from leadhub.accounts.members import add_member
from leadhub.accounts.models import Invitation, Membership, Role, User
from leadhub.lib.errors import DomainError
from leadhub.tenancy.scope import get_organization_id

LIFETIME = timedelta(days=7)
_SALT = "leadhub.invitation"


class InvitationNotOpen(DomainError):
    """The invitation was used, revoked, or has expired."""

    def __init__(self) -> None:
        super().__init__("This invitation is no longer open. Ask the person who invited you for a new one.")


@dataclass(frozen=True, kw_only=True)
class InvitationKey:
    """What a link says: whose invitation it is."""

    organization_id: UUID
    invitation_id: UUID


def invite_member(*, email: str, name: str, role: str, actor: Membership, now: datetime) -> Invitation:
    """Open an invitation for the address. An open one of the same address is a unique violation."""
    email = email.strip().lower()
    validate_email(email)
    if role not in Role.values:
        raise DomainError("Choose a role.", field="role")
    is_member = Membership.objects.filter(organization_id=get_organization_id(), user__email=email, is_active=True)
    if is_member.exists():
        raise DomainError("This person is a member already.", field="email")
    _close_expired(email=email, now=now)
    invitation = Invitation.objects.create(
        email=email, name=name, role=role, invited_by=actor, created_at=now, expires_at=now + LIFETIME
    )
    record_change(
        actor=actor,
        action="member.invited",
        target_kind="invitation",
        target_id=invitation.id,
        summary=f"{email} invited as {invitation.get_role_display()}",
        now=now,
        after={"email": email, "role": role},
    )
    return invitation


def revoke_invitation(*, invitation: Invitation, actor: Membership, now: datetime) -> None:
    """Close an open invitation; a closed one stays as it is."""
    if invitation.accepted_at or invitation.revoked_at:
        return
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    record_change(
        actor=actor,
        action="member.invitation_revoked",
        target_kind="invitation",
        target_id=invitation.id,
        summary=f"Invitation of {invitation.email} revoked",
        now=now,
    )


def sign_invitation(*, invitation: Invitation) -> str:
    """Return the token of the link."""
    return signing.dumps([str(invitation.organization_id), str(invitation.id)], salt=_SALT)


def read_invitation_token(*, token: str) -> InvitationKey:
    """Return what the token says; raises `InvitationNotOpen` for one we did not sign."""
    try:
        organization_id, invitation_id = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise InvitationNotOpen from error
    return InvitationKey(organization_id=UUID(organization_id), invitation_id=UUID(invitation_id))


def get_open_invitation(*, invitation_id: UUID, now: datetime) -> Invitation:
    """Return the invitation of the organization in scope, locked; raises `InvitationNotOpen`."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organization")
        .filter(pk=invitation_id, accepted_at=None, revoked_at=None, expires_at__gt=now)
        .first()
    )
    if invitation is None:
        raise InvitationNotOpen
    return invitation


def accept_invitation(*, invitation: Invitation, user: User, now: datetime) -> Membership:
    """Make the user a member, or an earlier member active again."""
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    former = Membership.objects.filter(organization_id=get_organization_id(), user=user).first()
    if former is None:
        return add_member(user=user, role=invitation.role, name=invitation.name or user.name, now=now)
    former.is_active, former.role = True, invitation.role
    former.save(update_fields=["is_active", "role"])
    record_change(
        actor=None,
        action="member.rejoined",
        target_kind="membership",
        target_id=former.id,
        summary=f"{former.name} is back as {former.get_role_display()}",
        now=now,
        after={"role": former.role},
    )
    return former


def _close_expired(*, email: str, now: datetime) -> None:
    Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None, expires_at__lte=now).update(
        revoked_at=now
    )
