"""The stream tells each alert, whatever Redis does, and ends with its token."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, MutableMapping
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import LazySettings
from django.db import connections

from leadhub.accounts.models import Membership
from leadhub.lib.clock import utc_now
from leadhub.live import replay, stream
from leadhub.live.alerts import name_channel, raise_alert
from leadhub.live.application import build_application
from leadhub.live.hub import Hub
from leadhub.live.stream import Stream, read_instant, write_event
from leadhub.live.tokens import Listener, make_token
from leadhub.tenancy.scope import scope
from leadhub.work import bell
from leadhub.work.bell import Bell
from tests.own_valkey import OwnValkey

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PATIENCE_SECONDS = 15


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, own_valkey: OwnValkey, settings: LazySettings) -> None:
    """Ring in a Redis of the test's own; be deaf for a moment only."""
    settings.REDIS_URL = own_valkey.url
    monkeypatch.setattr(bell, "_bell", Bell())
    monkeypatch.setattr(stream, "_DEAF_SECONDS", 0.2)


@pytest.fixture(autouse=True)
def _close_readers() -> object:
    """Close the reading threads' connections, so that the test database can be dropped."""
    yield
    for _ in range(8):
        replay._threads.submit(connections.close_all).result()


def alert(member: Membership, key: str) -> str:
    with scope(member.organization_id):
        raised = raise_alert(member=member, kind="assigned", lead=None, text="A lead", dedupe_key=key, now=utc_now())
    assert raised is not None
    return str(raised.id)


def listener_of(member: Membership, *, seconds: float = 600) -> Listener:
    issued_at = utc_now() - timedelta(minutes=10) + timedelta(seconds=seconds)
    return Listener(organization_id=member.organization_id, member_id=member.id, issued_at=issued_at)


@contextlib.asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[Hub]:
    task = asyncio.create_task(hub.run())
    try:
        yield hub
    finally:
        task.cancel()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.02)


