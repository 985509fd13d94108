"""Ask about thousands of rows by their ids, told as one array. Called where many leads are walked at once.

Django's `id__in` makes a parameter of each id: for a thousand of them that costs more than what the query does.
"""

from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from django.db.models import BooleanField, F, Func, TextField, Value


def is_one_of(name: str, ids: Collection[UUID]) -> Func:
    """Return the condition that the named column holds one of the ids."""
    array = Value(_write(tuple(ids)), output_field=TextField())
    return Func(F(name), array, template="%(expressions)s::uuid[])", arg_joiner=" = ANY (", output_field=BooleanField())


@lru_cache(maxsize=8)
def _write(ids: tuple[UUID, ...]) -> str:
    """Return the array as PostgreSQL reads it; step after step asks about the same leads."""
    return f"{{{','.join([one.hex for one in ids])}}}"
