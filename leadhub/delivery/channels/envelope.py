"""What a channel is given: no model, no connection, nothing that could be saved by mistake."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One outbound call. `id` is the same at every attempt: the idempotency key, and the Message-ID's left half.

    After `leave_by`, an instant of `time.monotonic`, a channel without idempotency keys begins nothing any more.
    """

    id: UUID
    organization_id: UUID
    channel: str
    purpose: str
    recipient: str
    content: dict[str, Any]
    leave_by: float | None = None


class Channel(Protocol):
    """One way out."""

    @property
    def is_idempotent(self) -> bool:
        """Say whether the other side drops a repeated call, by its idempotency key."""

    def send(self, envelope: Envelope) -> str:
        """Make the call and return the other side's id. Raises only `SendFailure`s."""
