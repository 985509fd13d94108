"""Two in one sequence turn out to be one human: each mail comes once, and none is lost."""

from datetime import timedelta

import pytest
from django.core import mail

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.merge import merge_people
from leadhub.leads.models import EventKind, Lead, Stage, Task
from leadhub.work.claims import claim_jobs_of
from leadhub.work.models import Lane
from leadhub.work.runner import run_due, run_job
from nurture.enrolling import enroll_lead
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, Sequence
from nurture.steps import StepPlan
from tests.nurture.programmes import (
    AGAIN,
    CALL,
    HELLO,
    THREE_DAYS,
    happen,
    list_path,
    make_new_lead,
    make_sequence,
    put_in,
)
from tests.personas import NOW

pytestmark = pytest.mark.usefixtures("sends_freely")
State = Enrollment.State
DAY = timedelta(days=1)


def test_two_in_it_who_turn_out_to_be_one_get_each_mail_once(ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO)
    first, second = make_recycled(ada, "Pat Doe"), make_recycled(ada, "Patty Doe")
    one, other = (put_in(sequence, lead, actor=ada) for lead in (first, second))
    merge_people(kept=second.person, absorbed=first.person, actor=ada, now=NOW)
    run_due(now=NOW + timedelta(days=3))
    for enrollment in (one, other):
        enrollment.refresh_from_db()
    assert (one.state, other.state, len(mail.outbox)) == (State.FINISHED, State.EXITED, 1)
    assert other.why_here == "Is in it by another lead already: two records were found to be one person"


def test_of_two_who_turn_out_to_be_one_the_slower_does_not_get_again_what_the_other_had(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN)
    first, second = make_recycled(ada, "Pat Doe"), make_recycled(ada, "Patty Doe")
    slow, quick = (enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW) for lead in (first, second))
    jobs = claim_jobs_of(organization_id=ada.organization_id, lane=Lane.MAIL, now=NOW)
    run_job(job=next(job for job in jobs if job.target_id == quick.pk), clock=lambda: NOW)
    run_due(now=NOW)
    merge_people(kept=second.person, absorbed=first.person, actor=ada, now=NOW)
    for hours in (1, 3 * 24, 3 * 24 + 1):
        run_due(now=NOW + timedelta(hours=hours))
    assert [message.subject for message in mail.outbox] == ["Hello Patty", "Still there?"]
    assert ("skipped", "Had it by another lead, before two records became one") in list_path(slow)


def test_of_two_mails_that_wait_for_one_person_one_leaves(ada: Membership) -> None:
    sequence = make_sequence(HELLO)
    leads = [make_recycled(ada, name) for name in ("Pat Doe", "Patty Doe")]
    for lead in leads:
        enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW)
    for job in claim_jobs_of(organization_id=ada.organization_id, lane=Lane.MAIL, now=NOW):
        run_job(job=job, clock=lambda: NOW + timedelta(seconds=1))
    assert Delivery.objects.filter(state=Delivery.State.PENDING).count() == 2
    merge_people(kept=leads[1].person, absorbed=leads[0].person, actor=ada, now=NOW + timedelta(seconds=2))
    run_due(now=NOW + timedelta(seconds=2))
    assert (len(mail.outbox), Delivery.objects.filter(state=Delivery.State.SUPPRESSED).count()) == (1, 1)


def make_recycled(owner: Membership, name: str) -> Lead:
    return make_new_lead(owner, name=name, stage=Stage.RECYCLED, disposition="cold")


def put_both_in(sequence: Sequence, *, owner: Membership) -> tuple[Enrollment, Enrollment]:
    """Put Pat in, and a day later Patty, who is the same human."""
    leads = [make_recycled(owner, name) for name in ("Pat Doe", "Patty Doe")]
    first = put_in(sequence, leads[0], actor=owner)
    return first, put_in(sequence, leads[1], actor=owner, now=NOW + DAY)


def join(first: Enrollment, second: Enrollment, *, actor: Membership) -> None:
    merge_people(kept=second.lead.person, absorbed=first.lead.person, actor=actor, now=NOW + 2 * DAY)


