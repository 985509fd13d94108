"""What comes back from a mail: humans' opens and clicks count, machines' are worth nothing, one click ends it."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.settling import mark_sent
from leadhub.leads.consent import is_suppressed
from leadhub.leads.models import Event, EventKind, Suppression
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.work.runner import run_due
from nurture.links import CLICK, LEAVE, LinkInvalid, make_link, read_link
from nurture.machines import find_machine
from nurture.models import Enrollment, MailHit, Message
from nurture.steps import StepPlan
from tests.nurture.programmes import AGAIN, HELLO, THREE_DAYS, happen, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"
pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def enrollment(ada: Membership) -> Enrollment:
    """One that has just been mailed, long enough ago for a human to have read it."""
    set_rules()
    enrollment = put_in(make_sequence(HELLO, THREE_DAYS, AGAIN), make_new_lead(ada), actor=ada)
    Delivery.objects.update(sent_at=utc_now() - timedelta(minutes=5))
    return enrollment


@pytest.fixture
def sent(enrollment: Enrollment) -> EmailMultiAlternatives:
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def find_path(message: EmailMultiAlternatives, kind: str) -> str:
    """Return the path of the mail's first link of a kind: o, c or u."""
    html = str(message.alternatives[0][0])
    found = re.search(rf'"http://localhost:8000(/n/{kind}/[^"]+)"', html)
    assert found, html
    return found[1]


def test_every_mail_says_who_writes_and_how_to_leave(sent: EmailMultiAlternatives, ada: Membership) -> None:
    leave = f"http://localhost:8000{find_path(sent, 'u')}"
    by_mail = f"mailto:{ada.user.email}?subject=unsubscribe%20{Delivery.objects.get().pk}"
    assert sent.extra_headers["List-Unsubscribe"] == f"<{leave}>, <{by_mail}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.reply_to == [ada.user.email]
    assert sent.from_email == '"Acme Siding" <no-reply@leadhub.localhost>'
    for words in (str(sent.body), str(sent.alternatives[0][0])):
        assert "1 Main Street, Springfield" in words
        assert leave in words


def test_the_message_id_is_the_deliverys(sent: EmailMultiAlternatives) -> None:
    assert sent.extra_headers["Message-ID"] == f"<{Delivery.objects.get().pk}@localhost>"


def test_a_humans_opening_counts_once(sent: EmailMultiAlternatives) -> None:
    for _ in range(2):
        response = Client(headers={"user-agent": FIREFOX}).get(find_path(sent, "o"))
        assert (response.status_code, response["Content-Type"]) == (HTTPStatus.OK, "image/gif")
        assert not response.cookies
    assert MailHit.objects.filter(machine_reason="").count() == 2
    assert Event.objects.filter(kind=EventKind.MAIL_OPENED).count() == 1
    assert Message.objects.get().opened_at is not None
    assert Message.objects.get().clicked_at is None


def test_a_humans_click_leads_on_and_opens_too(sent: EmailMultiAlternatives) -> None:
    response = Client(headers={"user-agent": FIREFOX}).get(find_path(sent, "c"))
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, "https://acme.example/guide")
    message = Message.objects.get()
    assert message.clicked_at
    assert message.opened_at
    event = Event.objects.get(kind=EventKind.MAIL_CLICKED)
    assert (event.summary, event.lead_id) == ("https://acme.example/guide", message.lead_id)
    assert run_due(now=utc_now())  # it walks the line


def test_machines_are_kept_and_worth_nothing(sent: EmailMultiAlternatives) -> None:
    client = Client(headers={"user-agent": "BarracudaCentral"})
    assert client.get(find_path(sent, "c")).status_code == HTTPStatus.FOUND
    assert client.get(find_path(sent, "o")).status_code == HTTPStatus.OK
    assert set(MailHit.objects.values_list("machine_reason", flat=True)) == {"A mail scanner"}
    assert not Event.objects.filter(kind__in=[EventKind.MAIL_OPENED, EventKind.MAIL_CLICKED]).exists()
    assert Message.objects.get().opened_at is None


@pytest.mark.parametrize(
    ("method", "headers", "seconds", "is_machine"),
    [
        ("GET", {"User-Agent": FIREFOX}, 60, False),
        ("GET", {"User-Agent": GMAIL}, 60, False),
        ("GET", {"User-Agent": OUTLOOK}, 60, False),
        ("GET", {"User-Agent": FIREFOX}, 3, True),
        ("HEAD", {"User-Agent": FIREFOX}, 60, True),
        ("GET", {}, 60, True),
        ("GET", {"User-Agent": "Mozilla/5.0"}, 60, True),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, 60, True),
        ("GET", {"User-Agent": "python-requests/2.32"}, 60, True),
        ("GET", {"User-Agent": "SkypeUriPreview Preview/0.5"}, 60, True),
        ("GET", {"User-Agent": FIREFOX, "Sec-Purpose": "prefetch;prerender"}, 60, True),
        ("GET", {"User-Agent": FIREFOX, "Purpose": "preview"}, 60, True),
        ("GET", {"User-Agent": "a" * 100_000}, 60, False),  # as much as a request's head holds
    ],
)
def test_who_is_a_machine(method: str, headers: dict[str, str], seconds: int, is_machine: bool) -> None:
    reason = find_machine(method=method, headers=headers, sent_at=NOW, now=NOW + timedelta(seconds=seconds))
    assert bool(reason) == is_machine, reason


