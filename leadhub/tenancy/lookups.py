"""Ask about thousands of rows by their ids, told as one array. Called where many leads are walked at once.

Django's `id__in` makes a parameter of each id: for a thousand of them that costs more than what the query does.
"""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, UUIDField, Value


def is_one_of(name: str, ids: Collection[UUID]) -> Func:
    """Return the condition that the named column holds one of the ids."""
    array = Value(list(ids), output_field=ArrayField(UUIDField()))
    return Func(F(name), array, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())
