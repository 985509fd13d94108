"""What a mail that came in becomes: an answer on the lead's timeline, a machine's note, a silenced address, or a
row in the ledger that waits for a member. The ledger balances whatever arrives.
"""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from capture.ledger import balance_period, release_submission
from capture.mail.door import name_submission, receive_mail
from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.consent import is_suppressed, list_covered
from leadhub.leads.models import Door, Event, EventKind, Inquiry, Lead, Suppression, Task
from leadhub.lib.ids import new_id
from leadhub.live.models import Alert
from leadhub.work.runner import run_due
from nurture.models import Enrollment, Message
from tests.capture.mail.letters import write_letter, write_notice, write_report
from tests.contracts.rows import build_row
from tests.nurture.programmes import AGAIN, HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.usefixtures("in_scope")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def enrollment(ada: Membership) -> Enrollment:
    """A lead that has had the first mail of a sequence which a reply ends."""
    set_rules()
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN, exit_events=("mail_replied",))
    return put_in(sequence, make_new_lead(ada, name="Zoe Client"), actor=ada)


@pytest.fixture
def delivery(enrollment: Enrollment) -> Delivery:
    """The mail that it had."""
    return Delivery.objects.get(lead=enrollment.lead)


def hand_in(raw: bytes, *, at: datetime = LATER) -> Submission:
    """Hand a mail in and do what is due."""
    submission_id = receive_mail(raw=raw, request={}, now=at)
    run_due(now=at)
    return Submission.objects.get(pk=submission_id)


def find_event(kind: EventKind) -> Event:
    return Event.objects.get(kind=kind)


def test_an_answer_is_on_the_timeline_ends_the_sequence_and_waits_in_the_queue(
    enrollment: Enrollment, delivery: Delivery, ada: Membership
) -> None:
    arrived = hand_in(write_letter(answers=delivery.pk, text="Yes, please call me.\n\nZoe"))
    assert (arrived.door, arrived.status, arrived.lead_id) == (Door.MAIL, "merged", enrollment.lead_id)
    event = find_event(EventKind.MAIL_REPLIED)
    assert (event.lead_id, event.summary) == (enrollment.lead_id, "Yes, please call me. Zoe")
    assert event.properties["text"] == "Yes, please call me.\n\nZoe"
    assert event.properties["delivery"] == str(delivery.pk)
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.why_here) == ("exited", "Mail replied")
    assert Message.objects.get().replied_at == LATER
    task = Task.objects.get(lead=enrollment.lead)
    assert (task.member_id, task.kind, task.title, task.due_at) == (
        ada.pk,
        "mail",
        "Answer their mail: Re: Hello",
        LATER,
    )


def test_the_same_mail_again_changes_nothing(delivery: Delivery) -> None:
    first = hand_in(write_letter(answers=delivery.pk))
    again = hand_in(write_letter(answers=delivery.pk, Received="by another way"))
    assert first.pk == again.pk
    assert Submission.objects.filter(door=Door.MAIL).count() == 1
    assert Event.objects.filter(kind=EventKind.MAIL_REPLIED).count() == Task.objects.count() == 1
    assert Alert.objects.filter(kind=Alert.Kind.REPLY).count() == 1


def test_the_owner_is_told_of_an_answer_at_once(delivery: Delivery, ada: Membership, client_of: ClientOf) -> None:
    hand_in(write_letter(answers=delivery.pk, text="Yes, " + "please call me. " * 20))
    told = Alert.objects.get(kind=Alert.Kind.REPLY)
    assert (told.member_id, told.lead_id) == (ada.pk, delivery.lead_id)
    assert told.text.startswith("Zoe Client answered: “Yes, please call me.")
    browser = client_of(ada)
    assert told.text in browser.get(reverse("alerts")).content.decode()
    opened = browser.post(reverse("alert_seen", args=[told.pk]))
    assert opened["Location"] == reverse("lead_detail", args=[delivery.lead_id])


def test_who_answers_again_and_again_is_one_open_task_and_soon_no_alert(delivery: Delivery) -> None:
    for number in range(5):
        hand_in(write_letter(answers=delivery.pk, text=f"Ticket {number}", message_id=f"<{number}@x.example>"))
    assert Task.objects.get().title == "Answer their 5 mails: Re: Hello"
    assert Event.objects.filter(kind=EventKind.MAIL_REPLIED).count() == 5
    assert Alert.objects.filter(kind=Alert.Kind.REPLY).count() == 3


