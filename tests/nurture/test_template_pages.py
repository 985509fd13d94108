"""The templates' pages: written beside a real lead, mistakes at their fields, read by everybody, each change told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from nurture.mail_templates import TemplatePlan, create_template
from nurture.models import MailTemplate
from tests.answers import read
from tests.nurture.programmes import make_new_lead
from tests.personas import NOW, ClientOf

LIST, NEW = "mail_template_list", "mail_template_new"
CALL_ME: dict[str, Any] = {
    "name": "Missed you",
    "subject": "I tried to call you, {{ person.first_name }}",
    "body": "Hello {{ person.first_name }}, when may I call again?\n\n{{ sender.name }}",
}


@pytest.fixture
def browser(client_of: ClientOf, max_: Membership) -> Client:
    return client_of(max_)


@pytest.fixture
def template(max_: Membership) -> MailTemplate:
    with scope(max_.organization_id):
        return create_template(plan=TemplatePlan(**CALL_ME), actor=max_, now=NOW)


def test_the_first_template_is_asked_for_written_and_told(browser: Client, max_: Membership) -> None:
    assert "No template yet" in read(browser.get(reverse(LIST)))

    assert browser.post(reverse(NEW), CALL_ME).status_code == 302

    assert "Missed you" in read(browser.get(reverse(LIST)))
    with scope(max_.organization_id):
        entry = AuditEntry.objects.get(action="mail_template.written")
        assert (entry.actor, entry.before, entry.after) == (max_, {}, CALL_ME)


def test_it_reads_as_a_real_lead_would_read_it(browser: Client, max_: Membership, template: MailTemplate) -> None:
    with scope(max_.organization_id):
        make_new_lead(max_, name="Pat Doe")
    url = reverse("mail_template", args=[template.pk])

    assert "I tried to call you, Pat" in read(browser.get(url))
    typed = {**CALL_ME, "body": "Yours {{ sender.name }} {{ person.nick }}", "preview": "1"}
    shown = read(browser.post(url, typed, headers={"HX-Request": "true", "HX-Target": "preview"}))
    assert "Yours Max" in shown
    assert "<code>person.nick</code>" in shown
    with scope(max_.organization_id):
        assert MailTemplate.objects.get().body == CALL_ME["body"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "This field is required."),
        ({"body": "Hello {{ person.first_name"}, "“Words” cannot be read"),
        ({"body": "<p>Hello</p>"}, "leave out the HTML tags"),
        ({"name": "Missed you"}, "Another template has this name."),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(
    browser: Client, template: MailTemplate, change: dict[str, str], words: str
) -> None:
    assert words in read(browser.post(reverse(NEW), {**CALL_ME, "name": "Other", **change}), 422)


def test_a_change_and_the_removal_are_told_with_what_was_there(
    browser: Client, max_: Membership, template: MailTemplate
) -> None:
    url = reverse("mail_template", args=[template.pk])
    browser.post(url, {**CALL_ME, "subject": "Tried to call"})
    removal = reverse("mail_template_removal", args=[template.pk])
    assert "Mails that were sent with it stay" in read(browser.post(removal))
    browser.post(removal, {"confirmed": "1"})

    with scope(max_.organization_id):
        assert not MailTemplate.objects.exists()
        changed = AuditEntry.objects.get(action="mail_template.changed")
        assert (changed.before["subject"], changed.after["subject"]) == (CALL_ME["subject"], "Tried to call")
        assert AuditEntry.objects.get(action="mail_template.removed").before["subject"] == "Tried to call"


def test_reps_read_and_neither_write_nor_remove(client_of: ClientOf, ria: Membership, template: MailTemplate) -> None:
    rep = client_of(ria)
    url = reverse("mail_template", args=[template.pk])

    assert reverse(NEW) not in read(rep.get(reverse(LIST)))
    assert "Save" not in read(rep.get(url))
    assert rep.post(url, CALL_ME).status_code == 403
    assert rep.get(reverse(NEW)).status_code == 403
