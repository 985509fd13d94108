"""The official SDK's own client works with a server that runs, with a handshake and without."""

from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from leadhub.desk.founding import Founded

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.parametrize(("mode", "revision"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_the_sdks_client_works(
    mode: Any, revision: str, founded: Founded, live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url

    async def work() -> None:
        headers = {"Authorization": f"Bearer {founded.api_key}", "Origin": live_server.url}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(f"{live_server.url}/mcp", http_client=http), mode=mode) as agent,
        ):
            assert agent.protocol_version == revision
            assert len((await agent.list_tools()).tools) > 40
            made = await agent.call_tool("create_lead", {"email": "lea@client.example"})
            found = await agent.call_tool(
                "search_leads", {"email": "lea@client.example"}
            )  # it checks the answer's shape
            assert found.structured_content["results"][0]["id"] == made.structured_content["id"]
            refused = await agent.call_tool("get_lead", {"lead_id": "nobody"})
            assert refused.is_error

    anyio.run(work)