def test_an_answer_is_a_task_of_its_own_where_it_is_anothers_or_comes_late_or_the_last_one_is_done(
    delivery: Delivery,
) -> None:
    hand_in(write_letter(answers=delivery.pk, message_id="<1@x.example>"))
    hand_in(write_letter(answers=delivery.pk, message_id="<2@x.example>", sender="bob@lead.example"))
    assert Task.objects.count() == 2
    hand_in(write_letter(answers=delivery.pk, message_id="<3@x.example>"), at=LATER + timedelta(hours=12))
    assert Task.objects.count() == 3
    Task.objects.update(done_at=LATER)
    hand_in(write_letter(answers=delivery.pk, message_id="<4@x.example>"), at=LATER + timedelta(hours=13))
    assert set(Task.objects.values_list("title", flat=True)) == {"Answer their mail: Re: Hello"}
    assert Task.objects.count() == 4


def test_a_mail_is_known_again_whatever_carried_it() -> None:
    raw = write_letter(text="Yes\n\nZoe")
    carried = b"Received: from a by b\nReturn-Path: <zoe@lead.example>\n" + raw + b"\n"
    assert name_submission(carried.replace(b"\n", b"\r\n")) == name_submission(raw)


def test_another_mail_with_the_same_message_id_is_kept(delivery: Delivery) -> None:
    hand_in(write_letter(answers=delivery.pk, text="Yes"))
    hand_in(write_letter(answers=delivery.pk, text="No"))
    hand_in(write_letter(answers=delivery.pk, text="No", sender="Bob <bob@lead.example>"))
    words = Event.objects.filter(kind=EventKind.MAIL_REPLIED).order_by("pk").values_list("summary", flat=True)
    assert list(words) == ["Yes", "No", "No"]


def test_an_empty_message_id_names_no_mail() -> None:
    assert len({name_submission(b"Message-ID: <>\n\n" + words) for words in (b"one", b"two")}) == 2


def test_a_reply_is_credited_to_the_mail_that_it_answers(enrollment: Enrollment, delivery: Delivery) -> None:
    run_due(now=NOW + timedelta(days=3))
    first, second = Message.objects.order_by("written_at")
    receive_mail(raw=write_letter(answers=delivery.pk), request={}, now=NOW + timedelta(days=4))
    run_due(now=NOW + timedelta(days=4))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.delivery_id == delivery.pk
    assert (first.replied_at is not None, second.replied_at) == (True, None)


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_an_automatic_answer_is_kept_and_counts_nothing(
    enrollment: Enrollment, delivery: Delivery, headers: dict[str, str]
) -> None:
    arrived = hand_in(write_letter(answers=delivery.pk, subject="Out of office", **headers))
    event = find_event(EventKind.MAIL_AUTO_REPLIED)
    assert (event.summary, bool(event.properties["machine"])) == ("Out of office", True)
    assert arrived.status == "merged"
    assert arrived.reasons == [event.properties["machine"]]
    assert not Event.objects.filter(kind=EventKind.MAIL_REPLIED).exists()
    assert not Task.objects.exists()
    enrollment.refresh_from_db()
    assert enrollment.state == "active"
    assert Message.objects.get().replied_at is None


def test_an_address_that_takes_no_mail_is_not_written_to_again(enrollment: Enrollment, delivery: Delivery) -> None:
    hand_in(write_report(delivery))
    assert Suppression.objects.get().reason == "Mail came back: 5.1.1 550 no such user"
    assert is_suppressed(delivery.recipient)
    assert find_event(EventKind.MAIL_BOUNCED).summary == f"{delivery.recipient}: 5.1.1 550 no such user"
    enrollment.refresh_from_db()
    assert enrollment.state == "exited"
    assert "Mail came back" in enrollment.why_here
    assert list_covered([enrollment.lead.person_id]) == {}
    delivery.refresh_from_db()
    assert delivery.error == "Came back: 5.1.1 550 no such user"


