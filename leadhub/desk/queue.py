"""The rep's next actions, in the order in which to take them: one SQL statement, whatever the number of leads.

The queue page, its fragments, the home page and `GET /api/v1/queue/` call it. The order: what is overdue, then hot
leads by deadline, then what is due now and woken leads, then score × value. A lead that was put off, or has only a task
in the future, waits under "planned". Nurture leads, which nobody has offered to sales and nobody has promised anything,
are not sales' work and stay out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from leadhub.accounts.models import Membership
from leadhub.desk.queue_statement import STATEMENT, STATEMENT_FOR_MARKETING
from leadhub.leads.models import Channel, Stage
from leadhub.leads.models.choices import OPEN_STAGES
from leadhub.tenancy.scope import get_organization_id

PAGE_SIZE = 25
NEAR = timedelta(hours=1)


class Reason(StrEnum):
    """Why a lead is next; the statement decides it."""

    SLA_MISSED = "sla_missed"
    TASK_OVERDUE = "task_overdue"
    HOT = "hot"
    WOKEN = "woken"
    TASK_DUE = "task_due"
    PROMISE_NEAR = "promise_near"
    ASKED = "asked"
    WORTH = "worth"
    PLANNED = "planned"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One next action: the lead, why it is next, and what a rep must know before they call.

    `closing_pool_id` is the pool in whose business hours a promise runs; one that always works needs no asking.
    """

    lead_id: UUID
    person_id: UUID
    number: int
    stage: str
    verdict: str
    channel: str
    source: str
    campaign: str
    currency: str
    captured_at: datetime
    cooling_at: datetime | None
    wakes_at: datetime | None
    first_name: str
    last_name: str
    email: str
    phone: str
    do_not_contact: bool
    company: str
    message: str
    service: str
    intent: str
    reason: Reason
    due_at: datetime | None
    started_at: datetime | None
    task_id: UUID | None
    task_kind: str
    task_title: str
    task_due_at: datetime | None
    is_offered: bool
    offer_expires_at: datetime | None
    closing_pool_id: UUID | None
    quote_value: Decimal | None
    pipeline_value: Decimal
    score: float | None
    grade: str
    entered_at: datetime

    @property
    def name(self) -> str:
        """The best name we have for the human."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.phone or "Unnamed"

    @property
    def value(self) -> Decimal | None:
        """What is at stake: the open deals, else what was quoted."""
        return self.pipeline_value or self.quote_value

    @property
    def channel_label(self) -> str:
        """The report channel in words."""
        return str(Channel(self.channel).label)

    @property
    def group(self) -> str:
        """The part of the list that the reason belongs to."""
        return GROUPS[self.reason]


GROUPS = {
    Reason.SLA_MISSED: "overdue",
    Reason.TASK_OVERDUE: "overdue",
    Reason.HOT: "hot",
    Reason.WOKEN: "due",
    Reason.TASK_DUE: "due",
    Reason.PROMISE_NEAR: "due",
    Reason.ASKED: "next",
    Reason.WORTH: "next",
    Reason.PLANNED: "planned",
}


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The first rows of a member's queue, and how many there are of each group."""

    rows: list[Row]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """How many leads there is something to do about now."""
        return sum(count for group, count in self.counts.items() if group != "planned")


def list_queue(
    *,
    member: Membership,
    now: datetime,
    is_planned: bool = False,
    offset: int = 0,
    limit: int = PAGE_SIZE,
    lead_id: UUID | None = None,
) -> Queue:
    """Return the member's next actions in order (with `is_planned`, the leads that wait for their day instead).

    `today`, which decides what is overdue rather than due, is the active time zone's. With `lead_id`, only that one.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    parameters = {
        "organization": get_organization_id(),
        "member": member.pk,
        "lead": lead_id,
        "open": [stage.value for stage in OPEN_STAGES],
        "worked": [stage.value for stage in OPEN_STAGES if stage != Stage.NEW],
        "now": now,
        "today": today,
        "near": now + NEAR,
        "is_planned": is_planned,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT_FOR_MARKETING if member.is_marketing_owner else STATEMENT, parameters)
        names = [column.name for column in cursor.description or ()]
        records = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return _read(records)


def _read(records: list[dict[str, Any]]) -> Queue:
    """Turn the statement's rows into the queue; the first row carries the counts, alone when there is nothing."""
    counts = {group: records[0][f"{group}_count"] for group in ("overdue", "hot", "due", "next", "planned")}
    wanted = Row.__dataclass_fields__
    rows = [
        Row(**{key: value for key, value in {**record, "reason": Reason(record["reason"])}.items() if key in wanted})
        for record in records
        if record["lead_id"] is not None
    ]
    return Queue(rows=rows, counts=counts)
