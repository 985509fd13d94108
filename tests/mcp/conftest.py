"""An agent that speaks to `/mcp` with a key, one message a request, in any revision of the protocol."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from leadhub.accounts.apikeys import SCOPES, create_api_key
from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import scope

STATELESS = "2026-07-28"
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": STATELESS,
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass(frozen=True)
class Agent:
    """Speaks with a key."""

    secret: str
    revision: str = "2025-11-25"
    client: Client = field(default_factory=Client)

    def send(self, message: dict[str, Any], **headers: str) -> Any:
        """Post a message as it is."""
        given = {
            "Authorization": f"Bearer {self.secret}",
            "Accept": "application/json, text/event-stream",
            "Mcp-Protocol-Version": self.revision,
            **headers,
        }
        return self.client.post("/mcp", json.dumps(message), content_type="application/json", headers=given)

    def ask(self, method: str, /, **params: Any) -> Any:
        """Make a request and return its result."""
        headers = {}
        if self.revision == STATELESS:
            params["_meta"] = ENVELOPE
            headers = {"Mcp-Method": method} | ({"Mcp-Name": params["name"]} if "name" in params else {})
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.send(message, **headers).json()

    def list_tools(self) -> dict[str, dict[str, Any]]:
        """Return name → tool."""
        return {tool["name"]: tool for tool in self.ask("tools/list")["result"]["tools"]}

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool that does what it is asked, and return what it tells."""
        result = self.ask("tools/call", name=name, arguments=arguments)["result"]
        assert not result.get("isError"), result["content"][0]["text"]
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["structuredContent"]

    def be_refused(self, name: str, /, **arguments: Any) -> str:
        """Call a tool that refuses, and return its words."""
        result = self.ask("tools/call", name=name, arguments=arguments)["result"]
        assert result["isError"], result
        words: str = result["content"][0]["text"]
        return words


AgentOf = Callable[..., Agent]


@pytest.fixture
def agent_of(now: datetime) -> AgentOf:
    """Make an agent with a key of a member, with all scopes or those given."""

    def make(member: Membership, scopes: list[str] | None = None, revision: str = "2025-11-25") -> Agent:
        with scope(member.organization_id):
            made = create_api_key(name="Agent", scopes=scopes or list(SCOPES), member=member, actor=member, now=now)
        return Agent(made.secret, revision)

    return make
