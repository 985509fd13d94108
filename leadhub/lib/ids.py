"""Identifiers, read and made: time-ordered UUIDs, made here because neither Python 3.11 nor PostgreSQL 15 has them."""

import uuid

import uuid_utils.compat


def read_id(value: object) -> uuid.UUID | None:
    """Return the id that a request or another system names; None for what is none."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def new_id() -> uuid.UUID:
    """Return a fresh UUIDv7 (RFC 9562 section 5.7): sorts by creation time."""
    return uuid_utils.compat.uuid7()
