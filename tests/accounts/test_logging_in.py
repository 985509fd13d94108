"""Log-ins: a forgotten password is renewed by mail, a second step is asked for, organizations are switched."""

import re
from datetime import datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import AbstractBaseUser
from django.core import mail
from django.test import Client
from django.urls import reverse

from leadhub.accounts.members import add_member
from leadhub.accounts.models import Membership, Role
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.desk.leads import make_lead
from tests.personas import PASSWORD, ClientOf

NEW_PASSWORD = "a brand new battery"


def log_in(email: str, password: str = PASSWORD) -> Client:
    """Return a browser in which the password was typed."""
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return client


def is_logged_in(client: Client, user: AbstractBaseUser) -> bool:
    """Say whether the browser's session is the user's."""
    return client.session.get("_auth_user_id") == str(user.pk)


def test_a_forgotten_password_is_renewed_by_the_link_in_the_mail(ria: Membership) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": ria.user.email})
    run_due(now=utc_now())
    link = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert mail.outbox[0].to == [ria.user.email]
    assert is_logged_in(log_in(ria.user.email, NEW_PASSWORD), ria.user)
    assert not is_logged_in(log_in(ria.user.email), ria.user)


def test_an_address_that_is_unknown_is_not_given_away(ria: Membership) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in (ria.user.email, "nobody@acme.example")
    ]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1


def test_a_second_step_is_asked_for_where_it_was_set_up(ria: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ria.user, secret)
    client = log_in(ria.user.email)
    assert not is_logged_in(client, ria.user)

    now = 1_772_636_400  # a code is good for half a minute: let none end meanwhile
    monkeypatch.setattr("time.time", lambda: float(now))
    code = format_hotp_value(hotp_value(secret, now // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert is_logged_in(client, ria.user)


def test_two_step_log_in_is_set_up_and_turned_off_in_our_words(
    ria: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(ria.user.email)
    assert "Off: your password is all it takes" in read(client, "mfa_index")
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "Is it you?" in asked.content.decode()
    password = {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    form = client.post(reverse("account_reauthenticate"), password, follow=True).context["form"]
    now = 1_772_636_400  # a code is good for half a minute: let none end meanwhile
    monkeypatch.setattr("time.time", lambda: float(now))
    code = {"code": format_hotp_value(hotp_value(form.secret, now // 30))}
    assert "10 of 10 left" in client.post(reverse("mfa_activate_totp"), code, follow=True).content.decode()
    assert "On: you are asked for a code" in read(client, "mfa_index")
    assert "will no longer let you in" in read(client, "mfa_generate_recovery_codes")
    assert "Turn off two-step log-in?" in read(client, "mfa_deactivate_totp")
    client.post(reverse("mfa_deactivate_totp"))
    assert "Off: your password is all it takes" in read(client, "mfa_index")


def test_a_change_of_the_log_in_is_told_by_mail(ria: Membership) -> None:
    TOTP.activate(ria.user, generate_totp_secret())
    client = Client(headers={"user-agent": "O'Fox & Co"})
    client.force_login(ria.user)
    reauthenticate = {"password": PASSWORD, "next": reverse("mfa_deactivate_totp")}
    client.post(reverse("account_reauthenticate"), reauthenticate)
    client.post(reverse("mfa_deactivate_totp"))
    [notice] = mail.outbox
    assert (notice.subject, notice.to) == ("Two-step log-in was turned off", [ria.user.email])
    assert "from 127.0.0.1, with O'Fox & Co." in notice.body
    assert reverse("account_reset_password") in notice.body


def test_an_open_browser_is_not_enough_to_move_the_log_in(ria: Membership) -> None:
    change = {"action_add": "", "email": "mallory@acme.example"}
    left_open = Client()
    left_open.force_login(ria.user)
    answer = left_open.post(reverse("account_email"), change, follow=True)
    assert "Is it you?" in answer.content.decode()
    assert mail.outbox == []

    left_open.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("account_email")})
    assert [one.to for one in mail.outbox] == [["mallory@acme.example"]]


def test_a_change_stands_where_its_notice_cannot_leave(ria: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    client = log_in(ria.user.email)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = client.post(reverse("account_change_password"), change, follow=True)
    assert "mail server" not in answer.content.decode()
    assert is_logged_in(log_in(ria.user.email, NEW_PASSWORD), ria.user)


def read(client: Client, name: str) -> str:
    """Return the page's text."""
    return client.get(reverse(name)).content.decode()


def test_a_member_of_two_organizations_switches_between_them(
    ria: Membership, eve: Membership, client_of: ClientOf, now: datetime
) -> None:
    with scope(eve.organization_id):
        there = add_member(user=ria.user, role=Role.REP, name="Ria", now=now)
        make_lead(owner=there, now=now, name="Una Umbrella")
    client = client_of(ria)
    assert "Una Umbrella" not in client.get(reverse("lead_list")).content.decode()

    client.post(reverse("switch_organization"), {"organization": str(eve.organization_id)})
    assert "Una Umbrella" in client.get(reverse("lead_list")).content.decode()

    client.post(reverse("switch_organization"), {"organization": str(ria.organization_id)})
    assert "Una Umbrella" not in client.get(reverse("lead_list")).content.decode()
