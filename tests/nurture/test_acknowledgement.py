"""Whoever raises a hand is answered at once, by one mail, that names who will answer by when."""

from typing import Any

import pytest

from capture.doors import Arrival, store_submission
from capture.form_editing import update_form
from capture.models import Form, Submission
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.consent import suppress
from leadhub.leads.models import Door, Event, EventKind, Inquiry
from leadhub.leads.walk import Walk
from leadhub.lib.ids import new_id
from leadhub.line.notify import notify
from leadhub.line.walk import walk_submission
from leadhub.work.models import Job
from tests.answers import read
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.usefixtures("in_scope")
GRACE = {"email": "grace@navy.example", "name": "Grace Hopper", "message": "New siding"}


def walk(values: dict[str, Any], *, door: Door = Door.FORM, form: Form | None = None) -> Walk:
    """Walk one submission along the whole line."""
    submission_id = new_id()
    arrival = Arrival(door=door, form_id=(form or Form.objects.get()).id, body=b"", values=values)
    store_submission(
        submission_id=submission_id, arrival=arrival, status=Submission.Status.PENDING, reasons=[], now=NOW
    )
    walked = walk_submission(submission_id=submission_id, now=NOW)
    assert walked is not None
    return walked


def list_acknowledgements() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose="acknowledgement"))


def test_the_mail_names_who_answers_by_when(ada: Membership) -> None:
    walk(GRACE)
    [delivery] = list_acknowledgements()
    inquiry = Inquiry.objects.get()
    assert inquiry.due_at is not None
    assert delivery.recipient == "grace@navy.example"
    assert delivery.content["subject"] == "We have your message, Grace"
    assert f"Ada will answer you by Wednesday 4 March, {inquiry.due_at:%H:%M} UTC." in delivery.content["text"]
    assert "New siding" in delivery.content["text"]
    assert delivery.content["reply_to"] == ada.user.email
    assert delivery.content["from_name"] == "Acme Siding"
    assert inquiry.acknowledged_at == NOW
    assert Event.objects.get(kind=EventKind.ACKNOWLEDGED).inquiry_id == inquiry.id


def test_twice_changes_nothing() -> None:
    walked = walk(GRACE)
    notify(walked)
    assert len(list_acknowledgements()) == 1
    assert Event.objects.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_an_address_gets_at_most_three_a_day() -> None:
    for number in range(5):
        walk({**GRACE, "service": f"Service {number}"})
    assert Inquiry.objects.filter(duplicate_of=None).count() == 5
    assert len(list_acknowledgements()) == 3


def test_a_repeat_within_a_day_gets_no_second_mail() -> None:
    walk(GRACE)
    walk(GRACE)
    assert len(list_acknowledgements()) == 1


@pytest.mark.parametrize("door", [Door.IMPORT, Door.MANUAL])
def test_imports_and_entries_by_hand_are_not_acknowledged(door: Door) -> None:
    walk(GRACE, door=door)
    assert list_acknowledgements() == []


def test_a_form_may_leave_it_off() -> None:
    Form.objects.update(sends_acknowledgement=False)
    walk(GRACE)
    assert list_acknowledgements() == []


def test_nobody_is_mailed_without_an_address() -> None:
    walk({"phone": "+1 415 555 0123"})
    assert list_acknowledgements() == []


def test_a_suppressed_address_is_left_alone() -> None:
    suppress(email="grace@navy.example", reason="Unsubscribed", now=NOW)
    walk(GRACE)
    assert [delivery.state for delivery in list_acknowledgements()] == [Delivery.State.SUPPRESSED]
    assert Inquiry.objects.get().acknowledged_at is None


def test_a_strangers_link_is_not_mailed_to_somebody_else() -> None:
    walk({**GRACE, "name": "Evil.io Prize", "message": "Win: https://evil.example/now"})
    [delivery] = list_acknowledgements()
    assert delivery.content["subject"] == "We have your message, (link)"
    assert "Win: (link)" in delivery.content["text"]
    assert "evil" not in delivery.content["text"].lower()


def test_html_is_escaped_and_cleaned_and_also_sent_as_text() -> None:
    Form.objects.update(
        acknowledgement_body="<p>Hello {{ person.first_name }}</p><p>{{ inquiry.message }}</p><script>x</script>"
    )
    walk({**GRACE, "message": "<b onclick=x>5 & 6</b>"})
    [delivery] = list_acknowledgements()
    assert delivery.content["html"] == "<p>Hello Grace</p><p>&lt;b onclick=x&gt;5 &amp; 6&lt;/b&gt;</p>"
    assert delivery.content["text"] == "Hello Grace\n<b onclick=x>5 & 6</b>\n"


FAULTY = "Hello {{ person.first_name }}, half of your rooms: {{ 10 | divided_by: inquiry.fields.rooms }}"


def test_words_that_fault_on_what_was_entered_still_answer() -> None:
    Form.objects.update(acknowledgement_body=FAULTY)
    walk({**GRACE, "rooms": 0})
    [delivery] = list_acknowledgements()
    assert delivery.content["text"] == "Hello Grace, half of your rooms:\n"
    assert Inquiry.objects.get().acknowledged_at == NOW
    event = Event.objects.get(kind=EventKind.ACKNOWLEDGED)
    assert event.properties["note"].startswith("Not written as meant. “Words” cannot be read: divided_by")
    assert not Job.objects.filter(kind="line.retry_step").exists()


def test_plain_words_answer_where_the_forms_cannot() -> None:
    Form.objects.update(
        acknowledgement_subject="Hi", acknowledgement_body="{% for i in (1..inquiry.fields.rooms) %}x{% endfor %}"
    )
    walk({**GRACE, "rooms": 10**9})
    [delivery] = list_acknowledgements()
    assert delivery.content["subject"] == "We have your message, Grace"
    assert "Ada will answer you by" in delivery.content["text"]


def test_the_forms_author_is_told_until_the_words_are_changed(ada: Membership, client_of: ClientOf) -> None:
    Form.objects.update(acknowledgement_body=FAULTY)
    form = Form.objects.get()
    walk({**GRACE, "rooms": 0})
    client = client_of(ada)
    page = read(client.get(f"/forms/{form.pk}/acknowledgement/"))
    assert "Not always written as meant" in page
    assert "Grace Hopper" in page
    assert "Acknowledgement not written as meant" in read(client.get("/forms/"))
    update_form(form=form, changes={"acknowledgement_body": "Hello"}, actor=ada, now=NOW)
    assert "Not always" not in read(client.get(f"/forms/{form.pk}/acknowledgement/"))
