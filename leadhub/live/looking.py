"""Who has a lead open right now: signs in Redis that expire, never a row, so that looking costs PostgreSQL nothing.

The live process writes them (`application.py`) for pages that hold a signed `Look`; `views.lead_lookers` reads them.
Without Redis nobody is seen looking, and no page waits for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import redis

from leadhub.lib.cache import connect_redis
from leadhub.live.alerts import name_channel
from leadhub.live.tokens import read_ids, sign_ids
from leadhub.work.bell import publish

LOOKING = "looking"
# A page says so every 20 s (static/js/looking.js): one time may get lost.
_FORGOTTEN_AFTER_SECONDS = 50
_SALT = "leadhub.live.look"


@dataclass(frozen=True, kw_only=True)
class Look:
    """One member with one lead before them."""

    organization_id: UUID
    member_id: UUID
    lead_id: UUID


def make_look_token(look: Look, *, now: datetime) -> str:
    """Return what lets a page of the member say that they look, for some minutes."""
    return sign_ids([look.organization_id, look.member_id, look.lead_id], salt=_SALT, now=now)


def read_look_token(token: str, *, now: datetime) -> Look:
    """Return who looks at what. Raises `BadToken`."""
    (organization_id, member_id, lead_id), _ = read_ids(token, salt=_SALT, now=now)
    return Look(organization_id=organization_id, member_id=member_id, lead_id=lead_id)


def note_look(look: Look, *, now: datetime) -> list[str]:
    """Note that the member looks; return the ids of the others. Who is new rings in the others' browsers."""
    key, member = _name_key(look), str(look.member_id)
    try:
        with connect_redis().pipeline() as pipe:
            pipe.zremrangebyscore(key, "-inf", now.timestamp() - _FORGOTTEN_AFTER_SECONDS)
            pipe.zadd(key, {member: now.timestamp()})
            pipe.expire(key, _FORGOTTEN_AFTER_SECONDS)
            pipe.zrange(key, 0, -1)
            _, added, _, found = pipe.execute()
    except (redis.RedisError, OSError):
        return []
    others = _list_others(found, look)
    if added:
        _ring(look, others)
    return others


def end_look(look: Look) -> None:
    """Note that the member has left the page, and ring in the browsers of those who stay."""
    key = _name_key(look)
    try:
        with connect_redis().pipeline() as pipe:
            pipe.zrem(key, str(look.member_id))
            pipe.zrange(key, 0, -1)
            removed, found = pipe.execute()
    except (redis.RedisError, OSError):
        return
    if removed:
        _ring(look, _list_others(found, look))


def list_lookers(look: Look, *, now: datetime) -> list[str]:
    """Return the ids of the other members who look at the lead, sorted; none where Redis cannot say."""
    oldest = now.timestamp() - _FORGOTTEN_AFTER_SECONDS
    try:
        found = connect_redis().zrangebyscore(_name_key(look), oldest, "+inf")
    except (redis.RedisError, OSError):
        return []
    return _list_others(found, look)


def _list_others(found: Any, look: Look) -> list[str]:
    return sorted(each.decode() for each in found if each.decode() != str(look.member_id))


def _ring(look: Look, members: list[str]) -> None:
    for member in members:
        channel = name_channel(organization_id=look.organization_id, member_id=UUID(member))
        publish(channel=channel, message={"id": str(look.lead_id), "kind": LOOKING})


def _name_key(look: Look) -> str:
    return f"leadhub:looking:{look.organization_id}:{look.lead_id}"
