"""What goes into a bulk arrival and what comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from leadhub.leads.keys import Key
from leadhub.leads.models import DispositionCode, Door, Intent, Stage


class Duplicates(StrEnum):
    """What a row may do to a person whom the organization knew before."""

    SKIP = "skip"
    FILL = "fill"
    OVERWRITE = "overwrite"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowOutcome:
    """How far the lead came: the moves to make, each at its time, and what was sold."""

    moves: tuple[tuple[Stage, datetime], ...]
    amount: Decimal | None = None
    disposition: DispositionCode | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingRow:
    """One row in normal form. `person` and `touch` hold columns with a value only.

    `asks`: the row is a raised hand, with a date, message or service of its own; otherwise it tells of a known one.
    """

    number: int
    keys: tuple[Key, ...]
    person: Mapping[str, Any]
    domain: str
    touch: Mapping[str, str]
    custom: Mapping[str, str]
    asks: bool
    arrived_at: datetime
    service: str = ""
    intent: Intent = Intent.WARM
    message: str = ""
    quote_value: Decimal | None = None
    currency: str = ""
    outcome: RowOutcome | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Reception:
    """How a chunk is received. `find_own` names those people whom earlier chunks of the same file created."""

    duplicates: Duplicates
    owner_id: UUID
    actor_id: UUID | None
    currency: str
    now: datetime
    door: Door = Door.IMPORT
    find_own: Callable[[set[UUID]], set[UUID]] = field(default=lambda _: set())


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """What a row became. `made` names what it created, `changed` what it overwrote, field by field."""

    number: int
    outcome: str
    reason: str
    person_id: UUID | None = None
    lead_id: UUID | None = None
    inquiry_id: UUID | None = None
    made: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
