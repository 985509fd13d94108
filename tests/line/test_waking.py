"""Who said "call me in six months" is in their owner's queue on the day, with why, or in the duty manager's."""

from datetime import timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.desk.queue import Reason, list_queue
from leadhub.desk.reasons import explain_row
from leadhub.leads.disposition import NotAsleep, dispose_lead, snooze_lead
from leadhub.leads.models import DispositionCode, Event, EventKind, Lead, Task, TaskKind
from leadhub.leads.tasks import complete_task
from leadhub.line.waking import wake_now
from leadhub.live.models import Alert
from leadhub.work.runner import run_due
from routing.models import Assignment
from tests.desk.leads import add_inquiry, make_lead, offer
from tests.personas import NOW

pytestmark = pytest.mark.usefixtures("in_scope")
DAY = NOW + timedelta(days=182)


@pytest.fixture
def lead(ria: Membership) -> Lead:
    """A lead that Ria has taken, with its story."""
    lead = make_lead(owner=ria, now=NOW, name="Lea Client")
    add_inquiry(lead, arrived_at=NOW - timedelta(hours=1), first_attempt_at=NOW)
    offer(lead, now=NOW, state=Assignment.State.ACCEPTED)
    return lead


@pytest.mark.parametrize("is_parked", [True, False])
def test_it_is_in_the_owners_queue_on_the_day_and_not_before(lead: Lead, ria: Membership, is_parked: bool) -> None:
    if is_parked:
        dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ria, now=NOW, wakes_at=DAY, note="After the summer")
    else:
        snooze_lead(lead=lead, until=DAY, actor=ria, now=NOW, note="After the summer")
    run_due(now=DAY - timedelta(minutes=1))
    assert [row.reason for row in list_queue(member=ria, now=DAY - timedelta(minutes=1)).rows] in ([], [Reason.PLANNED])
    run_due(now=DAY)
    [row] = list_queue(member=ria, now=DAY).rows
    assert (row.reason, row.lead_id, row.message) == (Reason.WOKEN, lead.pk, "Please send me a quote.")
    assert explain_row(row, now=DAY).startswith("Woken lead")
    assert Event.objects.filter(lead=lead, summary="After the summer").exists()
    run_due(now=DAY + timedelta(days=1))
    assert Task.objects.filter(kind=TaskKind.WOKEN).count() == 1


def test_woken_early_and_put_off_until_the_same_day_again_it_wakes_then_too(lead: Lead, ria: Membership) -> None:
    snooze_lead(lead=lead, until=DAY, actor=ria, now=NOW)
    run_due(now=NOW)
    wake_now(lead=lead, actor=ria, now=NOW + timedelta(hours=1))
    run_due(now=NOW + timedelta(hours=1))
    woke = Alert.objects.filter(lead=lead, kind=Alert.Kind.WOKEN)
    assert not woke.exists()  # she did it herself
    complete_task(task=Task.objects.get(kind=TaskKind.WOKEN), now=NOW + timedelta(hours=2))
    snooze_lead(lead=lead, until=DAY, actor=ria, now=NOW + timedelta(hours=2))
    run_due(now=DAY)
    assert [row.reason for row in list_queue(member=ria, now=DAY).rows] == [Reason.WOKEN]
    assert woke.count() == 1


def test_woken_by_a_manager_it_comes_to_whoever_has_it_by_then(lead: Lead, ria: Membership, ada: Membership) -> None:
    dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ria, now=NOW, wakes_at=DAY)
    Membership.objects.filter(pk=ria.pk).update(is_active=False)
    wake_now(lead=lead, actor=ada, now=NOW + timedelta(hours=1))
    assert (lead.owner, Task.objects.get(kind=TaskKind.WOKEN).member) == (ada, ada)
    with pytest.raises(NotAsleep):
        wake_now(lead=lead, actor=ada, now=NOW + timedelta(hours=1))


def test_an_owner_who_has_left_is_replaced_by_the_duty_manager(lead: Lead, ria: Membership, ada: Membership) -> None:
    dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ria, now=NOW, wakes_at=DAY)
    Membership.objects.filter(pk=ria.pk).update(is_active=False)
    run_due(now=DAY)
    lead.refresh_from_db()
    assert lead.owner == ada
    assert Task.objects.get(kind=TaskKind.WOKEN).member == ada
    [row] = list_queue(member=ada, now=DAY).rows
    assert row.reason == Reason.WOKEN
    current = Assignment.objects.get(lead=lead, ended_at=None)
    assert (current.member, current.receipt["why"]) == (ada, "its day has come, and Ria has left")
    assert Alert.objects.filter(member=ada, lead=lead).count() == 1
    assert Event.objects.filter(lead=lead, kind=EventKind.OWNER_CHANGED).exists()
