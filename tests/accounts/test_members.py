"""Members: roles, duties, access; an organization always has an admin and holders of both duties."""

from datetime import datetime

import pytest

from leadhub.accounts.members import LastAdmin, StillOnDuty, change_member, get_member, give_duty
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Organization


def test_the_first_member_takes_both_duties(in_scope: Organization, ada: Membership, ria: Membership) -> None:
    assert (ada.is_marketing_owner, ada.is_duty_manager) == (True, True)
    assert (ria.is_marketing_owner, ria.is_duty_manager) == (False, False)


def test_the_last_admin_stays(in_scope: Organization, ada: Membership, now: datetime) -> None:
    with pytest.raises(LastAdmin):
        change_member(member=ada, role="rep", name="Ada", is_active=True, actor=ada, now=now)


def test_whoever_is_on_duty_cannot_lose_access(
    in_scope: Organization, ada: Membership, mia: Membership, now: datetime
) -> None:
    give_duty(member=mia, duty="duty_manager", actor=ada, now=now)
    with pytest.raises(StillOnDuty):
        change_member(member=mia, role="manager", name="Mia", is_active=False, actor=ada, now=now)


def test_a_duty_passes_from_one_to_the_other(
    in_scope: Organization, ada: Membership, max_: Membership, now: datetime
) -> None:
    give_duty(member=max_, duty="marketing_owner", actor=ada, now=now)
    ada.refresh_from_db()
    assert (ada.is_marketing_owner, max_.is_marketing_owner) == (False, True)


def test_an_unknown_duty_is_refused(in_scope: Organization, ada: Membership, now: datetime) -> None:
    with pytest.raises(DomainError):
        give_duty(member=ada, duty="pk", actor=ada, now=now)


def test_changes_are_audited(in_scope: Organization, ada: Membership, ria: Membership, now: datetime) -> None:
    change_member(member=ria, role="manager", name="Ria", is_active=True, actor=ada, now=now)
    entry = AuditEntry.objects.get(action="member.changed")
    assert (entry.before["role"], entry.after["role"], entry.actor) == ("rep", "manager", ada)


def test_members_of_others_are_not_found(eve: Membership, in_scope: Organization) -> None:
    with pytest.raises(Membership.DoesNotExist):
        get_member(member_id=eve.id)
