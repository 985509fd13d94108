"""Drive the SDK's Streamable HTTP transport within a Django request: without sessions, answered in JSON.

The transport is ASGI and the web is WSGI: one message in, one answer out, so both ends are a few lines. The SDK's
handlers run in the request's own thread, with its database connection.
"""

from dataclasses import dataclass, field
from typing import Any

import anyio
from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from leadhub.mcp.agents import Agent
from leadhub.mcp.server import build_server


@dataclass
class _Answer:
    """What the transport sent."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, message: Any) -> None:
        """Keep a part of the answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self.body += message.get("body", b"")


def exchange(agent: Agent, request: HttpRequest, body: bytes) -> HttpResponse:
    """Answer a message of the agent."""
    answer = _Answer()
    async_to_sync(_serve)(agent, request, body, answer)
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers:
        response[name.decode("latin-1")] = value.decode("latin-1")
    return response


async def _serve(agent: Agent, request: HttpRequest, body: bytes, answer: _Answer) -> None:
    manager = StreamableHTTPSessionManager(
        build_server(agent, request),
        json_response=True,
        stateless=True,
        security_settings=_guard(request),
    )
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if not parts:
            await anyio.sleep_forever()
        return parts.pop()

    async with manager.run():
        await manager.handle_request(_describe(request), receive, answer.send)


def _guard(request: HttpRequest) -> TransportSecuritySettings:
    """Let no page of another site call: not even one whose name was bent to this host (DNS rebinding)."""
    return TransportSecuritySettings(allowed_hosts=[request.get_host()], allowed_origins=[settings.PUBLIC_URL])


def _describe(request: HttpRequest) -> dict[str, Any]:
    """Return the request as ASGI tells it."""
    given = {**request.headers, "Host": request.get_host()}
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in given.items()]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": request.scheme,
        "path": request.path,
        "query_string": b"",
        "headers": headers,
    }
