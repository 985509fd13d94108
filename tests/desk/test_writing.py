"""A rep writes to a lead: from a template, once however often it is clicked, told on the timeline, refused in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from capture.mail.door import receive_mail
from leadhub.accounts.models import Membership
from leadhub.delivery.channels.failures import PermanentFailure
from leadhub.delivery.channels.mail import MailChannel
from leadhub.delivery.models import Delivery
from leadhub.delivery.settling import send_again
from leadhub.leads.consent import suppress, suppress_person
from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Stage, Task
from leadhub.leads.outcomes import NotUndoable, undo_outcome
from leadhub.lib.clock import utc_now
from leadhub.work.runner import run_due
from nurture.mail_templates import TemplatePlan, create_template
from nurture.models import Enrollment, MailTemplate
from nurture.personal import MOST_A_DAY, find_obstacle
from tests.answers import read
from tests.capture.mail.letters import write_letter, write_report
from tests.desk.leads import add_task
from tests.nurture.programmes import CALL, THREE_DAYS, make_sequence, put_in
from tests.personas import ClientOf

HTMX = {"HX-Request": "true", "HX-Target": "writing"}
LETTER = {"key": "one", "subject": "Your windows", "text": "Hello Pat,\n\nmay I call?", "when": ""}


@pytest.fixture
def template(lead: Lead) -> MailTemplate:
    words = {"subject": "Windows for {{ person.first_name }}", "body": "Yours, {{ sender.name }}"}
    return create_template(plan=TemplatePlan(name="Missed you", **words), actor=None, now=utc_now())


def write(browser: Client, lead: Lead, **changes: str) -> Any:
    return browser.post(reverse("lead_mails", args=[lead.pk]), {**LETTER, **changes})


def test_a_template_comes_filled_in_and_leaves_as_edited_in_the_reps_name(
    browser: Client, lead: Lead, template: MailTemplate, ria: Membership
) -> None:
    url = reverse("lead_mails", args=[lead.pk])
    form = read(browser.get(f"{url}?template={template.pk}", headers=HTMX))
    assert 'value="Windows for Pat"' in form
    assert "Yours, Ria" in form
    assert "<html" not in form

    done = browser.post(url, LETTER, headers={**HTMX, "HX-Target": "lead"})
    assert f"The mail to {lead.person.email} is on its way." in read(done)
    assert "On its way" in read(done)
    run_due(now=utc_now())

    (sent,) = [each for each in mail.outbox if each.to == [lead.person.email]]
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.subject, sent.body) == ("Your windows", "Hello Pat,\n\nmay I call?\n")
    assert sent.alternatives[0][0] == "<p>Hello Pat,</p>\n\n<p>may I call?</p>"
    assert sent.reply_to == [ria.user.email]
    assert "Ria, Acme Siding" in sent.from_email
    page = read(browser.get(reverse("lead_detail", args=[lead.pk])))
    assert "Mail sent: Your windows" in page
    assert "may I call?" in page
    assert "On its way" not in page


def test_without_javascript_the_form_stands_in_the_whole_page(browser: Client, lead: Lead) -> None:
    url = reverse("lead_mails", args=[lead.pk])
    for place, shown in (("lead", "Timeline"), ("queue", "desk-queue")):
        page = read(browser.get(url, {"place": place}))
        assert shown in page
        assert "Write e-mail</h2>" in page
    refused = read(write(browser, lead, subject=""), 422)
    assert "This field is required." in refused
    assert "may I call?" in refused
    assert browser.post(url, {**LETTER, "place": "queue"}).headers["Location"].startswith("/queue/")


def test_it_is_the_first_attempt_accepts_the_lead_and_plans_the_next(
    browser: Client, lead: Lead, ria: Membership
) -> None:
    due = add_task(lead, due_at=utc_now() - timedelta(minutes=1), now=utc_now())

    write(browser, lead, when="tomorrow")

    lead.refresh_from_db()
    due.refresh_from_db()
    act = Event.objects.get(lead=lead, kind=EventKind.MAIL_SENT)
    assert (lead.stage, act.actor, act.is_self_reported) == (Stage.SAL, ria, False)
    assert Inquiry.objects.get(lead=lead).first_attempt_at == act.occurred_at
    assert due.done_at is not None
    assert Task.objects.get(lead=lead, done_at=None).title == "Follow up by mail"
    with pytest.raises(NotUndoable):
        undo_outcome(event=act, actor=ria, now=utc_now())


def test_two_clicks_send_one_mail_and_other_words_are_not_swallowed(browser: Client, lead: Lead) -> None:
    write(browser, lead)
    write(browser, lead)
    assert Delivery.objects.count() == Event.objects.filter(kind=EventKind.MAIL_SENT).count() == 1

    asked = read(write(browser, lead, text="Something else"), 422)
    assert "A mail with other words was sent from here already." in asked
    fresh = re.findall(r'name="key" value="([^"]+)"', asked)
    write(browser, lead, text="Something else", key=fresh[0])
    assert Delivery.objects.count() == 2


def test_who_cannot_be_written_to_is_said_at_the_form(browser: Client, lead: Lead) -> None:
    person, now = lead.person, utc_now()
    suppress(email=person.email, reason="Mail came back", now=now)
    words = [find_obstacle(lead, now=now)]
    person.email = person.email_norm = ""
    person.save()
    words.append(find_obstacle(lead, now=now))
    suppress_person(person=person, reason="Asked", now=now)
    words.append(find_obstacle(lead, now=now))

    assert [text.split(":")[0].split(" ", 1)[1] for text in words] == [
        "gets no mail",
        "is no e-mail address",
        "asked to be left alone",
    ]
    assert words[-1] in read(browser.get(reverse("lead_mails", args=[lead.pk]), headers=HTMX))
    assert words[-1] in read(write(browser, lead), 422)
    assert not Delivery.objects.exists()
    assert not Event.objects.filter(kind=EventKind.MAIL_SENT).exists()


def test_nobody_is_written_to_without_end(browser: Client, lead: Lead) -> None:
    for number in range(MOST_A_DAY):
        write(browser, lead, key=str(number))

    assert "within a day: call them, or wait." in read(write(browser, lead, key="more"), 422)
    assert Delivery.objects.filter(purpose="personal").count() == MOST_A_DAY


def test_the_answer_is_heard_ends_the_sequence_and_is_the_owners_task(
    browser: Client, lead: Lead, ria: Membership
) -> None:
    now = utc_now()
    calls = make_sequence(THREE_DAYS, CALL, exit_events=("mail_replied",), exit_stages=())
    enrollment = put_in(calls, lead, actor=ria, now=now)
    write(browser, lead)
    sent = Delivery.objects.get(purpose="personal")

    receive_mail(raw=write_letter(answers=sent.pk), request={}, now=utc_now())
    run_due(now=utc_now())

    enrollment.refresh_from_db()
    assert enrollment.state == Enrollment.State.EXITED
    answered = Event.objects.get(lead=lead, kind=EventKind.MAIL_REPLIED)
    assert answered.properties["delivery"] == str(sent.pk)
    assert Task.objects.filter(lead=lead, member=ria, title="Answer their mail: Re: Hello").exists()


def test_a_colleagues_lead_is_not_theirs_to_write_to(
    client_of: ClientOf, lead: Lead, raj: Membership, mia: Membership, max_: Membership
) -> None:
    assert write(client_of(raj), lead).status_code == 403
    assert client_of(raj).get(reverse("lead_mails", args=[lead.pk])).status_code == 403
    assert write(client_of(max_), lead).status_code == 403
    assert f"mailto:{lead.person.email}" in read(client_of(max_).get(reverse("lead_detail", args=[lead.pk])))
    assert write(client_of(mia), lead).status_code == 302


def test_a_mail_that_never_left_counts_for_nothing_until_it_is_sent_again(
    browser: Client, lead: Lead, ria: Membership, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise PermanentFailure("550 no such user")

    with monkeypatch.context() as patch:
        patch.setattr(MailChannel, "send", refuse)
        write(browser, lead)
        run_due(now=utc_now())

    lead.refresh_from_db()
    assert (lead.stage, Inquiry.objects.get(lead=lead).first_attempt_at) == (Stage.MQL, None)
    assert Task.objects.get(lead=lead, member=ria, done_at=None).title == "Your mail did not leave: Your windows"
    page = read(browser.get(reverse("lead_detail", args=[lead.pk])))
    assert "Not sent" in page
    assert "550 no such user" in page

    delivery = Delivery.objects.get(purpose="personal")
    send_again(delivery_id=delivery.pk, actor=ada, now=utc_now())
    run_due(now=utc_now())
    lead.refresh_from_db()
    delivery.refresh_from_db()
    assert (lead.stage, Inquiry.objects.get(lead=lead).first_attempt_at) == (Stage.SAL, delivery.sent_at)


def test_a_mail_that_came_back_is_its_writers_task_and_still_counts(
    browser: Client, lead: Lead, ria: Membership
) -> None:
    write(browser, lead)
    run_due(now=utc_now())
    sent = Delivery.objects.get(purpose="personal")

    receive_mail(raw=write_report(sent, status="5.1.1", words="550 unknown"), request={}, now=utc_now())
    run_due(now=utc_now())

    assert Task.objects.filter(lead=lead, member=ria, done_at=None, title="Your mail came back: Your windows").exists()
    assert "Came back: 5.1.1 550 unknown" in read(browser.get(reverse("lead_detail", args=[lead.pk])))
    assert Inquiry.objects.get(lead=lead).first_attempt_at is not None


def test_a_mail_in_doubt_says_so_and_still_counts(browser: Client, lead: Lead) -> None:
    write(browser, lead)
    Delivery.objects.update(state=Delivery.State.IN_DOUBT)

    assert "It may have arrived" in read(browser.get(reverse("lead_detail", args=[lead.pk])))
    lead.refresh_from_db()
    assert lead.stage == Stage.SAL
