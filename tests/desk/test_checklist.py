"""The set-up checklist: what a new organization sees first, and what ticks its steps off."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.desk.checklist import needs_checklist, read_checklist
from leadhub.tenancy.models import Organization
from tests.desk.leads import make_lead
from tests.personas import ClientOf


def test_a_new_organization_has_everything_before_it(in_scope: Organization, ada: Membership) -> None:
    checklist = read_checklist(organization=in_scope)
    assert needs_checklist()
    assert (checklist.words, checklist.is_complete) == ("0 of 6", False)
    assert checklist.next_task is not None
    assert checklist.next_task.title == "Try your form"


def test_colleagues_and_leads_tick_their_steps_off(
    in_scope: Organization, ria: Membership, client_of: ClientOf, now: datetime
) -> None:
    make_lead(owner=ria, now=now)
    done = {task.title for task in read_checklist(organization=in_scope).tasks if task.is_done}
    assert done == {"Invite your colleagues", "Look at the bar for sales", "Your first real lead"}
    assert client_of(ria).get("/").status_code == 200
