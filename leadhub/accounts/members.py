"""Members of an organization: joining, changing role, leaving, being away. Called by pages, API and commands."""

from datetime import datetime
from uuid import UUID

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership, Role, User
from leadhub.lib.errors import DomainError
from leadhub.tenancy.scope import get_organization_id


class LastAdmin(DomainError):
    """The change would leave the organization without an admin."""

    def __init__(self) -> None:
        super().__init__("An organization needs an admin: make somebody else admin first.", field="role")


class StillOnDuty(DomainError):
    """The member holds a duty that must pass to somebody else first."""


def add_member(*, user: User, role: str, name: str, now: datetime, actor: Membership | None = None) -> Membership:
    """Make the user a member of the organization in scope; the first one takes both duties."""
    organization_id = get_organization_id()
    is_first = not Membership.objects.filter(organization_id=organization_id).exists()
    member = Membership.objects.create(
        organization_id=organization_id,
        user=user,
        role=role,
        name=name or str(user),
        is_marketing_owner=is_first,
        is_duty_manager=is_first,
        created_at=now,
    )
    record_change(
        actor=actor,
        action="member.added",
        target_kind="membership",
        target_id=member.id,
        summary=f"{member.name} joined as {member.get_role_display()}",
        now=now,
        after={"role": role},
    )
    return member


def list_members(*, include_inactive: bool = False) -> list[Membership]:
    """Return the organization's members, by name."""
    members = Membership.objects.filter(organization_id=get_organization_id()).select_related("user")
    if not include_inactive:
        members = members.filter(is_active=True)
    return list(members.order_by("name"))


def get_member(*, member_id: UUID) -> Membership:
    """Return a member of the organization in scope; raise `Membership.DoesNotExist` for any other."""
    return Membership.objects.select_related("user").get(organization_id=get_organization_id(), pk=member_id)


def change_member(
    *, member: Membership, role: str, name: str, is_active: bool, actor: Membership, now: datetime
) -> Membership:
    """Change role, name or access. Raises `LastAdmin`, or `StillOnDuty` for one who holds a duty."""
    _require_another_admin(member=member, role=role, is_active=is_active)
    if not is_active and (member.is_marketing_owner or member.is_duty_manager):
        raise StillOnDuty("Give the marketing owner's and duty manager's part to somebody else first.")
    before = {"role": member.role, "name": member.name, "is_active": member.is_active}
    member.role, member.name, member.is_active = role, name, is_active
    member.save(update_fields=["role", "name", "is_active"])
    after = {"role": role, "name": name, "is_active": is_active}
    record_change(
        actor=actor,
        action="member.changed",
        target_kind="membership",
        target_id=member.id,
        summary=f"{member.name} changed",
        now=now,
        before=before,
        after=after,
    )
    return member


def give_duty(*, member: Membership, duty: str, actor: Membership | None, now: datetime) -> None:
    """Hand a duty, `marketing_owner` or `duty_manager`, to an active member; exactly one holds each."""
    if duty not in {"marketing_owner", "duty_manager"}:
        raise DomainError("Choose marketing owner or duty manager.", field="duty")
    if not member.is_active:
        raise StillOnDuty("Only an active member can take a duty.", field="duty")
    flag = f"is_{duty}"
    members = Membership.objects.filter(organization_id=get_organization_id())
    list(members.select_for_update(no_key=True).order_by("pk"))  # so that no two hand the same duty on at once
    former = members.filter(**{flag: True}).first()
    members.filter(**{flag: True}).update(**{flag: False})
    setattr(member, flag, True)
    member.save(update_fields=[flag])
    record_change(
        actor=actor,
        action=f"member.{duty}",
        target_kind="membership",
        target_id=member.id,
        summary=f"{member.name} is {duty.replace('_', ' ')}",
        now=now,
        before={duty: former.name if former else None},
        after={duty: member.name},
    )


def _require_another_admin(*, member: Membership, role: str, is_active: bool) -> None:
    if member.role != Role.ADMIN or (role == Role.ADMIN and is_active):
        return
    admins = Membership.objects.filter(organization_id=get_organization_id(), role=Role.ADMIN, is_active=True)
    held = admins.select_for_update(no_key=True).order_by("pk")  # so that no two admins end each other at once
    if not any(admin.pk != member.pk for admin in held):
        raise LastAdmin
