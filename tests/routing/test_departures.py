"""Whoever loses access leaves no lead behind that nobody sees, and no promise."""

from datetime import datetime, timedelta

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, TaskKind
from leadhub.leads.tasks import create_task
from leadhub.live.models import Alert
from leadhub.work.runner import run_due
from routing.answers import accept
from routing.departures import ask_to_hand_on, hand_on
from routing.models import Assignment, Pool
from routing.reassignment import reassign
from tests.personas import ClientOf
from tests.routing.conftest import Arrive


def lead_of(arrive: Arrive, owner: Membership, now: datetime) -> Lead:
    """Bring in a lead that the member accepted."""
    lead = arrive(email="p@x.example").lead
    assert lead is not None
    if lead.owner_id != owner.pk:
        reassign(lead=lead, member=owner, actor=owner, now=now)
    else:
        accept(lead=lead, actor=owner, now=now)
    return lead


def test_the_leads_of_whoever_leaves_go_to_the_next(
    arrive: Arrive, sales: Pool, ada: Membership, ria: Membership, raj: Membership, client_of: ClientOf, now: datetime
) -> None:
    lead = lead_of(arrive, ria, now)
    client_of(ada).post(f"/members/{ria.pk}/", {"name": "Ria", "role": "rep", "confirmed": "1"})
    run_due(now=now + timedelta(days=365))
    lead.refresh_from_db()
    assert Assignment.objects.get(lead=lead, ended_at=None).member_id == lead.owner_id != ria.pk
    assert Alert.objects.filter(lead=lead, member=lead.owner).exists()


def test_handing_on_twice_changes_nothing(
    arrive: Arrive, sales: Pool, ria: Membership, raj: Membership, now: datetime
) -> None:
    lead = lead_of(arrive, ria, now)
    Membership.objects.filter(pk=ria.pk).update(is_active=False)
    ria.refresh_from_db()
    first = hand_on(lead=lead, now=now)
    assert first is not None
    assert (first.member, first.state) == (raj, "offered")
    assert hand_on(lead=lead, now=now) is None
    ask_to_hand_on(member=ria, now=now)
    run_due(now=now)
    assert Assignment.objects.get(lead=lead, ended_at=None) == first


def test_what_was_promised_goes_along(
    arrive: Arrive, sales: Pool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    lead = lead_of(arrive, ria, now)
    promise = create_task(lead=lead, member=ria, kind=TaskKind.CALL, title="Call again", due_at=now, now=now)
    reassign(lead=lead, member=raj, actor=mia, now=now)
    promise.refresh_from_db()
    assert promise.member == raj
