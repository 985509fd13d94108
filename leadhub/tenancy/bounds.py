"""How long one statement may take in this process, and one transaction stand idle. Written by every scope (`scope`).

The bounds go with the transaction (`SET LOCAL`), in the message that tells the organization: they cost no round trip,
and hold behind a transaction-pooling PgBouncer, which refuses options of a connection. The entry points set them: web
and live short ones, so that a page that asks too much frees its thread; workers long ones; commands, migrations none.
"""

# An upload may take its time within a transaction; what idles longer keeps vacuum from cleaning every table.
_IDLE_SECONDS = 300
# https://www.postgresql.org/docs/current/errcodes-appendix.html: query_canceled, idle_in_transaction_session_timeout
_OVERRUN = {"57014", "25P03"}
_written = ""


def bound_statements(*, seconds: float) -> None:
    """Cancel from now on each statement of this process's scopes that takes longer; 0 takes the bounds away."""
    global _written  # noqa: PLW0603 (one a process, set when it starts)
    bounds = {"statement_timeout": seconds, "idle_in_transaction_session_timeout": _IDLE_SECONDS}
    _written = "".join(f"; SET LOCAL {name} = {bound * 1000:.0f}" for name, bound in bounds.items()) if seconds else ""


def write_bounds() -> str:
    """Return what follows the statement that tells the organization."""
    return _written


def is_overrun(error: BaseException | None) -> bool:
    """Say whether PostgreSQL ended a statement or a transaction because it took too long."""
    while error is not None:
        if getattr(error, "sqlstate", None) in _OVERRUN:
            return True
        error = error.__cause__
    return False
