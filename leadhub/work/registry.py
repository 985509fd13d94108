"""Kind → lane and handler. Apps fill it in `AppConfig.ready()`, so that work never imports what it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from leadhub.work.models import Lane

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class ClaimedJob:
    """A job as a worker claimed it: `token` and `generation` say which claim, `attempts` counts this one."""

    id: UUID
    organization_id: UUID
    lane: str
    kind: str
    target_id: UUID
    dedupe_key: str
    token: UUID
    generation: int
    attempts: int
    due_at: datetime
    lease_until: datetime


class Handler(Protocol):
    """Writes rows only, inside the organization's scope and the job's transaction."""

    def __call__(self, *, job: ClaimedJob, now: datetime) -> None:
        """Do the job; any exception rolls everything back and is retried."""


class Sender(Protocol):
    """Touches the network, so it opens short scopes itself and completes the job in the last one."""

    def __call__(self, *, job: ClaimedJob, clock: Clock) -> None:
        """Do the job; any exception is retried."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """How one kind of job is done, by a handler or by a sender."""

    lane: Lane
    handler: Handler | None = None
    sender: Sender | None = None


class UnknownKind(LookupError):
    """No app registered the kind of job."""


_registrations: dict[str, Registration] = {}


def register(kind: str, lane: Lane, handler: Handler) -> None:
    """Let a handler do the jobs of a kind."""
    _registrations[kind] = Registration(lane=lane, handler=handler)


def register_sender(kind: str, lane: Lane, sender: Sender) -> None:
    """Let a sender do the jobs of a kind; only delivery needs one."""
    _registrations[kind] = Registration(lane=lane, sender=sender)


def get_registration(kind: str) -> Registration:
    """Return how a kind is done; raise `UnknownKind` where no app registered it."""
    try:
        return _registrations[kind]
    except KeyError:
        raise UnknownKind(f"No app registered the kind of job {kind!r}.") from None
