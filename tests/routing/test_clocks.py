"""The promise: from arrival at the door, in the pool's time, whoever owns the lead."""

from datetime import datetime, timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.disposition import dispose_lead, snooze_lead
from leadhub.leads.lifecycle import mark_mql
from leadhub.leads.models import (
    DispositionCode,
    Door,
    Event,
    EventKind,
    Intent,
    MqlReason,
    Outcome,
    Stage,
    Task,
    Verdict,
)
from leadhub.leads.outcomes import log_outcome, undo_outcome
from leadhub.leads.timeline import record_event
from leadhub.leads.verdicts import set_verdict
from leadhub.leads.walk import Walk
from leadhub.line.walk import start_walk, walk_event
from leadhub.live.models import Alert
from leadhub.work.runner import run_due
from routing.models import Holiday, Pool, SlaPolicy
from routing.reassignment import reassign, reassign_many
from tests.routing.conftest import Arrive, inquiry_of, lead_of, step_on


def hand_over(walk: Walk, *, at: datetime, after: timedelta = timedelta(seconds=1)) -> None:
    """Let something happen by which the lead becomes an MQL, and the line walk it a moment after."""
    lead = lead_of(walk)
    said = at - after
    event = record_event(
        person=lead.person, lead=lead, kind=EventKind.PAGE_VIEWED, occurred_at=said, now=said, walks=False
    )
    if lead.stage == Stage.NEW:
        mark_mql(lead=lead, reason=MqlReason.SCORE, now=at)
    step_on(start_walk(event=event, lead=lead, now=at))


@pytest.mark.parametrize(
    ("intent", "days", "hours", "minutes"),
    [(Intent.HOT, 0, 15, 5), (Intent.WARM, 1, 11, 0), (Intent.CONTENT, 1, 17, 0)],
)
def test_the_intent_sets_the_deadline_in_business_time(
    arrive: Arrive, sales: Pool, now: datetime, intent: Intent, days: int, hours: int, minutes: int
) -> None:
    Pool.objects.update(works_always=False)
    arrive(service="roofing")
    walk = arrive(intent=intent)
    assert inquiry_of(walk).due_at == now.replace(day=now.day + days, hour=hours, minute=minutes)


def test_the_pools_own_promise_and_holidays_count(arrive: Arrive, sales: Pool, now: datetime) -> None:
    Pool.objects.update(works_always=False)
    SlaPolicy.objects.filter(intent=Intent.WARM).update(minutes=150)
    Holiday.objects.create(pool=sales, on=now.date() + timedelta(days=1))
    arrive(service="roofing")
    assert inquiry_of(arrive(intent=Intent.WARM)).due_at == now.replace(day=6, hour=9, minute=30)


def test_the_attempt_stops_both_clocks_and_an_undo_starts_them(
    arrive: Arrive, sales: Pool, ria: Membership, now: datetime
) -> None:
    Pool.objects.update(works_always=False)
    walk = arrive(at=now.replace(hour=16, minute=58))
    morning = now.replace(day=5, hour=9, minute=1)
    logged = log_outcome(lead=lead_of(walk), outcome=Outcome.NO_ANSWER, actor=ria, now=morning)
    walk_event(event_id=logged.event.pk, now=morning)
    inquiry = inquiry_of(walk)
    assert (inquiry.sla_seconds, inquiry.response_seconds) == (180, 16 * 3600 + 180)
    undo_outcome(event=logged.event, actor=ria, now=morning)
    walk_event(event_id=Event.objects.get(kind="outcome_undone").pk, now=morning)
    assert inquiry_of(walk).sla_seconds is None


def test_a_new_owner_does_not_restart_the_inquirys_clock(
    arrive: Arrive, sales: Pool, raj: Membership, mia: Membership, now: datetime
) -> None:
    walk = arrive()
    later = now + timedelta(minutes=4)
    assignment = reassign(lead=lead_of(walk), member=raj, actor=mia, now=later)
    step_on(walk)
    assert inquiry_of(walk).due_at == now + timedelta(minutes=5)
    assert assignment.expires_at == later + timedelta(hours=24)


