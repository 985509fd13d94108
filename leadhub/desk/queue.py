"""The rep's next actions, in the order in which to take them: one SQL statement, whatever the number of leads.

The queue page, its fragments, the home page and `GET /api/v1/queue/` call it. DESIGN section 11 gives the order:
what is overdue, then hot leads by deadline, then what is due now and woken leads, then score × value. A lead
that was put off, or has only a task in the future, waits under "planned". Nurture leads, which nobody has offered
to sales and nobody has promised anything, are not sales' work and stay out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Inquiry, Lead, Stage, Task
from leadhub.leads.models.choices import OPEN_STAGES
from leadhub.tenancy.scope import get_organization_id
from routing.models import Assignment
from scoring.queries import with_score

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
    """One next action: the lead, why it is next, and what a rep must know before they call."""

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
    pool_id: UUID | None
    quote_value: Decimal | None
    score: float | None
    grade: str
    entered_at: datetime

    @property
    def name(self) -> str:
        """The best name we have for the human."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.phone or "Unnamed"

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
    mine, mine_parameters = _mine(member=member, now=now, lead_id=lead_id)
    organization_id = get_organization_id()
    parameters = [
        *mine_parameters,
        *(organization_id, organization_id, member.pk),
        *(now, now, today, now, now, now + NEAR, organization_id),
        *(is_planned, limit, offset),
        *(organization_id, organization_id, organization_id),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(mine=mine), parameters)
        names = [column.name for column in cursor.description or ()]
        records = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return _read(records)


def _mine(*, member: Membership, now: datetime, lead_id: UUID | None) -> tuple[str, tuple[Any, ...]]:
    """Compile the member's open leads that there is something to do about, with their score now.

    Nobody works what marketing has before it is ready; such leads are many, so they are left out first.
    """
    fields = ("id", "person_id", "number", "stage", "verdict", "channel", "source", "campaign", "currency")
    values = ("captured_at", "cooling_at", "wakes_at", "quote_value", "pipeline_value")
    waiting = Inquiry.objects.filter(first_attempt_at=None, due_at__isnull=False, duplicate_of=None)
    promised = Task.objects.filter(member=member, done_at=None)
    given = Assignment.objects.filter(member=member, ended_at=None, is_sales=True)
    asks = Q(pk__in=waiting.values("lead")) | Q(pk__in=promised.values("lead")) | Q(pk__in=given.values("lead"))
    leads = Lead.objects.filter(~Q(stage=Stage.NEW) | asks, owner=member, stage__in=OPEN_STAGES)
    scored = with_score(leads.filter(pk=lead_id) if lead_id else leads, now)
    sql, parameters = scored.values(*fields, *values, points=F("score"), grade=F("grade_now")).query.sql_with_params()
    return sql, parameters


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


