"""What becomes of a promise when sales gives the lead back to marketing, and when it gets it again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry
from leadhub.leads.walk import Walk
from leadhub.live.models import Alert
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from reporting.periods import Period
from reporting.speed import report_speed
from routing.answers import reject
from routing.models import Pool, PoolMember
from routing.reassignment import reassign
from tests.routing.conftest import Arrive, inquiry_of, lead_of


def reject_it(walk: Walk, *, by: Membership, at: datetime) -> Inquiry:
    """Let the rep return the lead, and do what is due then."""
    reject(lead=lead_of(walk), actor=by, reason="timing", now=at)
    run_due(now=at)
    return inquiry_of(walk)


def count_promises(now: datetime) -> dict[str, int]:
    """Return what the report of promises says of the day and the next, some days later."""
    period = Period(first_on=now.date(), last_on=now.date() + timedelta(days=1), zone=ZoneInfo("UTC"))
    numbers = report_speed(period=period, now=now + timedelta(days=9)).total
    return {"kept": numbers.kept, "late": numbers.late, "overdue": numbers.overdue, "waiting": numbers.waiting}


def require_nothing_promised(now: datetime) -> None:
    """Check that nobody is chased and that the report counts no promise."""
    run_due(now=now + timedelta(days=1))
    assert not Alert.objects.filter(kind__in=["reminder", "escalation"]).exists()
    assert count_promises(now) == {"kept": 0, "late": 0, "overdue": 0, "waiting": 0}


def test_a_promise_with_time_left_is_withdrawn_when_sales_returns_the_lead(
    arrive: Arrive, sales: Pool, ria: Membership, now: datetime
) -> None:
    walk = arrive()
    inquiry = reject_it(walk, by=ria, at=now + timedelta(minutes=2))
    assert (inquiry.due_at, inquiry.handed_over_at) == (None, None)
    assert not Job.objects.filter(target_id=inquiry.pk).exists()
    require_nothing_promised(now)


def test_given_to_marketing_by_hand_it_is_withdrawn_as_well_and_stays_there(
    arrive: Arrive, sales: Pool, max_: Membership, mia: Membership, now: datetime
) -> None:
    make_marketing_owner(max_)
    walk, later = arrive(), now + timedelta(minutes=2)
    given = reassign(lead=lead_of(walk), member=max_, actor=mia, now=later)
    run_due(now=later)
    assert (given.is_sales, given.state, given.reason) == (False, "held", "returned")
    assert reassign(lead=lead_of(walk), member=max_, actor=mia, now=later) == given
    assert (inquiry_of(walk).due_at, lead_of(walk).owner) == (None, max_)
    require_nothing_promised(now)


def test_a_marketing_owner_who_sells_is_promised_for(
    arrive: Arrive, sales: Pool, max_: Membership, mia: Membership, now: datetime
) -> None:
    make_marketing_owner(max_)
    PoolMember.objects.create(pool=sales, member=max_)
    walk = arrive()
    due_at = inquiry_of(walk).due_at
    given = reassign(lead=lead_of(walk), member=max_, actor=mia, now=now + timedelta(minutes=2))
    assert (given.is_sales, inquiry_of(walk).due_at) == (True, due_at)


def make_marketing_owner(member: Membership) -> None:
    Membership.objects.filter(is_marketing_owner=True).update(is_marketing_owner=False)
    member.is_marketing_owner = True
    member.save(update_fields=["is_marketing_owner"])


def test_the_next_hand_over_promises_anew_and_reminds_anew(
    arrive: Arrive, sales: Pool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    walk, again = arrive(), now + timedelta(days=1)
    run_due(now=now + timedelta(minutes=3))
    reject_it(walk, by=ria, at=now + timedelta(minutes=4))
    reassign(lead=lead_of(walk), member=raj, actor=mia, now=again)
    run_due(now=again)
    inquiry = inquiry_of(walk)
    assert (inquiry.handed_over_at, inquiry.due_at) == (again, again + timedelta(minutes=5))
    run_due(now=again + timedelta(minutes=3))
    reminded = Alert.objects.filter(kind="reminder").order_by("created_at").values_list("member__name", flat=True)
    assert list(reminded) == ["Ria", "Raj"]


def test_a_promise_that_is_broken_stays_broken_when_sales_returns_the_lead(
    arrive: Arrive, sales: Pool, ria: Membership, now: datetime
) -> None:
    inquiry = reject_it(arrive(), by=ria, at=now + timedelta(minutes=6))
    assert inquiry.due_at == now + timedelta(minutes=5)
    assert count_promises(now) == {"kept": 0, "late": 0, "overdue": 1, "waiting": 0}


def test_a_broken_promise_is_not_made_again_and_the_next_owner_has_a_clock_of_their_own(
    arrive: Arrive, sales: Pool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    walk, again = arrive(), now + timedelta(days=1)
    broken = reject_it(walk, by=ria, at=now + timedelta(minutes=6))
    given = reassign(lead=lead_of(walk), member=raj, actor=mia, now=again)
    run_due(now=again)
    inquiry = inquiry_of(walk)
    assert (inquiry.due_at, inquiry.handed_over_at) == (broken.due_at, None)
    assert count_promises(now) == {"kept": 0, "late": 0, "overdue": 1, "waiting": 0}
    assert (given.state, given.expires_at) == ("offered", again + timedelta(hours=24))
    assert Alert.objects.filter(member=raj, lead=lead_of(walk)).exists()
