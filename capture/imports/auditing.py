"""What the audit log says of an import's upload, start and undoing. Called by the modules that do them."""

from datetime import datetime
from typing import Any

from capture.imports.models import Import
from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership

_ACTS = {"import.uploaded": "uploaded", "import.started": "started", "import.undone": "undone"}


def record_import(
    *, upload: Import, action: str, actor: Membership | None, now: datetime, after: dict[str, Any] | None = None
) -> None:
    """Write who did what, to which file of how many rows."""
    record_change(
        actor=actor,
        action=action,
        target_kind="import",
        target_id=upload.pk,
        summary=f"Import {_ACTS[action]}: {upload.name}, {upload.row_count:,} rows"[:300],
        now=now,
        after=after,
    )
