"""Links in account mail lead to our own origin, whatever Host header came with the request."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from leadhub.accounts.models import Membership


def test_a_forged_host_does_not_carry_the_reset_key(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    Client().post("/accounts/password/reset/", {"email": ada.user.email}, headers={"Host": "evil.example"})
    [mail] = mailoutbox
    assert f"{settings.PUBLIC_URL}/accounts/password/reset/key/" in mail.body
    assert "evil.example" not in f"{mail.subject} {mail.body}"


def test_a_stranger_is_not_written_to(db: None, mailoutbox: list[EmailMessage]) -> None:
    answer = Client().post("/accounts/password/reset/", {"email": "stranger@example.com"})
    assert (answer.status_code, mailoutbox) == (302, [])
