"""How long one statement may take in this process, and one transaction stand idle.

The bounds are told as options when a connection is opened, and so hold outside a scope too, at no cost to a request.
A transaction-pooling PgBouncer refuses such options: behind it every scope (`scope`) writes them into its transaction
(`SET LOCAL`), in the message that tells the organization. The entry points set them: web and live short ones, so that
a page that asks too much frees its thread; workers long ones; commands, migrations none.
"""

from django.conf import settings
from django.db import connection

# An upload may take its time within a transaction; what idles longer keeps vacuum from cleaning every table.
_IDLE_SECONDS = 300
# https://www.postgresql.org/docs/current/errcodes-appendix.html: query_canceled, idle_in_transaction_session_timeout
_OVERRUN = {"57014", "25P03"}
_written = ""


def bound_statements(*, seconds: float) -> None:
    """Cancel from now on each statement of this process that takes longer; 0 takes the bounds away."""
    global _written  # noqa: PLW0603 (one a process, set when it starts)
    bounds = {"statement_timeout": seconds, "idle_in_transaction_session_timeout": seconds and _IDLE_SECONDS}
    if settings.BEHIND_PGBOUNCER:
        _written = "".join(f"; SET LOCAL {name} = {bound * 1000:.0f}" for name, bound in bounds.items() if seconds)
        return
    _tell_at_connect("".join(f" -c {name}={bound * 1000:.0f}" for name, bound in bounds.items()))


def _tell_at_connect(bounds: str) -> None:
    """Add the bounds to what PostgreSQL is told of each connection, whichever thread opens it; the last word counts."""
    connection.close()  # the one that was opened while the process started knows of none
    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')}{bounds}"


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
