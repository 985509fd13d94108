"""Enter a lead at once, through the same line: the API's create and the page for a lead by hand.

The submission is stored in the same transaction as what becomes of it, so there is no job.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from capture.models import Submission
from capture.validation import list_errors
from leadhub.leads.models import Door
from leadhub.leads.walk import Walk
from leadhub.lib.errors import DomainError
from leadhub.line.walk import walk_submission
from leadhub.tenancy.country import get_country


class NotEntered(DomainError):
    """The values make no lead; `errors` says why, field by field."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(errors[0][1], field=errors[0][0])
        self.errors = errors


def enter_lead(
    *, door: Door, values: Mapping[str, Any], body: bytes, content_type: str, request: dict[str, str], now: datetime
) -> Walk:
    """Store the submission and walk it; return the walk with its lead. Raises `NotEntered`, and then stores nothing."""
    country = get_country()
    errors = list_errors(values=dict(values), country=country)
    if errors:
        raise NotEntered([(error.field, error.message) for error in errors])
    submission, walk = walk_entry(
        door=door, values=values, body=body, content_type=content_type, request=request, now=now
    )
    if walk is None or walk.lead is None:
        submission.refresh_from_db()
        raise NotEntered([("", "; ".join(submission.reasons) or "The lead could not be entered.")])
    return walk


def walk_entry(
    *, door: Door, values: Mapping[str, Any], body: bytes, content_type: str, request: dict[str, str], now: datetime
) -> tuple[Submission, Walk | None]:
    """Store the submission and walk it; return it as stored, and the walk, or None where the line refused it."""
    submission = Submission.objects.create(
        door=door,
        received_at=now,
        body=body,
        content_type=content_type[:200],
        request=request,
        values=dict(values),
    )
    return submission, walk_submission(submission_id=submission.pk, now=now)
