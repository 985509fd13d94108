"""Who answers for leads that nobody works yet, or no longer. Called by arrivals, routing, nurture and the wake-up."""

from leadhub.accounts.models import Membership, Role
from leadhub.accounts.models.membership import MembershipQuerySet
from leadhub.lib.errors import DomainError
from leadhub.tenancy.scope import get_organization_id


class NobodyOnDuty(DomainError):
    """The organization has no active member who could hold a lead."""

    def __init__(self) -> None:
        super().__init__("Nobody can hold this lead: make an active member duty manager.")


def list_active_members() -> MembershipQuerySet:
    """Return the members of the organization in scope who may log in."""
    return Membership.objects.all().of(get_organization_id()).active()


def find_duty_manager() -> Membership:
    """Return the duty manager, else a manager, else an admin. Raises `NobodyOnDuty`."""
    members = list_active_members()
    for wanted in ({"is_duty_manager": True}, {"role": Role.MANAGER}, {"role": Role.ADMIN}):
        if found := members.filter(**wanted).order_by("created_at").first():
            return found
    raise NobodyOnDuty


def get_marketing_owner() -> Membership:
    """Return the member appointed to own new leads until they are routed, with their organization.

    There is exactly one, who may have lost access: `find_marketing_owner` returns somebody who can act.
    """
    return Membership.objects.select_related("organization").get(
        organization_id=get_organization_id(), is_marketing_owner=True
    )


def find_marketing_owner() -> Membership:
    """Return who has the leads that are not ready for sales: the marketing owner, else the duty manager."""
    return list_active_members().filter(is_marketing_owner=True).first() or find_duty_manager()


def list_managers() -> list[Membership]:
    """Return who hears of a broken promise: the active managers, else the duty manager."""
    return list(list_active_members().filter(role=Role.MANAGER).order_by("created_at")) or [find_duty_manager()]


def find_answerer(owner: Membership) -> Membership:
    """Return who answers for a nurtured lead: its owner, or the marketing owner where that one lost access."""
    return owner if owner.is_active and owner.user.is_active else find_marketing_owner()