def test_repeats_and_imports_start_no_clock(arrive: Arrive, sales: Pool, now: datetime) -> None:
    arrive()
    repeat = arrive(at=now + timedelta(hours=1))
    assert inquiry_of(repeat).due_at is None
    assert inquiry_of(arrive(email="bulk@x.example", door=Door.IMPORT)).due_at is None


def test_owner_is_reminded_and_managers_hear_of_the_broken_promise(
    arrive: Arrive, sales: Pool, mia: Membership, now: datetime
) -> None:
    arrive()
    run_due(now=now + timedelta(minutes=3))
    reminder = Alert.objects.get(kind="reminder")
    assert (reminder.member.name, reminder.text) == (
        "Ria",
        "Deadline near: Jane Doe (X Homes) waits for a first attempt",
    )
    run_due(now=now + timedelta(minutes=5))
    escalation = Alert.objects.get(kind="escalation")
    assert (escalation.member.name, escalation.text) == ("Mia", "Deadline missed: Jane Doe (X Homes) waits for Ria")
    run_due(now=now + timedelta(hours=1))
    assert Alert.objects.filter(kind__in=["reminder", "escalation"]).count() == 2


def test_a_reminder_that_comes_after_the_deadline_is_none(
    arrive: Arrive, sales: Pool, mia: Membership, now: datetime
) -> None:
    arrive()
    run_due(now=now + timedelta(minutes=5))
    assert Alert.objects.filter(kind__in=["reminder", "escalation"]).get().member == mia


def test_what_ended_or_is_no_lead_is_not_chased(
    arrive: Arrive, sales: Pool, ria: Membership, mia: Membership, now: datetime
) -> None:
    ended, job_seeker = lead_of(arrive()), lead_of(arrive(email="job@x.example"))
    dispose_lead(lead=ended, code=DispositionCode.COLD, actor=ria, now=now)
    set_verdict(lead=job_seeker, verdict=Verdict.NOT_A_LEAD, actor=ria, reason="Job seeker", now=now)
    for minutes in (3, 60):
        run_due(now=now + timedelta(minutes=minutes))
    assert not Alert.objects.filter(kind__in=["reminder", "escalation"]).exists()


def test_an_answered_inquiry_reminds_nobody(arrive: Arrive, sales: Pool, ria: Membership, now: datetime) -> None:
    log_outcome(lead=lead_of(arrive()), outcome=Outcome.CONNECTED, actor=ria, now=now)
    run_due(now=now + timedelta(hours=1))
    assert not Alert.objects.filter(kind__in=["reminder", "escalation"]).exists()


def test_a_download_that_marketing_nurtures_is_not_chased(arrive: Arrive, sales: Pool, now: datetime) -> None:
    arrive(intent=Intent.CONTENT)
    run_due(now=now + timedelta(days=9))
    assert not Alert.objects.exists()


@pytest.mark.parametrize("intent", [Intent.WARM, Intent.CONTENT])
def test_what_marketing_keeps_is_promised_to_nobody(arrive: Arrive, sales: Pool, now: datetime, intent: Intent) -> None:
    inquiry = inquiry_of(arrive(intent=intent))
    run_due(now=now + timedelta(days=9))
    assert inquiry.due_at is None
    assert not Alert.objects.filter(kind__in=["reminder", "escalation"]).exists()


