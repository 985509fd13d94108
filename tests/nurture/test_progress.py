"""A lead goes through a sequence step by step; every step is done once, and its path says why it is where it is."""

from datetime import timedelta

import pytest
from django.core import mail

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, EventKind, Stage, Task
from leadhub.work.jobs import enqueue
from leadhub.work.models import Job, JobFailure
from leadhub.work.runner import run_due
from nurture.enrolling import NotEnrollable, enroll_lead
from nurture.models import Enrollment, Message, Step
from nurture.sequences import activate_sequence, archive_sequence, pause_sequence
from nurture.steps import StepPlan, add_step, change_step, list_steps, move_step, remove_step
from tests.answers import read
from tests.desk.leads import add_inquiry
from tests.nurture.programmes import (
    AGAIN,
    CALL,
    HELLO,
    THREE_DAYS,
    list_path,
    make_new_lead,
    make_sequence,
    put_in,
)
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.usefixtures("sends_freely")
State = Enrollment.State


def test_mail_wait_task_and_the_end(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, CALL)
    lead = make_new_lead(ada)
    enrollment = put_in(sequence, lead, actor=ada)
    assert [message.subject for message in mail.outbox] == ["Hello Pat"]
    assert enrollment.state == State.ACTIVE
    assert enrollment.next_due_at == NOW + timedelta(days=3)
    assert enrollment.why_here == "Waits until Sat 7 Mar, 15:00 UTC"
    run_due(now=NOW + timedelta(days=3))
    enrollment.refresh_from_db()
    assert enrollment.state == State.FINISHED
    task = Task.objects.get(lead=lead)
    assert (task.title, task.member, task.due_at) == ("Call Pat Doe", ada, NOW + timedelta(days=3, hours=4))
    assert list_path(enrollment) == [
        ("entered", "Enrolled by Ada"),
        ("mailed", "“Hello Pat”"),
        ("waited", "The wait is over"),
        ("tasked", "“Call Pat Doe” for Ada"),
        ("finished", "All steps are done"),
    ]
    assert not JobFailure.objects.exists()


def test_the_timeline_tells_of_entering_sending_and_leaving(ada: Membership) -> None:
    lead = make_new_lead(ada)
    put_in(make_sequence(HELLO), lead, actor=ada)
    events = Event.objects.filter(lead=lead).order_by("id").values_list("kind", "summary")
    assert list(events) == [
        (EventKind.SEQUENCE_ENTERED, "Warm-up"),
        (EventKind.SEQUENCE_LEFT, "Warm-up: All steps are done"),
        (EventKind.MAIL_SENT, "Hello Pat"),
    ]


def test_a_job_run_twice_changes_nothing(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN)
    enrollment = put_in(sequence, make_new_lead(ada), actor=ada)
    first, before = list_steps(sequence=sequence)[0], list_path(enrollment)
    enqueue(kind="nurture.step", target_id=enrollment.pk, dedupe_key=f"{enrollment.pk}:{first.pk}", due_at=NOW, now=NOW)
    run_due(now=NOW)
    assert (len(mail.outbox), Message.objects.count(), list_path(enrollment)) == (1, 1, before)


def test_nobody_enters_twice(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS)
    lead = make_new_lead(ada)
    put_in(sequence, lead, actor=ada)
    with pytest.raises(NotEnrollable, match="already"):
        enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW)
    run_due(now=NOW + timedelta(days=3))
    with pytest.raises(NotEnrollable, match="takes nobody twice"):
        enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW)


def test_unless_the_sequence_allows_it(ada: Membership) -> None:
    sequence = make_sequence(HELLO, allows_reentry=True)
    lead = make_new_lead(ada)
    put_in(sequence, lead, actor=ada)
    assert put_in(sequence, lead, actor=ada).number == 2
    assert len(mail.outbox) == 2


def test_a_step_whose_condition_is_not_met_is_passed_by(ada: Membership) -> None:
    only_mqls = {"all": [{"field": "lead.stage", "op": "is", "value": "mql"}]}
    mqls = StepPlan(kind="mail", subject="For MQLs", body="x", condition=only_mqls)
    enrollment = put_in(make_sequence(mqls, AGAIN), make_new_lead(ada), actor=ada)
    assert [message.subject for message in mail.outbox] == ["Still there?"]
    assert list_path(enrollment)[1] == ("skipped", "Did not match the step's condition")


def test_a_paused_sequence_holds_everybody_and_goes_on(ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO)
    enrollment = put_in(sequence, make_new_lead(ada), actor=ada)
    pause_sequence(sequence=sequence, actor=ada, now=NOW)
    later = NOW + timedelta(days=4)
    run_due(now=later)
    enrollment.refresh_from_db()
    assert (enrollment.why_here, len(mail.outbox)) == ("The sequence is paused", 0)
    activate_sequence(sequence=sequence, actor=ada, now=later)
    run_due(now=later)
    enrollment.refresh_from_db()
    assert (enrollment.state, len(mail.outbox)) == (State.FINISHED, 1)


