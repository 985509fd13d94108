"""Who looks at a lead is told to those who look at the same, by name only, for as long as they look."""

import json
from collections.abc import Generator, MutableMapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.urls import reverse
from redis.client import PubSub

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.live.alerts import CHANNEL_PREFIX, name_channel
from leadhub.live.application import build_application
from leadhub.live.looking import LOOKING, Look, end_look, list_lookers, make_look_token, note_look, read_look_token
from leadhub.live.replay import Ring
from leadhub.live.stream import write_event
from leadhub.live.tokens import TOKEN_MINUTES, BadToken, make_token
from leadhub.tenancy.scope import scope
from leadhub.work import bell
from leadhub.work.bell import Bell
from tests.desk.leads import make_lead
from tests.own_valkey import OwnValkey
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(own_valkey: OwnValkey, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Generator[PubSub]:
    """Hear the rings, in a Redis of the test's own."""
    settings.REDIS_URL = own_valkey.url
    monkeypatch.setattr(bell, "_bell", Bell())
    with redis.Redis.from_url(own_valkey.url).pubsub(ignore_subscribe_messages=True) as heard:
        heard.psubscribe(f"{CHANNEL_PREFIX}*")
        heard.get_message(timeout=5)
        yield heard


@pytest.fixture
def lead(ria: Membership, now: datetime) -> Lead:
    """A lead of Ria's."""
    with scope(ria.organization_id):
        return make_lead(owner=ria, now=now)


def look_of(member: Membership, lead: Lead) -> Look:
    return Look(organization_id=member.organization_id, member_id=member.id, lead_id=lead.id)


def read(member: Membership, lead: Lead, client_of: ClientOf) -> Any:
    return client_of(member).get(reverse("lead_lookers", args=[lead.id])).json()


def test_those_who_look_are_rung_when_others_come_and_go(
    ria: Membership, raj: Membership, lead: Lead, now: datetime, heard: PubSub
) -> None:
    hers, his = look_of(ria, lead), look_of(raj, lead)
    ring = (name_channel(organization_id=ria.organization_id, member_id=ria.id), str(lead.id))
    assert note_look(hers, now=now) == []
    assert note_look(his, now=now) == [str(ria.id)]
    assert hear(heard) == ring
    assert note_look(his, now=now) == [str(ria.id)]
    assert hear(heard, seconds=0.1) is None
    end_look(his)
    assert hear(heard) == ring
    end_look(his)
    assert hear(heard, seconds=0.1) is None
    assert list_lookers(hers, now=now) == []


def hear(heard: PubSub, *, seconds: float = 5) -> tuple[str, str] | None:
    """Return in whose channel it rang next, and for which lead."""
    message = heard.get_message(timeout=seconds)
    return (message["channel"].decode(), json.loads(message["data"])["id"]) if message else None


def test_who_is_silent_is_forgotten(ria: Membership, raj: Membership, lead: Lead, now: datetime) -> None:
    note_look(look_of(raj, lead), now=now)
    later = now + timedelta(minutes=1)
    assert list_lookers(look_of(ria, lead), now=later) == []
    assert note_look(look_of(ria, lead), now=later) == []


def test_page_reads_names_of_colleagues_only(
    ria: Membership, raj: Membership, max_: Membership, eve: Membership, lead: Lead, client_of: ClientOf
) -> None:
    assert read(ria, lead, client_of)["words"] == ""
    note_look(look_of(raj, lead), now=utc_now())
    assert read(ria, lead, client_of)["words"] == "Raj is looking at this lead too"
    note_look(look_of(max_, lead), now=utc_now())
    assert read(ria, lead, client_of)["words"] == "Max and Raj are looking at this lead too"
    assert read(raj, lead, client_of)["words"] == "Max is looking at this lead too"
    note_look(look_of(eve, lead), now=utc_now())
    assert "Eve" not in read(ria, lead, client_of)["words"]
    assert client_of(eve).get(reverse("lead_lookers", args=[lead.id])).status_code == 404


def test_without_redis_nobody_is_seen_and_nothing_waits(
    ria: Membership, lead: Lead, now: datetime, own_valkey: OwnValkey, settings: LazySettings, client_of: ClientOf
) -> None:
    settings.REDIS_URL = own_valkey.url
    own_valkey.kill()
    assert note_look(look_of(ria, lead), now=now) == []
    end_look(look_of(ria, lead))
    assert read(ria, lead, client_of)["words"] == ""


def test_live_process_believes_tokens_of_this_kind_only(ria: Membership, raj: Membership, lead: Lead) -> None:
    note_look(look_of(raj, lead), now=utc_now())
    token = make_look_token(look_of(ria, lead), now=utc_now())
    status, others = post(f"token={token}")
    assert status == 200
    assert json.loads(others) == {"others": [str(raj.id)]}
    assert post(f"token={token}&left")[0] == 204
    stream_token = make_token(organization_id=ria.organization_id, member_id=ria.id, now=utc_now())
    assert post(f"token={stream_token}")[0] == 401
    assert list_lookers(look_of(raj, lead), now=utc_now()) == []


@async_to_sync
async def post(query: str) -> tuple[int, bytes]:
    """Tell the live process that somebody looks; return its status and its answer."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(dict(message))

    asgi = {"type": "http", "method": "POST", "path": "/live/looking", "query_string": query.encode(), "headers": []}
    await build_application()(asgi, receive, send)
    return sent[0]["status"], sent[1].get("body", b"")


def test_old_token_is_refused(now: datetime) -> None:
    look = Look(organization_id=uuid4(), member_id=uuid4(), lead_id=uuid4())
    token = make_look_token(look, now=now)
    assert read_look_token(token, now=now) == look
    with pytest.raises(BadToken):
        read_look_token(token, now=now + timedelta(minutes=TOKEN_MINUTES))


def test_event_names_the_lead_and_nobody() -> None:
    assert write_event(Ring(id="0192", kind=LOOKING)) == 'event: looking\ndata: {"lead": "0192"}\n\n'