def run_to_the_end(second: Enrollment) -> list[str]:
    for days in (3, 4, 5, 6, 7):
        run_due(now=NOW + days * DAY)
    second.refresh_from_db()
    return [str(message.subject) for message in mail.outbox]


def test_the_second_goes_on_where_the_first_has_left_for_a_reason_of_its_lead(ada: Membership) -> None:
    rich = {"all": [{"field": "lead.quote_value", "op": "gte", "value": 1000}]}
    sequence = make_sequence(THREE_DAYS, HELLO, exit_condition=rich)
    first, second = put_both_in(sequence, owner=ada)
    Lead.objects.filter(pk=first.lead_id).update(quote_value=5000, quote_value_source="form")
    happen(first.lead, EventKind.NOTE, now=NOW + DAY)
    first.refresh_from_db()
    assert first.state == State.EXITED
    join(first, second, actor=ada)
    assert run_to_the_end(second) == ["Hello Patty"]
    assert second.state == State.FINISHED


def test_the_second_goes_on_where_the_first_is_about_to_leave(ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO)
    first, second = put_both_in(sequence, owner=ada)
    join(first, second, actor=ada)
    Lead.objects.filter(pk=first.lead_id).update(stage=Stage.DISQUALIFIED, disposition="no_fit")
    Enrollment.objects.filter(pk=first.pk).update(next_due_at=NOW + 9 * DAY)
    assert run_to_the_end(second) == ["Hello Patty"]
    assert second.state == State.FINISHED


def test_what_the_first_had_before_the_second_came_is_not_sent_again(ada: Membership) -> None:
    sequence = make_sequence(HELLO, CALL, THREE_DAYS, AGAIN)
    leads = [make_recycled(ada, name) for name in ("Pat Doe", "Patty Doe")]
    first = put_in(sequence, leads[0], actor=ada)
    second = enroll_lead(sequence=sequence, lead=leads[1], actor=ada, now=NOW + DAY)
    Lead.objects.filter(pk=first.lead_id).update(stage=Stage.DISQUALIFIED, disposition="no_fit")
    run_due(now=NOW)
    join(first, second, actor=ada)
    assert run_to_the_end(second) == ["Hello Pat", "Still there?"]
    assert (second.state, Task.objects.count()) == (State.FINISHED, 1)
    assert ("skipped", "Was asked for by another lead, before two records became one") in list_path(second)


def test_a_sequence_that_is_over_leaves_the_second_what_it_had_not(ada: Membership) -> None:
    only_pat = {"all": [{"field": "lead.quote_value", "op": "gte", "value": 1000}]}
    wants = StepPlan(kind="mail", subject="For the rich", body="x", condition=only_pat)
    sequence = make_sequence(HELLO, wants)
    first, second = (make_recycled(ada, name) for name in ("Pat Doe", "Patty Doe"))
    Lead.objects.filter(pk=second.pk).update(quote_value=5000, quote_value_source="form")
    done = put_in(sequence, first, actor=ada)
    late = enroll_lead(sequence=sequence, lead=second, actor=ada, now=NOW)
    assert done.state == State.FINISHED
    join(done, late, actor=ada)
    assert run_to_the_end(late) == ["Hello Pat", "For the rich"]


@pytest.mark.parametrize("how", ["stopped", "replied"])
def test_who_was_taken_out_by_hand_or_answered_stays_out_as_the_other_too(ada: Membership, how: str) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO, exit_events=(EventKind.MAIL_REPLIED,))
    first, second = put_both_in(sequence, owner=ada)
    if how == "stopped":
        stop_enrollment(enrollment=first, actor=ada, now=NOW + DAY, reason="Called them")
    else:
        happen(first.lead, EventKind.MAIL_REPLIED, now=NOW + DAY + timedelta(hours=1))
    join(first, second, actor=ada)
    assert run_to_the_end(second) == []
    assert (second.state, second.why_here) == (
        State.EXITED,
        "Stopped by Ada: Called them" if how == "stopped" else EventKind.MAIL_REPLIED.label,
    )
