"""Where more mails come due than may leave in a day, each has its turn: the oldest first, and put off once."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail

from leadhub.accounts.models import Membership
from leadhub.leads.models import Person
from leadhub.work.models import Job
from leadhub.work.runner import run_due
from nurture.enrolling import enroll_lead
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, EnrollmentMove, Message, Sequence
from nurture.sequences import pause_sequence
from tests.answers import read
from tests.nurture.programmes import HELLO, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.usefixtures("in_scope")
MIDNIGHT = NOW.replace(hour=0)


def put_in_many(sequence: Sequence, names: str, *, actor: Membership, now: datetime = NOW) -> list[Enrollment]:
    return [put_in(sequence, make_new_lead(actor, name=name), actor=actor, now=now) for name in names.split()]


def list_greeted() -> list[str]:
    return [message.subject.removeprefix("Hello ") for message in mail.outbox]


def day(number: int, hour: int = 0) -> datetime:
    return MIDNIGHT + timedelta(days=number, hours=hour)


def test_a_day_s_mails_are_spread_over_the_hours_that_are_not_quiet(ada: Membership) -> None:
    set_rules(mails_a_day=4, quiet_from=time(18), quiet_until=time(10))
    waiting = put_in_many(make_sequence(HELLO), "Al Bo Cy Di Ed Fi Gil Hal Ida", actor=ada)[4:]
    assert [one.next_due_at for one in waiting] == [
        *(day(1, hour) for hour in (10, 12, 14, 16)),
        day(2, 10),
    ]


def test_the_hours_are_those_where_the_lead_is(ada: Membership) -> None:
    set_rules(mails_a_day=2, quiet_from=time(20), quiet_until=time(8))
    sequence = make_sequence(HELLO)
    put_in_many(sequence, "Al Bo Cy", actor=ada)
    lead = make_new_lead(ada, name="Dai Ito")
    Person.objects.filter(pk=lead.person_id).update(time_zone="America/Los_Angeles")  # 00:00–04:00, 16:00–24:00 UTC
    enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW)
    run_due(now=day(0, 17))
    assert Enrollment.objects.get(lead=lead).next_due_at == day(1, 18)


def test_nobody_waits_for_ever_though_more_come_every_day_than_may_leave(ada: Membership) -> None:
    set_rules(mails_a_day=2)
    run_due(now=NOW)
    sequence = make_sequence(HELLO)
    for number, names in enumerate(("Al Bo Cy Di", "Ed Fi Gil", "Hal Ida Jo")):
        put_in_many(sequence, names, actor=ada, now=day(number, 1))
        run_due(now=day(number, 13))
    for number in range(6):
        run_due(now=day(number // 2 + 3, 12 * (number % 2) + 2))
    assert list_greeted() == ["Al", "Bo", "Cy", "Di", "Ed", "Fi", "Gil", "Hal", "Ida", "Jo"]
    assert EnrollmentMove.objects.filter(kind="postponed").count() == 8
    days = Message.objects.values_list("written_at__date", flat=True)
    assert max(list(days).count(each) for each in days) == 2


def test_who_comes_while_the_day_s_mails_are_given_out_waits_behind_the_others(ada: Membership) -> None:
    set_rules(mails_a_day=1)
    sequence = make_sequence(HELLO)
    put_in_many(sequence, "Al Bo", actor=ada)
    Message.objects.update(written_at=day(0))
    Enrollment.objects.filter(turn_on__isnull=False).update(next_due_at=day(1, 9))
    Job.objects.filter(kind="nurture.step").update(due_at=day(1, 9))
    [late] = put_in_many(sequence, "Cy", actor=ada, now=day(1, 8))
    assert (late.why_here, late.next_due_at) == ("All 1 mails of the day are given out", day(2))
    run_due(now=day(1, 9))
    assert list_greeted() == ["Al", "Bo"]


def test_who_is_displaced_by_mails_that_came_late_goes_before_those_of_later_days(ada: Membership) -> None:
    set_rules(mails_a_day=1)
    waiting = put_in_many(make_sequence(HELLO), "Al Bo Cy Di Ed", actor=ada)
    for number in range(5):
        run_due(now=day(number + 2, 1))  # nobody was at work on the first day
    assert list_greeted() == ["Al", "Bo", "Cy", "Di", "Ed"]
    assert waiting[4].next_due_at == day(4)


def test_who_leaves_or_is_held_gives_the_turn_away(ada: Membership) -> None:
    set_rules(mails_a_day=1)
    sequence, other = make_sequence(HELLO), make_sequence(HELLO, name="Other")
    bo = put_in_many(sequence, "Al Bo", actor=ada)[1]
    stop_enrollment(enrollment=bo, actor=ada, now=NOW)
    cy = put_in_many(sequence, "Cy", actor=ada)[0]
    assert (bo.turn_on, cy.next_due_at) == (None, day(1))
    pause_sequence(sequence=sequence, actor=ada, now=NOW)
    run_due(now=day(1))
    assert put_in_many(other, "Di", actor=ada, now=day(1))[0].state == Enrollment.State.FINISHED


def test_with_another_limit_all_ask_again_in_their_order(ada: Membership) -> None:
    set_rules(mails_a_day=1)
    waiting = put_in_many(make_sequence(HELLO), "Al Bo Cy Di Ed", actor=ada)
    set_rules(mails_a_day=3)
    run_due(now=NOW)
    run_due(now=NOW)
    assert list_greeted() == ["Al", "Bo", "Cy"]
    for one in waiting[3:]:
        one.refresh_from_db()
    assert [one.next_due_at for one in waiting[3:]] == [day(1), day(1, 8)]


def test_the_sequence_and_the_path_say_why_and_until_when(ada: Membership, client_of: ClientOf) -> None:
    set_rules(mails_a_day=1)
    sequence = make_sequence(HELLO)
    bo = put_in_many(sequence, "Al Bo Cy", actor=ada)[1]
    client = client_of(ada)
    page = read(client.get(f"/sequences/{sequence.pk}/"))
    assert "2 mails of this sequence: the organization's mails of today are given out" in page
    assert "Fri 6 Mar 2026, 00:00 UTC</time>" in page
    path = read(client.get(f"/sequences/enrollments/{bo.pk}/"))
    assert 'All 1 mails of the day are written, until <time datetime="2026-03-05T00:00' in path