def test_looking_at_the_link_to_leave_changes_nothing(sent: EmailMultiAlternatives) -> None:
    response = Client().get(find_path(sent, "u"))
    assert response.status_code == HTTPStatus.OK
    assert "pat@patdoe.example" in response.content.decode()
    assert not response.cookies
    assert not Suppression.objects.exists()


def test_one_click_unsubscribes_at_once_and_twice_changes_nothing(
    sent: EmailMultiAlternatives, enrollment: Enrollment
) -> None:
    for _ in range(2):
        client = Client(enforce_csrf_checks=True)
        response = client.post(find_path(sent, "u"), {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, "You are unsubscribed" in response.content.decode()) == (HTTPStatus.OK, True)
        assert not response.cookies
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.why_here) == (Enrollment.State.EXITED, "Unsubscribed")
    assert is_suppressed("pat@patdoe.example")
    assert Event.objects.filter(kind=EventKind.UNSUBSCRIBED).count() == 1
    assert Message.objects.get().unsubscribed_at is not None
    run_due(now=utc_now() + timedelta(days=400))
    assert len(mail.outbox) == 1


def test_a_link_leads_only_where_it_was_signed_for(sent: EmailMultiAlternatives) -> None:
    message = Message.objects.get()
    link = make_link(purpose=CLICK, message_id=message.pk, target="https://acme.example/")
    token = link.rpartition("/")[2]
    assert read_link(purpose=CLICK, token=token).target == "https://acme.example/"
    for purpose, changed in ((LEAVE, token), (CLICK, token[:-1]), (CLICK, "x")):
        with pytest.raises(LinkInvalid):
            read_link(purpose=purpose, token=changed)
    for kind in "ocu":
        assert Client().get(f"/n/{kind}/{token}x").status_code == HTTPStatus.NOT_FOUND


def test_a_link_carries_its_organization(sent: EmailMultiAlternatives, in_scope: Organization) -> None:
    link = read_link(purpose=LEAVE, token=find_path(sent, "u").rpartition("/")[2])
    assert (link.organization_id, link.message_id) == (in_scope.pk, Message.objects.get().pk)


def test_links_in_html_are_counted_and_its_text_stays(ada: Membership) -> None:
    set_rules(from_name="Pat at Acme", reply_to="hello@acme.example")
    put_in(make_sequence(AGAIN), make_new_lead(ada), actor=ada)
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    token = find_path(message, "c").rpartition("/")[2]
    assert read_link(purpose=CLICK, token=token).target == "https://acme.example/offer"
    assert (message.reply_to, message.from_email.split(" <")[0]) == (["hello@acme.example"], '"Pat at Acme"')


@pytest.mark.parametrize(
    ("body", "first_name", "shown"),
    [
        ("Hi {{ person.first_name }}, see acme.example", "https://evil.example/prize", "Hi (link), see"),
        ("<p>See <a href='https://acme.example{{ person.first_name }}'>this</a></p>", ".evil.example/", "evil.example"),
        ("<p>See <a href='https://acme.example{{ person.first_name }}'>this</a></p>", "@evil.example/", "evil.example"),
        ("<p>See <a href='{{ person.first_name }}'>your page</a></p>", "https://evil.example/", 'href="(link)"'),
    ],
)
def test_what_a_visitor_wrote_gets_no_link_of_ours(ada: Membership, body: str, first_name: str, shown: str) -> None:
    set_rules()
    lead = make_new_lead(ada)
    type(lead.person).objects.update(first_name=first_name)
    put_in(make_sequence(StepPlan(kind="mail", subject="Hello", body=body)), lead, actor=ada)
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert shown in html
    assert "/n/c/" not in html


def test_a_human_who_opens_a_mail_in_doubt_counts(sent: EmailMultiAlternatives) -> None:
    Delivery.objects.update(state=Delivery.State.IN_DOUBT, sent_at=None, claimed_at=utc_now() - timedelta(minutes=5))
    Client(headers={"user-agent": FIREFOX}).get(find_path(sent, "o"))
    assert Message.objects.get().opened_at is not None


@pytest.mark.parametrize("state", [Delivery.State.FAILED, Delivery.State.SUPPRESSED, Delivery.State.PENDING])
def test_a_reply_is_credited_to_no_mail_that_never_left(ada: Membership, state: Delivery.State) -> None:
    set_rules()
    enrollment = put_in(make_sequence(HELLO, AGAIN), make_new_lead(ada), actor=ada)
    first, second = Message.objects.order_by("written_at", "id")
    Message.objects.filter(pk=second.pk).update(written_at=NOW + timedelta(minutes=1))
    Delivery.objects.filter(messages=second).update(state=state)
    happen(enrollment.lead, EventKind.MAIL_REPLIED, now=NOW + timedelta(hours=1))
    for message in (first, second):
        message.refresh_from_db()
    assert (first.replied_at, second.replied_at) == (NOW + timedelta(hours=1), None)


def test_a_mail_that_is_marked_as_sent_is_dated_when_it_left(ada: Membership) -> None:
    set_rules()
    put_in(make_sequence(HELLO), make_new_lead(ada), actor=ada)
    Event.objects.filter(kind=EventKind.MAIL_SENT).delete()
    Delivery.objects.update(state=Delivery.State.IN_DOUBT, sent_at=None, claimed_at=NOW)
    mark_sent(delivery_id=Delivery.objects.get().pk, actor=ada, now=NOW + timedelta(days=2))
    assert Event.objects.get(kind=EventKind.MAIL_SENT).occurred_at == NOW
