"""Statements about one lead that hold conditions: written once in a process, asked of every lead that walks the line.

Compiling a condition costs more than asking it of one lead. It is compiled for stand-ins, and each time the lead, its
person, the event and the instant take their places.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection

from leadhub.leads.models import Event, Lead
from leadhub.tenancy.scope import get_organization_id

_MOST_KEPT = 500


class _Instant(datetime):
    """An instant that stands for another; one that is reckoned from it is one as well."""


LEAD_ID, PERSON_ID, EVENT_ID = (UUID(f"00000000-0000-0000-0000-5ead0000000{number}") for number in (1, 2, 3))
NOW = _Instant(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Prepared:
    """A statement for the stand-ins `LEAD_ID`, `PERSON_ID`, `EVENT_ID` and `NOW`, and its parameters."""

    text: str
    params: tuple[Any, ...]

    def ask(self, *, lead: Lead, now: datetime, event: Event | None = None) -> list[tuple[Any, ...]]:
        """Return the rows for a lead at an instant."""
        ids = {LEAD_ID: lead.pk, PERSON_ID: lead.person_id, EVENT_ID: event.pk if event else None}
        with connection.cursor() as cursor:
            cursor.execute(self.text, [_fill(param, ids=ids, now=now) for param in self.params])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


_prepared: dict[tuple[UUID, str, str], Prepared] = {}
_lock = Lock()  # the web walks the line in several threads


def prepare(*, purpose: str, conditions: object, write: Callable[[], tuple[str, Sequence[Any]]]) -> Prepared:
    """Return the organization's statement for a purpose, which `write` compiles where the conditions are new.

    `conditions` are whatever the statement depends on: it is written anew for another `repr` of them.
    """
    key = (get_organization_id(), purpose, repr(conditions))
    prepared = _prepared.get(key)
    if prepared is None:
        text, params = write()
        prepared = Prepared(text, tuple(params))
        with _lock:
            while len(_prepared) >= _MOST_KEPT:
                del _prepared[next(iter(_prepared))]
            _prepared[key] = prepared
    return prepared


def _fill(param: Any, *, ids: dict[UUID, UUID | None], now: datetime) -> Any:
    if isinstance(param, _Instant):
        return now + (param - NOW)
    return ids.get(param, param) if isinstance(param, UUID) else param
