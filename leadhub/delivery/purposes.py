"""What a purpose of mail asks for around the call: a last word before it, a note after it.

Apps fill it in `AppConfig.ready()`, so that delivery never imports what it delivers for. The sender asks.
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


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """Both run in the sender's own short transactions; neither touches the network."""

    rule: Callable[[Delivery, datetime], Ruling]
    note_sent: Callable[[Delivery, datetime], None]


_purposes: dict[str, Purpose] = {}


def register_purpose(name: str, purpose: Purpose) -> None:
    """Have the purpose asked before each of its calls, and told of each that succeeded."""
    _purposes[name] = purpose


def rule_on(delivery: Delivery, now: datetime) -> Ruling:
    """Ask the delivery's purpose; one without rules is called at once."""
    purpose = _purposes.get(delivery.purpose)
    return purpose.rule(delivery, now) if purpose else Ruling()


def tell_sent(*, purpose: str, delivery_id: UUID, now: datetime) -> None:
    """Tell the purpose that a delivery of its own was made."""
    if told := _purposes.get(purpose):
        told.note_sent(Delivery.objects.get(pk=delivery_id), now)
