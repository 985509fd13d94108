"""The clock. Domain functions take `now`; only views, tasks and commands read it, here."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)
