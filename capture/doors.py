"""Store what arrived: submission, job and idempotency key in ONE statement (ADR 2).

Called by every door. A door only stores; a worker makes the lead.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from capture.models import Submission
from capture.payloads import Values
from leadhub.leads.models import Door
from leadhub.lib.ids import new_id
from leadhub.tenancy.scope import execute_repeatable, get_organization_id
from leadhub.work.jobs import ring_after_commit
from leadhub.work.models import Lane

WALK_SUBMISSION = "line.walk_submission"
READ_MAIL = "capture.read_mail"  # a mail may answer one of ours: what it is, is found out before it walks
_Status = Submission.Status

_STORE_SQL = """
WITH stored AS (
    INSERT INTO submission (id, organization_id, door, form_id, status, reasons, received_at, body, content_type,
                            request, values, settled_at)
    VALUES (%(id)s, %(organization)s, %(door)s, %(form)s, %(status)s, %(reasons)s, %(now)s, %(body)s,
            %(content_type)s, %(request)s::jsonb, %(values)s::jsonb, %(settled_at)s)
    ON CONFLICT (organization_id, id) DO NOTHING
    RETURNING id
), queued AS (
    INSERT INTO job (id, organization_id, lane, kind, target_id, dedupe_key, due_at, created_at)
    SELECT %(job)s, %(organization)s, %(lane)s, %(kind)s, id, %(id)s::text, %(now)s, %(now)s
    FROM stored WHERE %(status)s = 'pending'
)
"""
_KEEP_KEY_SQL = """
INSERT INTO idempotency_key (id, organization_id, scope, key, body_sha256, status_code, answer, created_at)
SELECT %(key_id)s, %(organization)s, %(key_scope)s, %(key)s, %(body_sha256)s, %(status_code)s, %(answer)s::jsonb,
       %(now)s
FROM stored
"""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One raw arrival: its bytes, where it came from, and what was read of it."""

    door: Door
    form_id: UUID | None
    body: bytes
    content_type: str = ""
    request: dict[str, str] = field(default_factory=dict)
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    """The answer that a repeated `Idempotency-Key` gets again; `scope` is the form's key."""

    scope: str
    key: str
    body_sha256: str
    status_code: int
    answer: dict[str, Any]


def store_submission(
    *,
    submission_id: UUID,
    arrival: Arrival,
    status: Submission.Status,
    reasons: list[str],
    now: datetime,
    kept: KeptAnswer | None = None,
    organization_id: UUID | None = None,
) -> None:
    """Write the submission, its job when it is pending, and the answer to repeat, in one statement; then ring.

    The organization is the open scope's. Named where none is open, it costs one round trip in all. A submission that
    is there stays as it is.
    """
    organization_id = organization_id or get_organization_id()
    parameters: dict[str, Any] = {
        "id": submission_id,
        "organization": organization_id,
        "door": arrival.door.value,
        "form": arrival.form_id,
        "status": status.value,
        "reasons": [reason[:200] for reason in reasons],
        "now": now,
        "body": arrival.body,
        "content_type": arrival.content_type[:200],
        "request": json.dumps(arrival.request),
        "values": json.dumps(arrival.values),
        "settled_at": now if status == _Status.REJECTED else None,
        "job": new_id(),
        "lane": Lane.SPEED.value,
        "kind": READ_MAIL if arrival.door == Door.MAIL else WALK_SUBMISSION,
    }
    execute_repeatable(organization_id, _STORE_SQL + _finish(parameters, kept), parameters)
    if status == _Status.PENDING:
        ring_after_commit(Lane.SPEED)


def _finish(parameters: dict[str, Any], kept: KeptAnswer | None) -> str:
    """Return the statement's last part, and add its parameters."""
    if kept is None:
        return "SELECT id FROM stored"
    parameters.update(
        key_id=new_id(),
        key_scope=kept.scope,
        key=kept.key,
        body_sha256=kept.body_sha256,
        status_code=kept.status_code,
        answer=json.dumps(kept.answer),
    )
    return _KEEP_KEY_SQL
