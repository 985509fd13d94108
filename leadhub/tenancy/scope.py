"""The scope: which organization the running code may see. Views, tasks and commands open it; queries read it.

Inside `scope(organization_id)` the ORM filters by the organization and PostgreSQL's row security, told by `SET LOCAL`,
stands behind it (ADR 3). Outside, executing a tenant query raises `NoScope`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from leadhub.tenancy.bounds import write_bounds

Ending = Callable[[list[Any]], None]
_current: ContextVar[UUID | None] = ContextVar("leadhub_organization", default=None)
_asked: ContextVar[dict[Ending, list[Any]]] = ContextVar("leadhub_endings")


class NoScope(RuntimeError):
    """A tenant table was queried while no organization's scope was open."""


class ScopeConflict(RuntimeError):
    """A scope was opened inside the scope of another organization."""


def get_organization_id() -> UUID:
    """Return the organization whose scope is open; raise `NoScope` where none is."""
    current = _current.get()
    if current is None:
        raise NoScope("Open `leadhub.tenancy.scope.scope(organization_id)` around code that reads tenant tables.")
    return current


def has_scope() -> bool:
    """Say whether an organization's scope is open."""
    return _current.get() is not None


def do_at_end(ending: Ending, items: Sequence[Any]) -> None:
    """Have the ending called with the items of all who ask for it, when the innermost open scope's block has ended.

    In its transaction, so that it sees all of what was done; not where the block raises or rolls back. What a savepoint
    took back meanwhile is among the items still.
    """
    get_organization_id()
    _asked.get().setdefault(ending, []).extend(items)


def _end() -> None:
    asked = _asked.get()
    while asked and not connection.needs_rollback:
        ending, items = asked.popitem()
        ending(items)


@contextmanager
def scope(organization_id: UUID) -> Iterator[None]:
    """Run the block as one organization, in one transaction, rolled back when the block raises.

    Opening the same organization's scope again is harmless; another's raises `ScopeConflict`, since a
    released savepoint would keep the inner setting.
    """
    current = _current.get()
    if current == organization_id:
        yield
        _end()
        return
    if current is not None:
        raise ScopeConflict(f"The scope of {current} is open: leave it before entering {organization_id}.")
    had_transaction = connection.in_atomic_block
    try:
        with transaction.atomic():
            _set_local(organization_id)
            token, endings = _current.set(organization_id), _asked.set({})
            try:
                yield
                _end()
            finally:
                _asked.reset(endings)
                _current.reset(token)
    finally:
        if had_transaction and not connection.needs_rollback:
            _set_local(None)


def execute_repeatable(organization_id: UUID, sql: str, parameters: Mapping[str, Any]) -> None:
    """Execute one statement as one organization: in the open transaction, else in one of its own and one round trip.

    What stands in one message is one transaction (PostgreSQL manual, "Multiple Statements in a Simple Query"). A
    connection that was found broken is opened anew and the statement sent again: a repetition must change nothing.
    """
    if connection.in_atomic_block:
        with scope(organization_id), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
        return
    message = f"{_write_set_local(organization_id)}; {sql}"
    try:
        _send(message, parameters)
    except OperationalError:
        if connection.is_usable():
            raise
        connection.close()
        _send(message, parameters)


def _send(message: str, parameters: Mapping[str, Any]) -> None:
    """Execute on the driver's own cursor: Django's would first ask whether the connection still stands."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.create_cursor() as cursor:
        cursor.execute(message, parameters)


def _set_local(organization_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_write_set_local(organization_id))


def _write_set_local(organization_id: UUID | None) -> str:
    """Return what tells PostgreSQL, and how long it may work.

    The statement, not set_config(): only the statement reaches Citus workers.
    """
    value = str(UUID(str(organization_id))) if organization_id else ""
    return f"SET LOCAL leadhub.organization_id = '{value}'{write_bounds()}"
