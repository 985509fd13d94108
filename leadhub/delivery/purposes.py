"""The hooks of each purpose of mail: one may rule on a delivery right before the call, others hear what came of it.

Apps register them in `AppConfig.ready()`, so that delivery never imports what it delivers for. The sender calls them,
and so does the reader of incoming mail when a mail has come back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.delivery.models import Delivery


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """Whether to call: now, at a later instant, or never, for a reason."""

    later: datetime | None = None
    withdrawn: str = ""


Note = Callable[[Delivery, datetime], None]


def let_leave(delivery: Delivery, now: datetime) -> Ruling:  # noqa: ARG001  one signature for all rules
    """Rule that the call is made at once."""
    return Ruling()


def note_nothing(delivery: Delivery, now: datetime) -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """The hooks of one purpose. Each runs in a short transaction of its caller; none touches the network."""

    rule: Callable[[Delivery, datetime], Ruling] = let_leave
    note_sent: Note = note_nothing
    note_unsent: Note = note_nothing
    note_returned: Note = note_nothing


_purposes: dict[str, Purpose] = {}


def register_purpose(name: str, purpose: Purpose) -> None:
    """Register the hooks that are called around each delivery of the purpose."""
    _purposes[name] = purpose


def is_told(purpose: str) -> bool:
    """Say whether the purpose has hooks that hear what came of its deliveries."""
    return purpose in _purposes


def rule_on(delivery: Delivery, now: datetime) -> Ruling:
    """Ask the delivery's purpose; one without rules is called at once."""
    purpose = _purposes.get(delivery.purpose)
    return purpose.rule(delivery, now) if purpose else Ruling()


def tell_sent(*, purpose: str, delivery_id: UUID, now: datetime) -> None:
    """Tell the purpose that a delivery of its own was made."""
    if told := _purposes.get(purpose):
        told.note_sent(Delivery.objects.get(pk=delivery_id), now)


def tell_unsent(*, delivery: Delivery, now: datetime) -> None:
    """Tell the purpose that a delivery of its own was certainly not made and is not tried again by itself."""
    if told := _purposes.get(delivery.purpose):
        told.note_unsent(delivery, now)


def tell_returned(*, delivery: Delivery, now: datetime) -> None:
    """Tell the purpose that a mail of its own left, and came back for good."""
    if told := _purposes.get(delivery.purpose):
        told.note_returned(delivery, now)
