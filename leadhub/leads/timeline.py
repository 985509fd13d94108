"""The timeline: the one place that writes an event. Called by every domain function and by the features.

An event that must walk the line (be scored, routed, …) is announced to the followers, which `leadhub.line` registers,
so that this floor need not know of jobs. What the line writes itself passes `walks=False`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Inquiry, Lead, Person
from leadhub.tenancy.inserts import insert_new

Follower = Callable[[Sequence[Event], datetime], None]
_followers: list[Follower] = []


def follow(callback: Follower) -> None:
    """Call the callback with new events that are to walk the line, in the transaction that wrote them."""
    if callback not in _followers:
        _followers.append(callback)


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
    return insert_new(events)


def announce_events(events: Sequence[Event], *, now: datetime) -> None:
    """Tell the followers that the events are to walk the line."""
    for callback in _followers:
        callback(events, now)
