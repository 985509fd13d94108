"""Links in account mail lead to our own origin, whatever Host header came with the request."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from leadhub.accounts.models import Membership
from leadhub.delivery.reset_links import SEND_RESET_LINK
from leadhub.lib.clock import utc_now
from leadhub.work.models import Job
from leadhub.work.runner import run_due


def test_a_forged_host_does_not_carry_the_reset_key(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    Client().post("/accounts/password/reset/", {"email": ada.user.email}, headers={"Host": "evil.example"})
    run_due(now=utc_now())
    [mail] = mailoutbox
    assert f"{settings.PUBLIC_URL}/accounts/password/reset/key/" in mail.body
    assert "evil.example" not in f"{mail.subject} {mail.body}"


def test_a_stranger_is_not_written_to(db: None, mailoutbox: list[EmailMessage]) -> None:
    answer = Client().post("/accounts/password/reset/", {"email": "stranger@example.com"})
    run_due(now=utc_now())
    assert (answer.status_code, mailoutbox) == (302, [])


def test_an_unknown_address_makes_as_much_work_as_a_known_one(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    for email, mailed in ((ada.user.email, [[ada.user.email]]), ("stranger@example.com", [])):
        mailoutbox.clear()
        Client().post("/accounts/password/reset/", {"email": email})
        assert mailoutbox == []
        assert Job.objects.filter(kind=SEND_RESET_LINK).count() == 1
        run_due(now=utc_now())
        assert ([mail.to for mail in mailoutbox], Job.objects.filter(kind=SEND_RESET_LINK).count()) == (mailed, 0)


def test_a_reset_mail_waits_for_the_mail_server(
    ada: Membership, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    Client().post("/accounts/password/reset/", {"email": ada.user.email.upper()})
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    run_due(now=utc_now())
    assert Job.objects.get(kind=SEND_RESET_LINK).error_class == "LinkNotMailed"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_due(now=utc_now() + timedelta(minutes=1))
    assert [mail.to for mail in mailoutbox] == [[ada.user.email]]