@pytest.mark.parametrize(("intent", "hour"), [(Intent.WARM, 11), (Intent.CONTENT, 17)])
def test_handed_over_by_the_line_it_is_promised_from_then(
    arrive: Arrive, sales: Pool, now: datetime, intent: Intent, hour: int
) -> None:
    Pool.objects.update(works_always=False)
    walk = arrive(intent=intent)
    later = now + timedelta(days=9)  # a Friday
    hand_over(walk, at=later)
    inquiry = inquiry_of(walk)
    assert inquiry.handed_over_at == later
    assert inquiry.due_at == (now + timedelta(days=12)).replace(hour=hour)
    answered = later + timedelta(days=3)  # the Monday, at 15:00
    logged = log_outcome(lead=lead_of(walk), outcome=Outcome.NO_ANSWER, actor=lead_of(walk).owner, now=answered)
    walk_event(event_id=logged.event.pk, now=answered)
    assert inquiry_of(walk).sla_seconds == 8 * 3600
    assert inquiry_of(walk).took_seconds == 3 * 86_400


@pytest.mark.parametrize("seconds", [0, -2])
def test_walked_at_the_instant_it_was_logged_or_by_a_clock_behind_it_is_promised(
    arrive: Arrive, sales: Pool, now: datetime, seconds: int
) -> None:
    walk, later = arrive(intent=Intent.WARM), now + timedelta(days=1)
    hand_over(walk, at=later, after=timedelta(seconds=seconds))
    assert inquiry_of(walk).due_at == later + timedelta(hours=4)


def test_handed_over_by_a_colleague_it_is_promised_and_given_on_it_is_not_promised_anew(
    arrive: Arrive, sales: Pool, ria: Membership, raj: Membership, mia: Membership, now: datetime
) -> None:
    walk = arrive(intent=Intent.WARM)
    for days, member in ((1, ria), (2, raj)):
        reassign(lead=lead_of(walk), member=member, actor=mia, now=now + timedelta(days=days))
        run_due(now=now + timedelta(days=days))
    inquiry = inquiry_of(walk)
    assert inquiry.handed_over_at == now + timedelta(days=1)
    assert inquiry.due_at == now + timedelta(days=1, hours=4)


def test_what_was_imported_is_promised_once_marketing_hands_it_over(arrive: Arrive, sales: Pool, now: datetime) -> None:
    to_sales = arrive(email="hot@x.example", door=Door.IMPORT)
    kept = arrive(email="warm@x.example", door=Door.IMPORT, intent=Intent.WARM)
    later = now + timedelta(days=9)
    for walk in (to_sales, kept):
        hand_over(walk, at=later)
    assert inquiry_of(to_sales).due_at is None
    assert inquiry_of(kept).due_at == later + timedelta(hours=4)


def test_a_bulk_reassignment_promises_nothing(
    arrive: Arrive, sales: Pool, ria: Membership, mia: Membership, now: datetime
) -> None:
    walk = arrive(intent=Intent.WARM)
    reassign_many(lead_ids=[lead_of(walk).pk], member=ria, actor=mia, now=now + timedelta(days=1))
    run_due(now=now + timedelta(days=1))
    assert inquiry_of(walk).due_at is None


def test_a_parked_lead_wakes_with_its_owner(arrive: Arrive, sales: Pool, ria: Membership, now: datetime) -> None:
    lead = lead_of(arrive())
    spring = now + timedelta(days=60)
    dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ria, now=now, wakes_at=spring)
    run_due(now=now)
    run_due(now=spring)
    lead.refresh_from_db()
    assert (lead.is_open, lead.owner) == (True, ria)
    assert Alert.objects.get(kind="woken").member == ria
    assert Task.objects.get(kind="woken").member == ria


def test_a_lead_put_off_twice_wakes_once(arrive: Arrive, sales: Pool, ria: Membership, now: datetime) -> None:
    lead = lead_of(arrive())
    for days in (1, 5):
        snooze_lead(lead=lead, until=now + timedelta(days=days), actor=ria, now=now)
        run_due(now=now)
    run_due(now=now + timedelta(days=1))
    assert not Alert.objects.filter(kind="woken").exists()
    run_due(now=now + timedelta(days=5))
    run_due(now=now + timedelta(days=6))
    assert Alert.objects.filter(kind="woken").count() == 1
