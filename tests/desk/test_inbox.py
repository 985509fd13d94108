"""The inbox of the local mail sink: an admin sees their organization's mail and nobody else's, rendered harmlessly."""

import mailbox
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.delivery.channels.envelope import Envelope
from leadhub.delivery.channels.mail import build_message
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.answers import read
from tests.contracts.rows import build_row
from tests.desk.leads import make_lead
from tests.personas import NOW, ClientOf

Keep = Callable[..., UUID]


@pytest.fixture
def keep(tmp_path: Path, settings: LazySettings) -> Keep:
    """Put a mail of the member's organization into the sink."""
    settings.MAIL_FOLDER = str(tmp_path / "mail")
    sink = mailbox.Maildir(settings.MAIL_FOLDER)

    def keep_(member: Membership, *, recipient: str, subject: str, html: str = "", copies: int = 1) -> UUID:
        content = {"subject": subject, "text": f"Text of {subject}", "html": html}
        with scope(member.organization_id):
            row = build_row(Delivery, channel="mail", purpose="test", recipient=recipient, content=content)
        envelope = Envelope(
            id=row.pk,
            organization_id=member.organization_id,
            channel="mail",
            purpose="test",
            recipient=recipient,
            content=content,
        )
        for _ in range(copies):
            sink.add(build_message(envelope).message().as_bytes())
        delivery_id: UUID = row.pk
        return delivery_id

    return keep_


def test_an_admin_sees_own_mail_and_never_anothers(
    client_of: ClientOf, ada: Membership, eve: Membership, keep: Keep
) -> None:
    own = keep(ada, recipient="zoe@lead.example", subject="Your quote")
    other = keep(eve, recipient="zoe@lead.example", subject="Umbrella's secret")
    client = client_of(ada)

    page = read(client.get(reverse("inbox_list"), {"q": "ZOE@"}))

    assert "Your quote" in page
    assert "secret" not in page
    assert "Text of Your quote" in read(client.get(reverse("inbox_message", args=[own])))
    for name in ("inbox_message", "inbox_letter"):
        assert client.get(reverse(name, args=[other])).status_code == 404


def test_only_an_admin_may_look(client_of: ClientOf, max_: Membership, ria: Membership, keep: Keep) -> None:
    for member in (max_, ria):
        assert client_of(member).get(reverse("inbox_list")).status_code == 403


def test_the_letter_is_harmless(client_of: ClientOf, ada: Membership, keep: Keep) -> None:
    pk = keep(ada, recipient="z@lead.example", subject="Hi", html="<p>Hello</p><script>alert(1)</script><img src='/o'>")
    client = client_of(ada)

    letter = client.get(reverse("inbox_letter", args=[pk]))
    seen = client.get(reverse("inbox_letter", args=[pk]), {"pictures": "1"})

    policy = letter.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<p>Hello</p>" in read(letter)
    assert "alert(1)" not in read(letter)
    assert "<img" not in read(letter)
    assert "<img" in read(seen)


def test_a_mail_that_arrived_twice_says_so(client_of: ClientOf, ada: Membership, keep: Keep) -> None:
    pk = keep(ada, recipient="z@lead.example", subject="Hi", copies=2)

    assert "Arrived more than once" in read(client_of(ada).get(reverse("inbox_message", args=[pk])))


def test_without_a_sink_there_is_no_entry_and_no_mail(
    client_of: ClientOf, ada: Membership, settings: LazySettings
) -> None:
    settings.MAIL_FOLDER = ""
    client = client_of(ada)

    assert "Mail leaves for real" in read(client.get(reverse("inbox_list")))
    assert reverse("inbox_list") not in read(client.get(reverse("member_list")))


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("reply", "mail_replied"),
        ("absence", "mail_auto_replied"),
        ("bounce", "mail_bounced"),
        ("wish", "unsubscribed"),
    ],
)
def test_a_mail_to_a_lead_is_answered_as_its_recipient(
    client_of: ClientOf, ada: Membership, keep: Keep, kind: str, event: str
) -> None:
    pk = keep(ada, recipient="zoe@lead.example", subject="Your quote")
    with scope(ada.organization_id):
        lead = make_lead(owner=ada, now=NOW)
        Delivery.objects.filter(pk=pk).update(lead=lead)
    client = client_of(ada)

    assert "Answer as zoe@lead.example" in read(client.get(reverse("inbox_message", args=[pk])))
    answer = client.post(reverse("inbox_answer", args=[pk]), {"kind": kind, "text": "Yes, please"}, follow=True)

    assert "Handed in" in read(answer)
    with scope(ada.organization_id):
        run_due(now=utc_now())
        assert Event.objects.get(kind=event).lead_id == lead.pk


def test_an_answer_needs_words_and_a_lead(
    client_of: ClientOf, ada: Membership, keep: Keep, settings: LazySettings
) -> None:
    pk = keep(ada, recipient="ada@acme.example", subject="New lead")
    url = reverse("inbox_answer", args=[pk])
    client = client_of(ada)
    assert "Only a mail to a lead" in read(client.post(url, {"kind": "reply", "text": "Hi"}, follow=True))
    with scope(ada.organization_id):
        Delivery.objects.filter(pk=pk).update(lead=make_lead(owner=ada, now=NOW))
    assert "Write what they answer." in read(client.post(url, {"kind": "reply", "text": " "}, follow=True))
    settings.MAIL_FOLDER = ""
    assert "Only a mail to a lead" in read(client.post(url, {"kind": "reply", "text": "Hi"}, follow=True))
