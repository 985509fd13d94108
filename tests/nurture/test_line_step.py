"""What leads do puts them into sequences and takes them out again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from leadhub.accounts.models import Membership
from leadhub.leads.consent import suppress_person
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.lifecycle import move_lead
from leadhub.leads.models import DispositionCode, EventKind, Lead, Stage, Verdict
from leadhub.leads.verdicts import set_verdict
from leadhub.line.walk import load_walk, take_step
from leadhub.work.runner import run_due
from nurture.models import Enrollment, Message, Sequence
from nurture.sequences import pause_sequence
from tests.nurture.programmes import (
    AGAIN,
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
LATER = NOW + timedelta(hours=2)
ONLY_ROOFS = {"all": [{"field": "lead.campaign", "op": "is", "value": "roofs"}]}


@pytest.fixture
def lead(ada: Membership) -> Lead:
    return make_new_lead(ada, campaign="roofs")


def find_enrollment(sequence: Sequence) -> Enrollment | None:
    return Enrollment.objects.filter(sequence=sequence).first()


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ({"entry_events": ("content_downloaded",)}, "event"),
        ({"entry_events": ("content_downloaded",), "entry_condition": ONLY_ROOFS}, "event"),
        ({"entry_condition": ONLY_ROOFS}, "condition"),
        ({"entry_events": ("webinar_attended",)}, None),
        ({"entry_events": ("webinar_attended",), "entry_condition": ONLY_ROOFS}, None),
        ({"entry_events": ("content_downloaded",), "entry_condition": {"none": [ONLY_ROOFS]}}, None),
        ({}, None),
    ],
)
def test_an_event_begins_what_it_is_to_begin(lead: Lead, entry: dict[str, Any], origin: str | None) -> None:
    sequence = make_sequence(HELLO, **entry)
    happen(lead, EventKind.CONTENT_DOWNLOADED, now=NOW)
    found = find_enrollment(sequence)
    assert (found.origin if found else None) == origin
    assert len(mail.outbox) == (1 if origin else 0)


def test_a_stage_reached_begins_it_once(lead: Lead, ada: Membership) -> None:
    sequence = make_sequence(HELLO, entry_stages=("mql",), exit_stages=("customer",))
    move_lead(lead=lead, to_stage=Stage.MQL, now=NOW, actor=ada)
    run_due(now=NOW)
    happen(lead, EventKind.PAGE_VIEWED, now=LATER)
    assert [each.origin for each in Enrollment.objects.filter(sequence=sequence)] == ["stage"]


@pytest.mark.parametrize(
    ("code", "enters"),
    [(DispositionCode.COLD, True), (DispositionCode.COMPETITOR, False), (DispositionCode.NO_FIT, False)],
)
def test_a_recycled_lead_enters_what_its_disposition_names(
    lead: Lead, ada: Membership, code: DispositionCode, enters: bool
) -> None:
    sequence = make_sequence(HELLO, entry_dispositions=("cold",))
    dispose_lead(lead=lead, code=code, actor=ada, now=NOW)
    run_due(now=NOW)
    found = find_enrollment(sequence)
    assert (found is not None and found.origin == "disposition") == enters


def test_the_same_event_walked_twice_enters_once_and_ends_nothing(lead: Lead) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, entry_events=("form_submitted",), exit_events=("form_submitted",))
    event = happen(lead, EventKind.FORM_SUBMITTED, now=NOW)
    walk = load_walk(event_id=event.pk, now=LATER)
    assert walk is not None
    take_step(walk, name="enroll")
    assert [each.state for each in Enrollment.objects.filter(sequence=sequence)] == ["active"]


def test_imports_and_paused_sequences_enter_nobody(lead: Lead, ada: Membership) -> None:
    sequence = make_sequence(HELLO, entry_events=("content_downloaded",))
    event = happen(lead, EventKind.PAGE_VIEWED, now=NOW)
    walk = load_walk(event_id=event.pk, now=NOW)
    assert walk is not None
    walk.is_quiet, walk.event.kind = True, EventKind.CONTENT_DOWNLOADED
    take_step(walk, name="enroll")
    pause_sequence(sequence=sequence, actor=ada, now=NOW)
    happen(lead, EventKind.CONTENT_DOWNLOADED, now=NOW)
    assert find_enrollment(sequence) is None


@pytest.mark.parametrize("kind", [EventKind.MAIL_REPLIED, EventKind.MEETING_BOOKED, EventKind.FORM_SUBMITTED])
def test_named_events_end_it(lead: Lead, ada: Membership, kind: EventKind) -> None:
    enrollment = put_in(make_sequence(HELLO, THREE_DAYS, AGAIN), lead, actor=ada)
    happen(lead, kind, now=LATER)
    run_due(now=NOW + timedelta(days=3))
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.ended_at) == (Enrollment.State.EXITED, LATER)
    assert list_path(enrollment)[-1] == ("exited", kind.label)
    assert [message.to for message in mail.outbox].count([lead.person.email]) == 1


def test_other_events_do_not(lead: Lead, ada: Membership) -> None:
    enrollment = put_in(make_sequence(HELLO, THREE_DAYS), lead, actor=ada)
    happen(lead, EventKind.PAGE_VIEWED, now=LATER)
    enrollment.refresh_from_db()
    assert enrollment.is_active


def test_a_reply_is_credited_to_the_last_mail(lead: Lead, ada: Membership) -> None:
    put_in(make_sequence(HELLO, THREE_DAYS, AGAIN), lead, actor=ada)
    run_due(now=NOW + timedelta(days=3))
    happen(lead, EventKind.MAIL_REPLIED, now=NOW + timedelta(days=4))
    replied = Message.objects.order_by("written_at").values_list("step__subject", "replied_at")
    assert list(replied) == [("Hello {{ person.first_name }}", None), ("Still there?", NOW + timedelta(days=4))]


def test_the_first_reply_to_a_mail_dates_it(lead: Lead, ada: Membership) -> None:
    put_in(make_sequence(HELLO, THREE_DAYS, AGAIN), lead, actor=ada)
    for hours in (1, 2):
        happen(lead, EventKind.MAIL_REPLIED, now=NOW + timedelta(hours=hours))
    assert Message.objects.get().replied_at == NOW + timedelta(hours=1)


def test_what_one_does_ends_and_credits_nobody_elses(lead: Lead, ada: Membership) -> None:
    sequence, other = make_sequence(HELLO, THREE_DAYS, AGAIN), make_new_lead(ada, name="Ben Low")
    enrollments = [put_in(sequence, each, actor=ada, now=at) for each, at in ((lead, NOW), (other, LATER))]
    happen(lead, EventKind.MAIL_REPLIED, now=LATER)
    states = Enrollment.objects.filter(pk__in=[each.pk for each in enrollments]).values_list("lead", "state")
    assert dict(states) == {lead.pk: Enrollment.State.EXITED, other.pk: Enrollment.State.ACTIVE}
    assert Message.objects.exclude(replied_at=None).get().lead == lead


def test_a_stage_named_ends_it(lead: Lead, ada: Membership) -> None:
    enrollment = put_in(make_sequence(HELLO, THREE_DAYS, exit_stages=("mql",)), lead, actor=ada)
    move_lead(lead=lead, to_stage=Stage.MQL, now=LATER, actor=ada)
    run_due(now=LATER)
    enrollment.refresh_from_db()
    assert enrollment.why_here == "Reached MQL"


def test_the_exit_condition_ends_it_before_the_next_mail(lead: Lead, ada: Membership) -> None:
    rich = {"all": [{"field": "lead.quote_value", "op": "gte", "value": 1000}]}
    enrollment = put_in(make_sequence(THREE_DAYS, HELLO, exit_condition=rich), lead, actor=ada)
    Lead.objects.filter(pk=lead.pk).update(quote_value=5000, quote_value_source="form")
    run_due(now=NOW + timedelta(days=3))
    enrollment.refresh_from_db()
    assert (enrollment.why_here, len(mail.outbox)) == ("Met the exit condition", 0)


def test_silence_and_not_a_lead_always_end_it(ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO, exit_events=(), exit_stages=())
    silent, vendor = make_new_lead(ada, name="Sil Ent"), make_new_lead(ada, name="Ven Dor")
    first, second = put_in(sequence, silent, actor=ada), put_in(sequence, vendor, actor=ada)
    suppress_person(person=silent.person, reason="Asked", now=LATER, actor=ada)
    set_verdict(lead=vendor, verdict=Verdict.NOT_A_LEAD, actor=ada, reason="Sells", now=LATER)
    run_due(now=NOW + timedelta(days=3))
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.why_here, second.why_here] == ["Asked not to be mailed", "Not a lead"]
    assert mail.outbox == []
