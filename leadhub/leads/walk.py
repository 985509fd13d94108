"""What walks the line: one event's `Walk`, or the `Batch` of a whole chunk. Made by the line; read by the features."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from leadhub.leads.models import Event, Inquiry, Lead, Person
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id

Value = TypeVar("Value")


@dataclass(kw_only=True)
class Walk:
    """One event on its way. A step updates `lead` in place and saves only the fields that are its own.

    `is_new_inquiry`: the event is a raised hand that counts (no duplicate). `is_quiet`: an import; nobody is
    alerted and nothing is acknowledged. `opened_lead`, `met_person`: this very walk made the row, so that no step
    need ask what there is of it already. `notes` keep what one step read and a later one needs; the line forgets
    them where a step fails.
    """

    event: Event
    person: Person
    lead: Lead | None
    inquiry: Inquiry | None
    is_new_inquiry: bool
    is_quiet: bool
    now: datetime
    opened_lead: bool = False
    met_person: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, read: Callable[[], Value]) -> Value:
        """Return what an earlier step noted under the name, else what `read` returns, and note it."""
        if name not in self.notes:
            self.notes[name] = read()
        value: Value = self.notes[name]
        return value

    @property
    def organization(self) -> Organization:
        """Return the organization in scope."""
        return self.once("organization", lambda: Organization.objects.get(pk=get_organization_id()))


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The leads of one chunk, identified together and walked in sets. Always quiet: nobody is alerted.

    `lead_ids` and `inquiry_ids` are those that the chunk's rows opened or joined, each once. `assign_to` is the member
    who is to own the leads; None: the routing rules choose.
    """

    lead_ids: tuple[UUID, ...]
    inquiry_ids: tuple[UUID, ...]
    now: datetime
    assign_to: UUID | None = None
