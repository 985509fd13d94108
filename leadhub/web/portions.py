"""Read a long list in short transactions, however slowly it is written out. Called by `web.export`.

A reader that stalls must hold nothing in PostgreSQL: an open transaction keeps vacuum from cleaning every table. So
the keys of the rows are read first, in the list's order and in one transaction, into a file that leaves the memory
when it grows; then the rows by their keys, a portion a transaction, which ends before its first row is handed out.
Which rows there are, and their order, is thereby that of the start: whatever others write meanwhile, none comes
twice and none is left out but what is deleted. A row's values are those of the moment in which its portion is read,
and so is the reader's permission: who lost it meanwhile gets no further portion.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leadhub.accounts.access import Access
from leadhub.lib.sheets import Cell
from leadhub.tenancy.scope import scope

USUAL_SIZE = 2_000
_KEY_BYTES = 16
_KEYS_AT_ONCE = 20_000
_LARGEST_IN_MEMORY = 1024 * 1024

Lines = Mapping[UUID, Iterable[Sequence[Cell]]]


@dataclass(frozen=True, kw_only=True)
class Portions:
    """A list of any length: `found` says which rows there are and in which order, `read` writes those of some keys.

    `read` asks by the keys alone, not by the filters of `found`, and may return several lines of a key.
    """

    found: QuerySet[Any]
    read: Callable[[Sequence[UUID]], Lines]
    size: int = USUAL_SIZE


def write_each(
    *, found: QuerySet[Any], rows: QuerySet[Any], write: Callable[[Any], Sequence[Cell]], size: int = USUAL_SIZE
) -> Portions:
    """Return a list of a line a row; `found` and `rows` are those of its pages (`web.paging`)."""

    def read(keys: Sequence[UUID]) -> Lines:
        return {row.pk: [write(row)] for row in rows.filter(pk__in=keys)}

    return Portions(found=found, read=read, size=size)


def read_portions(portions: Portions, *, organization_id: UUID, access: Access) -> Iterator[list[Sequence[Cell]]]:
    """Yield the lines, a portion a list; no transaction is open while the caller holds one. Raises `AccessEnded`."""
    with tempfile.SpooledTemporaryFile(max_size=_LARGEST_IN_MEMORY) as keys:
        with scope(organization_id):
            for key in portions.found.values_list("pk", flat=True).iterator(chunk_size=_KEYS_AT_ONCE):
                keys.write(key.bytes)
        keys.seek(0)
        while some := keys.read(_KEY_BYTES * portions.size):
            wanted = [UUID(bytes=some[at : at + _KEY_BYTES]) for at in range(0, len(some), _KEY_BYTES)]
            with scope(organization_id):
                access.require()
                found = portions.read(wanted)
                lines = [line for key in wanted for line in found.get(key, ())]
            yield lines
