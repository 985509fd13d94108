"""Bounds on what one Liquid filter may be given and may return: the library bounds loops and assignments only.

Without them `{{ (1..9999999999) | join }}`, or a chain of replacements, takes all memory of a worker that serves
every organization. Called by `liquid`.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from liquid.exceptions import ResourceLimitError

MOST_ITEMS = 2_000
LONGEST_TEXT = 200_000
Filter = Callable[..., Any]
_MULTIPLIERS = frozenset({"replace", "join"})  # the others grow by what they are given, or by a small factor
_LARGEST_PRODUCT = 10 * LONGEST_TEXT


def bound_filters(filters: Mapping[str, Filter]) -> dict[str, Filter]:
    """Return the filters, each refusing what is too long before it begins and what has become too long."""
    return {name: _bound(name, one) for name, one in filters.items()}


def _bound(name: str, one: Filter) -> Filter:
    @wraps(one)
    def bounded(left: Any, *args: Any, **kwargs: Any) -> Any:
        for value in (left, *args):
            _require_short(value)
        if name in _MULTIPLIERS:
            _require_product(left, args)
        result = one(left, *args, **kwargs)
        _require_short(result)
        return result

    return bounded


def _require_short(value: object) -> None:
    if isinstance(value, str | list | tuple) and len(value) > LONGEST_TEXT:
        raise ResourceLimitError("it asks for too much text", token=None)
    if isinstance(value, range) and value[MOST_ITEMS:]:  # len() of a range may not fit a machine's word
        raise ResourceLimitError("it asks for too long a range", token=None)


def _require_product(left: object, args: Iterable[object]) -> None:
    """Refuse what would repeat a long text at each place of another one."""
    length = len(left) if isinstance(left, str | list | tuple | range) else 1
    longest = max((len(str(value)) for value in args), default=0)
    if longest > 1 and (length + 1) * longest > _LARGEST_PRODUCT:
        raise ResourceLimitError("it asks for too much text", token=None)