_STATEMENT = """
WITH mine AS MATERIALIZED ({mine}),
waiting AS (
  SELECT DISTINCT ON (inquiry.lead_id) inquiry.lead_id, inquiry.due_at, inquiry.arrived_at, inquiry.intent
  FROM inquiry JOIN mine ON mine.id = inquiry.lead_id
  WHERE inquiry.organization_id = %s AND inquiry.first_attempt_at IS NULL AND inquiry.due_at IS NOT NULL
    AND inquiry.duplicate_of_id IS NULL
  ORDER BY inquiry.lead_id, inquiry.due_at
),
promised AS (
  SELECT DISTINCT ON (task.lead_id) task.lead_id, task.id, task.kind, task.title, task.due_at
  FROM task
  WHERE task.organization_id = %s AND task.member_id = %s AND task.done_at IS NULL
  ORDER BY task.lead_id, task.due_at
),
judged AS (
  SELECT mine.*, waiting.due_at AS due_at, waiting.arrived_at AS started_at,
    promised.id AS task_id, promised.kind AS task_kind, promised.title AS task_title, promised.due_at AS task_due_at,
    offer.state = 'offered' AS is_offered, offer.expires_at AS offer_expires_at, offer.pool_id,
    GREATEST(offer.assigned_at, waiting.arrived_at, mine.captured_at) AS entered_at,
    COALESCE(points, 0) * COALESCE(NULLIF(pipeline_value, 0), mine.quote_value, AVG(mine.quote_value) OVER (), 1)
      AS worth,
    CASE
      WHEN waiting.due_at <= %s THEN 'sla_missed'
      WHEN waiting.intent = 'hot' THEN 'hot'
      WHEN mine.wakes_at > %s THEN 'planned'
      WHEN promised.due_at < %s AND promised.kind <> 'woken' THEN 'task_overdue'
      WHEN mine.wakes_at IS NOT NULL OR (promised.due_at <= %s AND promised.kind = 'woken') THEN 'woken'
      WHEN promised.due_at <= %s THEN 'task_due'
      WHEN waiting.due_at <= %s THEN 'promise_near'
      WHEN waiting.lead_id IS NOT NULL THEN 'asked'
      WHEN promised.id IS NOT NULL THEN 'planned'
      ELSE 'worth'
    END AS reason
  FROM mine
  LEFT JOIN waiting ON waiting.lead_id = mine.id
  LEFT JOIN promised ON promised.lead_id = mine.id
  LEFT JOIN assignment offer
    ON offer.organization_id = %s AND offer.lead_id = mine.id AND offer.ended_at IS NULL
),
counted AS (
  SELECT COUNT(*) FILTER (WHERE reason IN ('sla_missed', 'task_overdue')) AS overdue_count,
    COUNT(*) FILTER (WHERE reason = 'hot') AS hot_count,
    COUNT(*) FILTER (WHERE reason IN ('woken', 'task_due', 'promise_near')) AS due_count,
    COUNT(*) FILTER (WHERE reason IN ('asked', 'worth')) AS next_count,
    COUNT(*) FILTER (WHERE reason = 'planned') AS planned_count
  FROM judged
),
chosen AS (
  SELECT judged.*, ROW_NUMBER() OVER (
    ORDER BY CASE reason
      WHEN 'sla_missed' THEN 0 WHEN 'task_overdue' THEN 1 WHEN 'hot' THEN 2
      WHEN 'woken' THEN 3 WHEN 'task_due' THEN 3 WHEN 'promise_near' THEN 3 ELSE 4 END,
    CASE
      WHEN reason IN ('sla_missed', 'hot', 'promise_near') THEN due_at
      WHEN reason IN ('task_overdue', 'task_due') THEN task_due_at
      WHEN reason IN ('woken', 'planned') THEN COALESCE(wakes_at, task_due_at) END,
    worth DESC, captured_at, id
  ) AS position
  FROM judged
  WHERE (reason = 'planned') = %s
  ORDER BY position
  LIMIT %s OFFSET %s
)
SELECT counted.*, chosen.*, chosen.id AS lead_id, chosen.points AS score, person.first_name, person.last_name,
  person.email, person.phone, person.do_not_contact,
  COALESCE(NULLIF(company.name, ''), NULLIF(person.company_name, ''), company.domain, '') AS company,
  COALESCE(words.message, '') AS message, COALESCE(words.service, '') AS service, COALESCE(words.intent, '') AS intent
FROM counted
LEFT JOIN chosen ON TRUE
LEFT JOIN person ON person.organization_id = %s AND person.id = chosen.person_id
LEFT JOIN company ON company.organization_id = %s AND company.id = person.company_id
LEFT JOIN LATERAL (
  SELECT inquiry.message, inquiry.service, inquiry.intent FROM inquiry
  WHERE inquiry.organization_id = %s AND inquiry.lead_id = chosen.id
  ORDER BY inquiry.arrived_at DESC LIMIT 1
) words ON TRUE
ORDER BY chosen.position
"""
