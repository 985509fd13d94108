"""A key may call so often and no more; who is refused learns when to go on, and nothing of the call was done."""

from collections.abc import Callable

from django.test import Client
from pytest_django import Settings

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller
from tests.personas import ClientOf

LEAD = {"email": "lea@client.example"}


def test_the_call_too_many_is_refused_and_does_nothing(
    ada: Membership, caller: Caller, caller_of: Callable[..., Caller], settings: Settings
) -> None:
    settings.API_RATE = "2/d"
    answers = [caller.get("leads/"), caller.get("nowhere/"), caller.get("leads/"), caller.post("leads/", LEAD)]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 429]
    assert [answer.headers.get("RateLimit-Remaining") for answer in answers] == ["1", None, "0", "0"]
    refused = answers[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["RateLimit-Limit"] == "2"
    assert 0 < int(refused.headers["Retry-After"]) == int(refused.headers["RateLimit-Reset"]) <= 86400
    assert "its 2 calls" in refused.json()["detail"]
    with scope(ada.organization_id):
        assert not Lead.objects.exists()
    assert caller_of(ada).get("leads/").status_code == 200


def test_an_error_tells_how_many_calls_are_left(caller: Caller, settings: Settings) -> None:
    settings.API_RATE = "2/d"
    answer = caller.post("leads/", {})
    assert (answer.status_code >= 400, answer.headers["RateLimit-Remaining"]) == (True, "1")


def test_neither_browsers_nor_mail_are_counted(
    ada: Membership, caller: Caller, client_of: ClientOf, settings: Settings
) -> None:
    settings.API_RATE = "0/d"
    assert client_of(ada).get("/api/v1/leads/").status_code == 200
    headers = {"Authorization": f"Bearer {caller.secret}"}
    mail = Client().post("/api/v1/mail/inbound/", b"Subject: Hi\r\n\r\nHello", "message/rfc822", headers=headers)
    assert mail.status_code == 202
    assert caller.get("leads/").status_code == 429


def test_without_redis_every_call_passes(caller: Caller, settings: Settings) -> None:
    settings.API_RATE, settings.REDIS_URL = "0/d", "redis://127.0.0.1:1/0"
    answer = caller.get("leads/")
    assert (answer.status_code, "RateLimit-Limit" in answer.headers) == (200, False)
