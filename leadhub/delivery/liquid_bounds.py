"""Bounds on what Liquid filters may be given and may return, and on their work in all: the library has none.

Without them `{{ (1..9999999999) | join }}`, or a chain of replacements in a loop, takes all memory or minutes of a
worker that serves every organization. Called by `liquid`.
"""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Any

from liquid.exceptions import ResourceLimitError

MOST_ITEMS = 2_000
LONGEST_TEXT = 200_000
Filter = Callable[..., Any]
_MULTIPLIERS = frozenset({"replace", "join"})  # the others grow by what they are given, or by a small factor
_LARGEST_PRODUCT = 10 * LONGEST_TEXT
# What filters may read and write in one rendering, in characters; measured, it is less than a second of the dearest.
MOST_WORK = 20_000_000
_ITEM = 20  # an item of a list costs as much as so many characters,
_DATE = 300  # and a character of what is to be read as a date as so many others
_work: ContextVar[int] = ContextVar("work of the filters of this rendering", default=0)


def begin_work() -> None:
    """Count from nothing: another template is rendered."""
    _work.set(0)


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
        _count_work(_weigh(name, left) + sum(_weigh(name, value) for value in args))
        result = one(left, *args, **kwargs)
        _require_short(result)
        _count_work(_weigh("", result))
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


def _weigh(name: str, value: object) -> int:
    """Return what it costs a filter to read a value, or any to have written it."""
    if isinstance(value, str):
        return len(value) * (_DATE if name == "date" else 1)
    if isinstance(value, list | tuple | range):
        return len(value) * (len(value) if name == "uniq" else _ITEM)
    return 1


def _count_work(units: int) -> None:
    done = _work.get() + units
    if done > MOST_WORK:
        raise ResourceLimitError("it asks for too much work", token=None)
    _work.set(done)
