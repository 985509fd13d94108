"""What the door's tests share: posting as a program and as a browser, and reading what was stored."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from capture.models import Submission
from capture.spam import STAMP, make_stamp
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def post_json(key: str, values: Any, **headers: str) -> Any:
    """Post as a program does."""
    return Client().post(f"/f/{key}", values, content_type="application/json", headers=headers)


def post_page(
    key: str, values: dict[str, Any], *, shown_seconds_ago: float = 30, headers: dict[str, str] | None = None
) -> Any:
    """Post as a browser does that was shown the form some time ago."""
    stamp = make_stamp(form_key=key, now=utc_now() - timedelta(seconds=shown_seconds_ago))
    return Client().post(f"/f/{key}", {STAMP: stamp, **values}, headers={**BROWSER, **(headers or {})})


def list_submissions(organization_id: UUID) -> list[Submission]:
    """Return what the organization's doors stored, in order."""
    with scope(organization_id):
        return list(Submission.objects.order_by("received_at"))


def count_jobs(organization_id: UUID) -> int:
    """Return how many submissions wait for the line."""
    return Job.objects.filter(organization_id=organization_id, kind="line.walk_submission").count()


def read_page(response: Any) -> str:
    """Return the page's text."""
    page: str = response.content.decode()
    return page
