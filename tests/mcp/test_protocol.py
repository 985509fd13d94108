"""Every revision of the protocol is answered; who has no key in force, or comes from another site's page, is not."""

import pytest
from django.test import Client
from pytest_django import Settings

from leadhub.accounts.models import Membership
from tests.mcp.conftest import STATELESS, Agent, AgentOf
from tests.personas import ClientOf

HANDSHAKES = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]


@pytest.mark.parametrize("revision", HANDSHAKES)
def test_each_revision_with_a_handshake(revision: str, ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada, revision=revision)
    client = {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    greeted = agent.ask("initialize", **client)["result"]
    assert greeted["protocolVersion"] == revision
    assert greeted["serverInfo"]["name"] == "leadhub"
    assert "who_am_i" in greeted["instructions"]
    assert agent.send({"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert "who_am_i" in agent.list_tools()
    assert agent.call("who_am_i")["member"]["name"] == "Ada"


def test_the_stateless_revision(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada, revision=STATELESS)
    found = agent.ask("server/discover")["result"]
    assert STATELESS in found["supportedVersions"]
    assert "who_am_i" in agent.list_tools()
    assert agent.call("who_am_i")["member"]["name"] == "Ada"


def test_without_a_key_in_force_nothing_is_answered(ada: Membership, client_of: ClientOf) -> None:
    for client in (Client(), Client(headers={"Authorization": "Bearer lh_unknown"}), client_of(ada)):
        answer = client.post("/mcp", "{}", content_type="application/json")
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="LeadHub"')
        assert "Authorization: Bearer" in answer.json()["error"]["message"]


def test_a_member_who_left_is_let_in_no_more(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    Membership.objects.filter(pk=ada.pk).update(is_active=False)
    assert agent.send({}).status_code == 401


def test_no_session_is_opened_and_no_stream(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    headers = {"Authorization": f"Bearer {agent.secret}", "Accept": "text/event-stream"}
    for method in ("GET", "DELETE"):
        answer = Client().generic(method, "/mcp", headers=headers)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(("origin", "status"), [("", 200), ("https://own.example", 200), ("https://evil.example", 403)])
def test_another_sites_page_may_not_call(
    origin: str, status: int, ada: Membership, agent_of: AgentOf, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://own.example"
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert agent_of(ada).send(message, **({"Origin": origin} if origin else {})).status_code == status


def test_what_is_no_message_is_told(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    assert agent.send({"a": 1}).status_code == 400
    assert agent.ask("tools/call", name="drop_database")["error"]["message"] == "There is no tool drop_database."
    assert agent.ask("no/such")["error"]["code"] == -32601
    assert agent.send({"big": "x" * 3_000_000}).status_code == 413


def test_every_message_is_counted_once(ada: Membership, agent_of: AgentOf, settings: Settings) -> None:
    settings.API_RATE = "2/d"
    agent = agent_of(ada)
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "who_am_i", "arguments": {}}}
    answers = [agent.send(call) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert "its 2 calls" in answers[2].json()["error"]["message"]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert Agent(agent.secret, STATELESS).send(call).status_code == 429
