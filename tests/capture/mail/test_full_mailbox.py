"""A full mailbox pauses the sequences; only one that stays full for weeks, mail after mail, is suppressed."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from capture.mail.door import receive_mail
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.leads.models import Lead, Suppression
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.answers import read
from tests.capture.mail.letters import write_report
from tests.nurture.programmes import (
    AGAIN,
    HELLO,
    THREE_DAYS,
    list_path,
    make_new_lead,
    make_sequence,
    put_in,
    set_rules,
)
from tests.personas import NOW, ClientOf

FULL = "5.2.2"


@pytest.fixture
def lead(in_scope: object, ada: Membership) -> Lead:
    return make_new_lead(ada, name="Zoe Client")


def send(lead: Lead, *, at: datetime) -> Delivery:
    """Write to the lead, and have it sent."""
    delivery = deliver(
        channel="mail",
        purpose="nurture",
        dedupe_key=f"to {lead.pk} at {at}",
        recipient=lead.person.email,
        content={"subject": "Hello", "text": "Hello"},
        now=at,
        lead=lead,
    )
    run_due(now=at)
    return delivery


def bounce(lead: Lead, *, at: datetime, status: str = FULL) -> None:
    """Write to the lead, and have it come back as full."""
    delivery = send(lead, at=at)
    report = write_report(delivery, status=status, words="552 over quota", recipient=delivery.recipient)
    receive_mail(raw=report.replace(b"dsn-", f"dsn-{delivery.pk}-".encode()), request={}, now=at)
    run_due(now=at)


@pytest.mark.parametrize("status", [FULL, "4.2.2"])
def test_a_full_mailbox_is_written_to_again_after_three_days(lead: Lead, ada: Membership, status: str) -> None:
    set_rules()
    bounce(lead, at=NOW, status=status)
    mail.outbox.clear()
    enrollment = put_in(make_sequence(HELLO, THREE_DAYS, AGAIN), lead, actor=ada, now=NOW + timedelta(hours=1))
    assert not Suppression.objects.exists()
    assert (mail.outbox, enrollment.next_due_at) == ([], NOW + timedelta(days=3))
    assert list_path(enrollment)[-1] == ("postponed", "Their mailbox was full")
    run_due(now=NOW + timedelta(days=3))
    assert len(mail.outbox) == 1


def test_one_that_stays_full_for_weeks_is_suppressed_and_the_list_says_why(lead: Lead) -> None:
    for days in (0, 7, 14):
        bounce(lead, at=NOW + timedelta(days=days))
    assert not Suppression.objects.exists()
    bounce(lead, at=NOW + timedelta(days=15))
    reason = f"Mailbox full: 4 mails in a row came back, the first of {NOW.day} {NOW:%b %Y}: 5.2.2 552 over quota"
    assert Suppression.objects.get().reason == reason


def test_a_mail_that_stayed_there_begins_the_row_anew(lead: Lead) -> None:
    for days in (0, 7):
        bounce(lead, at=NOW + timedelta(days=days))
    send(lead, at=NOW + timedelta(days=10))
    bounce(lead, at=NOW + timedelta(days=20))
    assert not Suppression.objects.exists()


def test_the_suppression_list_shows_who_waits(client_of: ClientOf, ada: Membership, max_: Membership) -> None:
    now = utc_now()
    with scope(ada.organization_id):
        lead = make_new_lead(ada, name="Zoe Client")
        bounce(lead, at=now)
    shown = read(client_of(max_).get(reverse("suppression_list")))
    assert "Full mailboxes" in shown
    assert lead.person.email in shown