async def next_id(events: AsyncIterator[str]) -> str:
    """Return the next alert's id."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for text in events:
            if text.startswith("event: alert"):
                return text.split("id: ")[1].split("\n")[0]
    raise AssertionError("the stream ended")


def test_ring_is_told_at_once(ria: Membership) -> None:
    @async_to_sync
    async def scenario() -> None:
        async with running(Hub()) as hub:
            await until(lambda: hub.hears)
            events = Stream(listener=listener_of(ria), hub=hub, last_event_id="").write()
            await anext(events)
            assert await next_id_after(events, lambda: alert(ria, "a"))

    scenario()


async def next_id_after(events: AsyncIterator[str], act: Callable[[], str]) -> bool:
    """Do something while the stream waits; say whether the next alert is the one it returns."""
    waiting = asyncio.create_task(next_id(events))
    await asyncio.sleep(0.1)
    wanted = await sync_to_async(act)()
    return await waiting == wanted


@pytest.mark.parametrize(
    "told", [b"\xff", b"[]", b"{}", b'{"id": "1\\ndata: x", "kind": "a"}', b'{"id": 1, "kind": "a"}']
)
def test_what_nobody_of_ours_rang_is_not_told_and_stops_nothing(told: bytes) -> None:
    hub = Hub(url="redis://127.0.0.1:1/0")
    with hub.listen("channel") as rings:
        hub._handle({"type": "pmessage", "channel": b"channel", "data": told})
        assert rings.empty()


def test_alert_of_somebody_else_is_not_told(ria: Membership, raj: Membership) -> None:
    @async_to_sync
    async def scenario() -> None:
        async with running(Hub()) as hub:
            await until(lambda: hub.hears)
            events = Stream(listener=listener_of(ria), hub=hub, last_event_id="").write()
            await anext(events)
            await sync_to_async(alert)(raj, "his")
            assert await next_id_after(events, lambda: alert(ria, "hers"))

    scenario()


def test_what_came_after_the_last_event_is_told_again_once(ria: Membership) -> None:
    first, second = alert(ria, "a"), alert(ria, "b")

    @async_to_sync
    async def scenario() -> list[str]:
        events = Stream(listener=listener_of(ria), hub=Hub(), last_event_id=first).write()
        told = [await next_id(events), await next_id(events)]
        assert await next_id_after(events, lambda: alert(ria, "c"))
        return told

    assert scenario() == [first, second]  # the first lies within the overlap: the page knows it


def test_dead_redis_delays_alerts_by_seconds_only(ria: Membership, own_valkey: OwnValkey) -> None:
    @async_to_sync
    async def scenario() -> None:
        async with running(Hub()) as hub:
            await until(lambda: hub.hears)
            events = Stream(listener=listener_of(ria), hub=hub, last_event_id="").write()
            await anext(events)
            own_valkey.kill()
            assert await next_id_after(events, lambda: alert(ria, "while dead"))
            own_valkey.start()
            await until(lambda: hub.hears)
            assert await next_id_after(events, lambda: alert(ria, "after"))

    scenario()


def test_frozen_redis_is_noticed(ria: Membership, own_valkey: OwnValkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadhub.live.hub._QUIET_SECONDS", 0.2)
    monkeypatch.setattr("leadhub.live.hub._ANSWER_SECONDS", 0.2)

    @async_to_sync
    async def scenario() -> None:
        async with running(Hub()) as hub:
            await until(lambda: hub.hears)
            own_valkey.freeze()
            await until(lambda: not hub.hears)
            own_valkey.thaw()
            await until(lambda: hub.hears)

    scenario()


def test_stream_ends_with_its_token(ria: Membership) -> None:
    @async_to_sync
    async def scenario() -> list[str]:
        events = Stream(listener=listener_of(ria, seconds=0.5), hub=Hub(), last_event_id="").write()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [text async for text in events]

    assert scenario()[0] == "retry: 2000\n\n"


def test_event_carries_ids_only() -> None:
    text = write_event(replay.Ring(id="0192", kind="assigned"))
    assert text == 'event: alert\nid: 0192\ndata: {"id": "0192", "kind": "assigned"}\n\n'


def test_last_event_id_that_is_none_of_ours_is_ignored() -> None:
    assert read_instant("") is None
    assert read_instant("1; DROP TABLE alert") is None
    assert read_instant("0f6f0f2e-0000-4000-8000-000000000000") is None


@async_to_sync
async def get(query: str, *, origin: str = "") -> tuple[int, dict[str, str], str]:
    """Ask the application for the stream and return status, headers and the whole text."""
    application = build_application()
    sent: list[dict[str, Any]] = []
    asked = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if asked.is_set():
            await asyncio.Event().wait()  # the browser stays
        asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(dict(message))

    headers = [(b"host", b"live.example"), (b"origin", origin.encode())]
    asgi = {"type": "http", "method": "GET", "path": "/live/stream", "query_string": query.encode(), "headers": headers}
    async with application.router.lifespan_context(application), asyncio.timeout(PATIENCE_SECONDS):
        await application({**asgi, "server": ("live.example", 80), "scheme": "http"}, receive, send)
    answered = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]).decode()


def test_bad_token_is_refused_and_only_our_pages_may_read(settings: LazySettings) -> None:
    settings.LIVE_URL, settings.PUBLIC_URL = "https://live.example", "https://leads.example"
    status, headers, _ = get("token=x", origin="https://leads.example")
    assert status == 401
    assert headers["access-control-allow-origin"] == "https://leads.example"
    _, headers, _ = get("token=x", origin="https://evil.example")
    assert "access-control-allow-origin" not in headers


def test_page_of_the_asked_host_may_read_where_the_setting_says_so(settings: LazySettings) -> None:
    settings.LIVE_URL = "http://{host}:8123"
    _, headers, _ = get("token=x", origin="http://live.example:8000")
    assert headers["access-control-allow-origin"] == "http://live.example:8000"
    _, headers, _ = get("token=x", origin="http://evil.example:8000")
    assert "access-control-allow-origin" not in headers


def test_short_token_streams_over_http(ria: Membership) -> None:
    told = alert(ria, "a")
    issued_at = utc_now() - timedelta(minutes=10) + timedelta(seconds=2)
    token = make_token(organization_id=ria.organization_id, member_id=ria.id, now=issued_at)
    status, headers, text = get(f"token={token}&last_event_id={told}")
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert told in text


def test_channel_names_organization_and_member(ria: Membership) -> None:
    channel = name_channel(organization_id=ria.organization_id, member_id=ria.id)
    assert channel.endswith(f"{ria.organization_id}:{ria.id}")