def test_a_notice_in_plain_words_silences_only_the_address_that_it_returns(delivery: Delivery) -> None:
    arrived = hand_in(write_notice(delivery))
    assert arrived.status == "merged"
    assert Suppression.objects.get().reason == "Mail came back: 5.1.1 192.0.2.7 said: 550 5.1.1 no such user"
    assert is_suppressed(delivery.recipient)
    assert find_event(EventKind.MAIL_BOUNCED).properties["is_hard"] is True


@pytest.mark.parametrize("status", ["4.2.2", "5.7.1"])
def test_what_may_pass_silences_nobody(enrollment: Enrollment, delivery: Delivery, status: str) -> None:
    hand_in(write_report(delivery, status=status))
    assert find_event(EventKind.MAIL_BOUNCED).properties["is_hard"] is False
    assert not Suppression.objects.exists()
    enrollment.refresh_from_db()
    assert enrollment.state == "active"


def test_a_report_that_names_no_mail_of_ours_silences_nobody() -> None:
    arrived = hand_in(write_report(new_id(), recipient="victim@lead.example"))
    assert arrived.status == "rejected"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_mail_to_unsubscribe_silences_the_address(
    enrollment: Enrollment, delivery: Delivery, *, is_marked: bool
) -> None:
    subject = f"unsubscribe {delivery.pk}" if is_marked else "Re: Hello"
    answers = None if is_marked else delivery.pk
    hand_in(write_letter(answers=answers, subject=subject, text="stop", sender="other@lead.example"))
    assert is_suppressed(delivery.recipient)
    assert not is_suppressed("other@lead.example")
    enrollment.refresh_from_db()
    assert enrollment.state == "exited"
    assert Message.objects.get().unsubscribed_at == LATER
    assert find_event(EventKind.UNSUBSCRIBED).lead_id == enrollment.lead_id
    assert not Task.objects.exists()


def test_a_wish_is_granted_whoever_writes_it() -> None:
    arrived = hand_in(write_letter(subject="Unsubscribe", text=""))
    assert is_suppressed("zoe@lead.example")
    assert (arrived.status, arrived.reasons) == (
        "rejected",
        ["Asked by mail to be left alone; we know nobody by this address"],
    )


def test_what_answers_nothing_of_ours_is_held_and_released_it_is_an_inquiry(ada: Membership) -> None:
    arrived = hand_in(write_letter(text="I need a new roof", subject="Roof"))
    assert arrived.status == "quarantined"
    assert arrived.reasons == ["Answers none of our mails: release it to make it an inquiry"]
    assert not Lead.objects.exists()
    release_submission(submission_id=arrived.pk, actor=ada, now=LATER)
    run_due(now=LATER)
    inquiry = Inquiry.objects.get()
    assert (inquiry.door, inquiry.message, inquiry.fields) == (Door.MAIL, "I need a new roof", {"subject": "Roof"})
    assert inquiry.person.email == "zoe@lead.example"


def test_a_guessed_message_id_matches_nothing(delivery: Delivery) -> None:
    arrived = hand_in(write_letter(answers=new_id()))
    assert arrived.status == "quarantined"


def test_colleagues_are_no_leads(delivery: Delivery, ada: Membership) -> None:
    theirs = build_row(Delivery, channel="mail", purpose="alert", recipient=ada.user.email, lead=delivery.lead)
    to_alert = hand_in(write_letter(answers=theirs.pk, message_id="<a@x.example>"))
    in_thread = hand_in(write_letter(answers=delivery.pk, sender=f"Ada <{ada.user.email.upper()}>"))
    assert (to_alert.status, to_alert.reasons) == ("rejected", ["Answers a mail to a colleague"])
    assert (in_thread.status, in_thread.reasons) == ("rejected", ["A colleague wrote it"])
    assert not Event.objects.filter(kind=EventKind.MAIL_REPLIED).exists()


def test_the_ledger_balances(delivery: Delivery) -> None:
    hand_in(write_letter(answers=delivery.pk, message_id="<1@x.example>"))
    hand_in(write_report(delivery))
    hand_in(write_letter(message_id="<2@x.example>"))
    hand_in(write_letter(message_id="<3@x.example>", Precedence="bulk"))
    hand_in(b"\xff\x00 no mail at all")
    balance = balance_period(since=NOW, until=LATER + timedelta(hours=1), door=Door.MAIL)
    assert balance.received == 5
    assert balance.is_balanced
    assert (balance.terms["merged"], balance.terms["pending"]) == (2, 0)
