"""The timeline: the one place that writes an event. Called by every domain function and by the features.

An event that must walk the line (be scored, routed, …) is announced to the followers, which `leadhub.line` registers,
so that this floor need not know of jobs. What the line writes itself passes `walks=False`. Watchers are told of every
event, but for those that are written in silence.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Person
from leadhub.tenancy.inserts import insert_new

Follower = Callable[[Sequence[Event], datetime], None]
Watcher = Callable[[Sequence[Event]], None]
_followers: list[Follower] = []
_watchers: list[Watcher] = []
_is_silent: ContextVar[bool] = ContextVar("leadhub_silence", default=False)


def follow(callback: Follower) -> None:
    """Call the callback with new events that are to walk the line, in the transaction that wrote them."""
    if callback not in _followers:
        _followers.append(callback)


def watch(callback: Watcher) -> None:
    """Call the callback with new events, whether they walk or not, in the transaction that wrote them."""
    if callback not in _watchers:
        _watchers.append(callback)


@contextmanager
def in_silence() -> Iterator[None]:
    """Tell no watcher of what the block writes: an import brings what happened elsewhere, long ago."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def record_event(
    *,
    person: Person,
    lead: Lead | None,
    kind: EventKind,
    occurred_at: datetime,
    now: datetime,
    actor: Membership | None = None,
    inquiry: Inquiry | None = None,
    summary: str = "",
    properties: dict[str, Any] | None = None,
    dedupe_key: str = "",
    is_self_reported: bool = False,
    walks: bool = True,
) -> Event:
    """Write what happened and return it; with a `dedupe_key` already there, return that event and do nothing."""
    event = Event(
        person=person,
        lead=lead,
        inquiry=inquiry,
        kind=kind,
        occurred_at=occurred_at,
        logged_at=now,
        actor=actor,
        is_self_reported=is_self_reported,
        summary=summary[:300],
        properties=properties or {},
        dedupe_key=dedupe_key,
    )
    if not record_events([event]):
        return Event.objects.get(dedupe_key=dedupe_key)
    if walks:
        announce_events([event], now=now)
    return event


def record_events(events: Sequence[Event]) -> list[Event]:
    """Write many events in one statement and return those whose dedupe key was not there; none of them walks."""
    written = insert_new(events)
    show_events(written)
    return written


def show_events(events: Sequence[Event]) -> None:
    """Tell the watchers of events; for who writes them together with other rows."""
    if not _is_silent.get():
        for callback in _watchers:
            callback(events)


def announce_events(events: Sequence[Event], *, now: datetime) -> None:
    """Tell the followers that the events are to walk the line."""
    for callback in _followers:
        callback(events, now)