def test_putting_a_sequence_away_ends_everybody(ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO)
    enrollment = put_in(sequence, make_new_lead(ada), actor=ada)
    archive_sequence(sequence=sequence, actor=ada, now=NOW)
    run_due(now=NOW + timedelta(days=4))
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.why_here) == (State.EXITED, "The sequence was put away")
    assert mail.outbox == []
    assert not Job.objects.filter(kind="nurture.step").exists()


def test_who_waits_at_a_removed_step_goes_on_to_the_next(ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO, AGAIN)
    enrollment = put_in(sequence, make_new_lead(ada), actor=ada)
    first, second, _ = list_steps(sequence=sequence)
    remove_step(step=first, actor=ada, now=NOW)
    remove_step(step=second, actor=ada, now=NOW)
    run_due(now=NOW + timedelta(days=3))
    enrollment.refresh_from_db()
    assert [message.subject for message in mail.outbox] == ["Still there?"]
    assert list_path(enrollment)[1] == ("skipped", "The step was removed")


def test_moved_steps_are_not_done_again(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN)
    put_in(sequence, make_new_lead(ada), actor=ada)
    first, _, last = list_steps(sequence=sequence)
    move_step(step=first, to_position=1, actor=ada, now=NOW)
    add_step(sequence=sequence, plan=CALL, actor=ada, now=NOW, position=0)
    run_due(now=NOW + timedelta(days=3))
    assert [message.subject for message in mail.outbox] == ["Hello Pat", "Still there?"]
    assert [step.pk for step in list_steps(sequence=sequence)][-1] == last.pk
    assert not Task.objects.exists()


def test_a_step_that_somebody_else_moved_meanwhile_comes_where_it_is_put(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN)
    first, second, last = list_steps(sequence=sequence)
    move_step(step=Step.objects.get(pk=first.pk), to_position=2, actor=ada, now=NOW)
    move_step(step=first, to_position=0, actor=ada, now=NOW)
    assert list_steps(sequence=sequence) == [first, second, last]


def test_what_comes_after_a_step_that_was_moved_behind_it_is_done(ada: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN)
    enrollment = put_in(sequence, make_new_lead(ada), actor=ada)
    move_step(step=list_steps(sequence=sequence)[0], to_position=2, actor=ada, now=NOW)
    run_due(now=NOW + timedelta(days=3))
    enrollment.refresh_from_db()
    assert enrollment.state == State.FINISHED
    assert [message.subject for message in mail.outbox] == ["Hello Pat", "Still there?"]


def test_a_mail_that_cannot_be_written_is_passed_by(ada: Membership) -> None:
    sequence = make_sequence(HELLO, AGAIN)
    step = list_steps(sequence=sequence)[0]
    step.body = "{% broken"
    step.save()
    enrollment = put_in(sequence, make_new_lead(ada), actor=ada)
    assert list_path(enrollment)[1][1].startswith("Could not be written: “Words” cannot be read")
    assert [message.subject for message in mail.outbox] == ["Still there?"]


def test_words_that_fault_on_a_lead_leave_without_them_and_their_author_is_told(
    ada: Membership, client_of: ClientOf
) -> None:
    half = "We met in {{ inquiry.fields.when | date: '%Y' }}."
    task = StepPlan(kind="task", task_title="Call {{ person.name }}{{ inquiry.fields.when | date: '%Y' }}")
    sequence = make_sequence(StepPlan(kind="mail", subject="Your rooms", body=half), task)
    lead = make_new_lead(ada)
    add_inquiry(lead, arrived_at=NOW, fields={"when": 10**14})
    enrollment = put_in(sequence, lead, actor=ada)
    assert "We met in ." in mail.outbox[0].body
    assert Task.objects.get().title == "Call Pat Doe"
    assert list_path(enrollment)[1][1].startswith("“Your rooms” Not written as meant. “Words”")
    client = client_of(ada)
    assert read(client.get(f"/sequences/{sequence.pk}/")).count("Not always written as meant") == 2
    step = list_steps(sequence=sequence)[0]
    url = f"/sequences/{sequence.pk}/steps/{step.pk}/"
    assert "“Words” asks for" in read(client.get(url))
    change_step(step=step, plan=StepPlan(kind="mail", subject="Your rooms", body="Half"), actor=ada, now=NOW)
    assert "Not always written" not in read(client.get(url))


def test_a_lead_without_an_address_cannot_enter(ada: Membership) -> None:
    lead = make_new_lead(ada)
    lead.person.email_norm = ""
    lead.person.save()
    with pytest.raises(NotEnrollable, match="no e-mail address"):
        enroll_lead(sequence=make_sequence(HELLO), lead=lead, actor=ada, now=NOW)
    assert enroll_lead(sequence=make_sequence(CALL, name="Calls"), lead=lead, actor=ada, now=NOW).is_active


def test_a_lead_at_an_end_stage_cannot_enter(ada: Membership) -> None:
    lead = make_new_lead(ada, stage=Stage.SAL)
    with pytest.raises(NotEnrollable, match="Would leave at once: reached SAL"):
        enroll_lead(sequence=make_sequence(HELLO), lead=lead, actor=ada, now=NOW)
    assert not Delivery.objects.exists()
