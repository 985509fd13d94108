"""Nobody is mailed at night, nor too often, nor after they left: a mail waits, and its path says why."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, EventKind, Lead, Person, Stage
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.claims import claim_jobs_of
from leadhub.work.models import Lane
from leadhub.work.runner import run_due, run_job
from nurture.enrolling import enroll_lead
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, EnrollmentMove, Message
from nurture.sequences import SequenceUnfinished, activate_sequence, pause_sequence
from nurture.settings import SendingRules, SettingsInvalid, read_settings, save_settings
from tests.nurture.programmes import AGAIN, HELLO, happen, list_path, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW

pytestmark = pytest.mark.usefixtures("in_scope")


def test_a_mail_waits_for_the_morning_where_the_lead_is(ada: Membership) -> None:
    set_rules(quiet_from=time(20), quiet_until=time(8))
    lead = make_new_lead(ada)
    Person.objects.filter(pk=lead.person_id).update(time_zone="Asia/Tokyo")  # midnight there
    enrollment = put_in(make_sequence(HELLO), lead, actor=ada)
    morning = NOW + timedelta(hours=8)
    assert (enrollment.next_due_at, enrollment.why_here) == (morning, "Quiet hours where the lead is")
    assert list_path(enrollment)[-1] == ("postponed", "Quiet hours where the lead is")
    run_due(now=morning - timedelta(minutes=1))
    assert mail.outbox == []
    run_due(now=morning)
    enrollment.refresh_from_db()
    assert (len(mail.outbox), enrollment.state) == (1, Enrollment.State.FINISHED)


def test_without_a_zone_of_their_own_the_organizations_counts(ada: Membership) -> None:
    set_rules(quiet_from=time(14), quiet_until=time(18))
    enrollment = put_in(make_sequence(HELLO), make_new_lead(ada), actor=ada)
    assert enrollment.next_due_at == NOW + timedelta(hours=3)


def test_the_cap_holds_over_all_sequences(ada: Membership) -> None:
    set_rules(cap_mails=2, cap_days=7)
    lead = make_new_lead(ada)
    put_in(make_sequence(HELLO, name="First"), lead, actor=ada)
    put_in(make_sequence(HELLO, name="Second"), lead, actor=ada, now=NOW + timedelta(days=1))
    third = put_in(make_sequence(AGAIN, name="Third"), lead, actor=ada, now=NOW + timedelta(days=2))
    assert (third.next_due_at, third.why_here) == (NOW + timedelta(days=7), "Had 2 mails in 7 days")
    run_due(now=NOW + timedelta(days=7))
    assert [message.subject for message in mail.outbox] == ["Hello Pat", "Hello Pat", "Still there?"]
    assert EnrollmentMove.objects.filter(kind="postponed").count() == 1


def test_what_is_over_the_day_s_mails_waits_until_tomorrow(ada: Membership, settings: Settings) -> None:
    set_rules(mails_a_day=3)
    settings.MAILS_A_DAY = 2
    sequence = make_sequence(HELLO)
    put_in(sequence, make_new_lead(ada), actor=ada, now=NOW - timedelta(days=1))
    waiting = [put_in(sequence, make_new_lead(ada, name=f"Ben {number}"), actor=ada) for number in range(4)]
    tomorrow = NOW.replace(hour=0) + timedelta(days=1)
    reason = "All 2 mails of the day are written"
    assert [one.why_here == reason for one in waiting] == [False, False, True, True]
    assert [one.next_due_at for one in waiting[2:]] == [tomorrow, tomorrow + timedelta(hours=12)]
    assert list_path(waiting[3])[-1] == ("postponed", reason)
    run_due(now=tomorrow)
    assert len(mail.outbox) == 4
    run_due(now=tomorrow + timedelta(hours=12))
    assert len(mail.outbox) == 5
    assert not Enrollment.objects.exclude(state=Enrollment.State.FINISHED).exists()


def test_the_organization_s_day_ends_where_it_is(ada: Membership) -> None:
    Organization.objects.filter(pk=ada.organization_id).update(time_zone="America/New_York")
    set_rules(mails_a_day=1)
    sequence = make_sequence(HELLO)
    put_in(sequence, make_new_lead(ada), actor=ada)
    waiting = put_in(sequence, make_new_lead(ada, name="Ben Low"), actor=ada)
    assert waiting.next_due_at == datetime(2026, 3, 5, 5, tzinfo=UTC)


def test_the_cap_counts_the_person_s_mails_of_every_lead_and_nobody_else_s(ada: Membership) -> None:
    set_rules(cap_mails=1, cap_days=7)
    first, other = make_new_lead(ada), make_new_lead(ada, name="Ben Low")
    put_in(make_sequence(HELLO, name="First"), first, actor=ada)
    second = make_sequence(AGAIN, name="Second")
    assert put_in(second, other, actor=ada).state == Enrollment.State.FINISHED
    Lead.objects.filter(pk=first.pk).update(stage=Stage.RECYCLED, disposition="cold")
    values = {"number": 2, "currency": "USD", "captured_at": NOW, "updated_at": NOW}
    again = Lead.objects.create(person=first.person, owner=ada, **values)
    waiting = put_in(second, again, actor=ada, now=NOW + timedelta(days=1))
    assert waiting.next_due_at == NOW + timedelta(days=7)


@pytest.mark.parametrize("state", [Delivery.State.FAILED, Delivery.State.SUPPRESSED])
def test_what_never_left_does_not_count(ada: Membership, state: Delivery.State) -> None:
    set_rules(cap_mails=1)
    lead = make_new_lead(ada)
    put_in(make_sequence(HELLO, name="First"), lead, actor=ada)
    Delivery.objects.update(state=state)
    assert put_in(make_sequence(HELLO, name="Second"), lead, actor=ada).state == Enrollment.State.FINISHED


def test_a_mail_that_waited_too_long_waits_for_the_morning(ada: Membership) -> None:
    set_rules(quiet_from=time(20), quiet_until=time(8))
    enroll_lead(sequence=make_sequence(HELLO), lead=make_new_lead(ada), actor=ada, now=NOW)
    run_until_written()
    night = NOW + timedelta(hours=10)
    run_due(now=night)  # the mail server was away until then
    assert mail.outbox == []
    assert Delivery.objects.get().state == Delivery.State.PENDING
    run_due(now=NOW + timedelta(hours=17))
    assert len(mail.outbox) == 1


def test_what_waits_in_the_outbox_is_held_while_the_sequence_is_paused(ada: Membership) -> None:
    set_rules()
    sequence = make_sequence(HELLO)
    enroll_lead(sequence=sequence, lead=make_new_lead(ada), actor=ada, now=NOW)
    run_until_written()
    pause_sequence(sequence=sequence, actor=ada, now=NOW)
    run_due(now=NOW)
    run_due(now=NOW + timedelta(hours=1))
    assert (mail.outbox, Delivery.objects.get().state) == ([], Delivery.State.PENDING)
    activate_sequence(sequence=sequence, actor=ada, now=NOW + timedelta(hours=1))
    run_due(now=NOW + timedelta(hours=2))
    assert len(mail.outbox) == 1


def test_who_left_meanwhile_is_not_mailed(ada: Membership) -> None:
    set_rules()
    enrollment = enroll_lead(sequence=make_sequence(HELLO, AGAIN), lead=make_new_lead(ada), actor=ada, now=NOW)
    run_until_written()
    stop_enrollment(enrollment=enrollment, actor=ada, now=NOW, reason="Called them")
    run_due(now=NOW)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == (Delivery.State.SUPPRESSED, "Stopped by Ada: Called them")
    assert (mail.outbox, Event.objects.filter(kind=EventKind.MAIL_SENT).exists()) == ([], False)


def test_who_meets_the_exit_meanwhile_is_not_mailed(ada: Membership) -> None:
    set_rules()
    rich = {"all": [{"field": "lead.quote_value", "op": "gte", "value": 1000}]}
    lead = make_new_lead(ada)
    enroll_lead(sequence=make_sequence(HELLO, exit_condition=rich), lead=lead, actor=ada, now=NOW)
    run_until_written()
    Lead.objects.filter(pk=lead.pk).update(quote_value=5000, quote_value_source="form")
    run_due(now=NOW)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == (Delivery.State.SUPPRESSED, "Met the exit condition")
    assert mail.outbox == []


def test_who_answers_before_the_last_mail_has_left_does_not_get_it(ada: Membership) -> None:
    set_rules()
    sequence = make_sequence(HELLO, exit_events=(EventKind.MAIL_REPLIED,))
    lead = make_new_lead(ada)
    enrollment = enroll_lead(sequence=sequence, lead=lead, actor=ada, now=NOW)
    run_until_written()
    enrollment.refresh_from_db()
    assert enrollment.state == Enrollment.State.FINISHED
    happen(lead, EventKind.MAIL_REPLIED, now=NOW + timedelta(minutes=1))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == (Delivery.State.SUPPRESSED, EventKind.MAIL_REPLIED.label)
    assert mail.outbox == []


def run_until_written() -> None:
    """Do the step that writes the mail, and not yet what sends it."""
    jobs = claim_jobs_of(organization_id=get_organization_id(), lane=Lane.MAIL, now=NOW)
    for job in jobs:
        run_job(job=job, clock=lambda: NOW)
    assert Message.objects.exists()


def test_no_sequence_that_mails_runs_without_a_postal_address(ada: Membership) -> None:
    set_rules(postal_address="")
    sequence = make_sequence(HELLO, is_active=False)
    with pytest.raises(SequenceUnfinished, match="postal address"):
        activate_sequence(sequence=sequence, actor=ada, now=NOW)
    with pytest.raises(SequenceUnfinished, match="Add a step"):
        make_sequence(name="Empty")
    with pytest.raises(SequenceUnfinished, match="at most 120 characters"):
        make_sequence(name="x" * 121)


def test_the_rules_have_usual_values_and_are_audited(ada: Membership) -> None:
    assert read_settings() == SendingRules(quiet_from=time(20), quiet_until=time(8), cap_mails=2, cap_days=7)
    save_settings(rules=SendingRules(cap_mails=3), actor=ada, now=NOW)
    assert read_settings().cap_mails == 3
    entry = AuditEntry.objects.get(action="nurture_settings.changed")
    assert (entry.before["cap_mails"], entry.after["cap_mails"]) == ("2", "3")


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"cap_days": 0}, "cap_days"),
        ({"cap_mails": -1}, "cap_mails"),
        ({"cap_mails": 10**12}, "cap_mails"),
        ({"mails_a_day": -1}, "mails_a_day"),
        ({"mails_a_day": 10**12}, "mails_a_day"),
        ({"reply_to": "x"}, "reply_to"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(ada: Membership, rules: dict[str, object], field: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        save_settings(rules=SendingRules(**rules), actor=ada, now=NOW)  # type: ignore[arg-type]
    assert caught.value.field == field
