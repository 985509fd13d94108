"""Record changes of settings in the audit log, in the transaction that makes them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from leadhub.accounts.models import AuditEntry, Membership


def record_change(
    *,
    actor: Membership | None,
    action: str,
    target_kind: str,
    target_id: UUID | None,
    summary: str,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one audit row; `before` and `after` are JSON-ready. Needs the organization's scope."""
    return AuditEntry.objects.create(
        at=now,
        actor=actor,
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        summary=summary,
        before=before or {},
        after=after or {},
    )
