"""The orders of a list: which there are, which one stands, and how a query gets it. Used by every list that is sorted.

A list page reads `?sort=value` (up) or `?sort=-value` (down) by its `Sorting`. Nothing but the keys written there ever
reaches the database, so that each order of a long list is one that an index serves, or one of rows that are few.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.http import QueryDict

Row = TypeVar("Row")

SORT = "sort"
_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Sort:
    """What a list may be sorted by: the path of its value, and the words for both directions.

    Where the value may be missing, such rows come last either way. Say so only then: an index on a value that is
    always there is of no use to a statement that asks for the missing ones last.
    """

    key: str
    by: str
    up: str
    down: str
    may_be_missing: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One order as the select of a list offers it."""

    value: str
    words: str
    is_present: bool


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order that a list has now; `refused` is what was asked for and is none."""

    sorting: "Sorting"
    present: str
    refused: str = ""

    @property
    def is_usual(self) -> bool:
        """Say whether the list needs no `?sort=` to stand so."""
        return self.present == self.sorting.usual

    @property
    def query(self) -> dict[str, str]:
        """Return what a link needs to keep the order."""
        return {} if self.is_usual else {SORT: self.present}

    @property
    def words(self) -> str:
        """Say how the list is sorted."""
        return next((choice.words for choice in self.choices if choice.is_present), "")

    @property
    def choices(self) -> list[Choice]:
        """Return every order of the list, for a select."""
        named = [pair for sort in self.sorting.sorts for pair in ((f"-{sort.key}", sort.down), (sort.key, sort.up))]
        return [Choice(value=value, words=words, is_present=value == self.present) for value, words in named]

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Sort in the database; what is equal stands as `Sorting.last` says, so that pages never share a row."""
        sort = self._sort
        down, last = self.present.startswith("-"), True if sort.may_be_missing else None
        by = F(sort.by)
        return rows.order_by(by.desc(nulls_last=last) if down else by.asc(nulls_last=last), *self.sorting.last)

    def arrange(self, rows: Iterable[Row]) -> list[Row]:
        """Sort the few rows that were read already."""
        read = attrgetter(self._sort.by.replace("__", "."))
        known: list[Row] = []
        missing: list[Row] = []
        for row in rows:
            (missing if read(row) is None else known).append(row)
        known.sort(key=lambda row: _fold(read(row)), reverse=self.present.startswith("-"))
        return [*known, *missing]

    @property
    def _sort(self) -> Sort:
        key = self.present.removeprefix("-")
        return next(sort for sort in self.sorting.sorts if sort.key == key)


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """The orders of one list; `usual` is the one that it has unasked, such as `-arrived`."""

    sorts: tuple[Sort, ...]
    usual: str
    last: tuple[str, ...] = ("-pk",)

    def read(self, query: QueryDict) -> Order:
        """Read `?sort=`; what is no order of the list leaves it as usual and is kept to be told."""
        asked = query.get(SORT, "")
        if not asked:
            return Order(sorting=self, present=self.usual)
        if asked.removeprefix("-") in {sort.key for sort in self.sorts}:
            return Order(sorting=self, present=asked)
        return Order(sorting=self, present=self.usual, refused=asked[:_SHOWN])


def _fold(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
