"""Identifiers: time-ordered UUIDs, made here because neither Python 3.11 nor PostgreSQL 15 has them."""

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """Return a fresh UUIDv7 (RFC 9562 section 5.7): sorts by creation time."""
    return uuid_utils.compat.uuid7()
