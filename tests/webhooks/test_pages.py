"""The pages and the API of webhooks: a secret is shown once, and every state says what to do."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import Membership
from leadhub.accounts.second_steps import Seal
from leadhub.api.webhook_shapes import EndpointShape
from leadhub.delivery.models import Delivery
from leadhub.lib.sealing import open_sealed
from leadhub.tenancy.scope import scope
from leadhub.webhooks.event_types import EventType
from leadhub.webhooks.health import switch_off
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.seals import count_endpoint_seals, reseal_endpoints
from leadhub.work.models import Lane
from leadhub.work.runner import run_due
from tests.contracts.test_permissions import make_caller
from tests.listening import Listener, Reply
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.django_db
NEW = {"name": "CRM", "url": "https://crm.example/leadhub", "event_types": ["lead.won"]}


@pytest.fixture
def client(ada: Membership, client_of: ClientOf) -> Client:
    return client_of(ada)


def find(ada: Membership) -> Endpoint:
    with scope(ada.organization_id):
        found: Endpoint = Endpoint.objects.get()
        return found


def read(client: Client, *path: object) -> str:
    name, *args = path
    return client.get(reverse(str(name), args=args)).content.decode()


def test_list_says_what_to_do_then_shows_the_secret_once(client: Client, ada: Membership) -> None:
    assert "No webhook yet" in read(client, "webhook_list")
    answer = client.post(reverse("webhook_list"), NEW)
    secret = open_sealed(find(ada).secret)
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    for page in (read(client, "webhook_list"), read(client, "webhook_detail", find(ada).pk)):
        assert "CRM" in page
        assert secret not in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://crm.example/", "Only https:// is called."),
        ("url", "https://10.0.0.1/", "This address is not one of the public internet."),
        ("url", "crm", "This is no address of a web server"),
        ("name", " ", "This field is required."),
    ],
)
def test_what_cannot_be_called_is_told_at_its_field(client: Client, field: str, value: str, words: str) -> None:
    assert words in client.post(reverse("webhook_list"), {**NEW, field: value}).content.decode()


def test_name_is_given_once(client: Client, ada: Membership) -> None:
    client.post(reverse("webhook_list"), NEW)
    assert "Another webhook has this name." in client.post(reverse("webhook_list"), NEW).content.decode()


def test_test_event_is_shown_with_its_answer_and_sent_again(client: Client, ada: Membership, server: Listener) -> None:
    client.post(reverse("webhook_list"), {**NEW, "url": server.url})
    endpoint = find(ada)
    server.reply_with(Reply(status=500, body=b"<b>boom</b>"), Reply(body=b"thanks"))
    answer = client.post(reverse("webhook_test", args=[endpoint.pk]))
    run_due(now=NOW.replace(year=2030), lanes=[Lane.WEBHOOK])
    page = client.get(answer["Location"]).content.decode()
    assert "&lt;b&gt;boom&lt;/b&gt;" in page
    assert "The server answered 500 Internal Server Error." in page
    assert "webhook.test" in read(client, "webhook_detail", endpoint.pk)
    with scope(ada.organization_id):
        one = Announcement.objects.get()
    again = client.post(reverse("webhook_call_again", args=[endpoint.pk, one.pk]))
    run_due(now=NOW.replace(year=2031), lanes=[Lane.WEBHOOK])
    assert "thanks" in client.get(again["Location"]).content.decode()
    assert [heard.headers["webhook-id"] for heard in server.heard] == [str(one.pk)] * 2


def test_switched_off_one_says_why_and_how_to_go_on(client: Client, ada: Membership, now: datetime) -> None:
    client.post(reverse("webhook_list"), NEW)
    with scope(ada.organization_id):
        switch_off(Endpoint.objects.get(), reason="It answered 410 Gone.", now=now)
    page = read(client, "webhook_detail", find(ada).pk)
    assert "It answered 410 Gone." in page
    assert "Resume" in page
    client.post(reverse("webhook_state", args=[find(ada).pk]), {"do": "resume"})
    assert find(ada).is_active


def test_failed_call_stands_with_what_did_not_work(client: Client, ada: Membership, server: Listener) -> None:
    client.post(reverse("webhook_list"), {**NEW, "url": server.url})
    server.reply_with(Reply(status=404))
    client.post(reverse("webhook_test", args=[find(ada).pk]))
    run_due(now=NOW.replace(year=2030), lanes=[Lane.WEBHOOK])
    page = read(client, "delivery_list")
    assert "webhook.test" in page
    assert "announcement by webhook" in page
    with scope(ada.organization_id):
        delivery = Delivery.objects.get(channel="webhook")
    client.post(reverse("delivery_send_again", args=[delivery.pk]))
    server.reply_with(Reply())
    run_due(now=NOW.replace(year=2031), lanes=[Lane.WEBHOOK])
    assert "webhook.test" not in read(client, "delivery_list")


def test_api_keeps_no_secret_for_a_retry(ada: Membership) -> None:
    program = make_caller(ada, list(SCOPES))
    key = {"Idempotency-Key": "once"}
    body = json.dumps(NEW)
    first = program.post("/api/v1/webhooks/", body, content_type="application/json", headers=key).json()
    second = program.post("/api/v1/webhooks/", body, content_type="application/json", headers=key).json()
    assert first["secret"].startswith("whsec_")
    assert second == {**first, "secret": ""}
    with scope(ada.organization_id):
        assert EndpointShape(Endpoint.objects.get()).data["id"] == first["id"]


def test_secrets_are_sealed_anew(client: Client, ada: Membership, settings: LazySettings) -> None:
    client.post(reverse("webhook_list"), NEW)
    client.post(reverse("webhook_secret", args=[find(ada).pk]))
    before = find(ada)
    opened = [open_sealed(text) for text in (before.secret, before.former_secret)]
    settings.ENCRYPTION_KEYS = ["another key", *settings.ENCRYPTION_KEYS]
    assert count_endpoint_seals() == {Seal.FORMER: 1}
    assert reseal_endpoints() == 1
    assert count_endpoint_seals() == {Seal.FIRST: 1}
    after = find(ada)
    assert [open_sealed(text) for text in (after.secret, after.former_secret)] == opened


def test_types_are_those_of_the_documents() -> None:
    api = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    assert [each for each in EventType.values if f"| `{each}` |" not in api] == []
