"""The pages of a list that may grow without end. Used by every list that grows with the leads.

Three things cost a long list its speed, and none of them is done. Counting it: nobody pages through a million rows, so
counting stops at `COUNTED_TO`, and the last page is there. Sorting whole rows: the keys are sorted alone and the page's
few rows read by them (a million leads by value take 0.3 s so, and 5 s with their people beside them). Skipping what
earlier pages showed: it ends with the count.
"""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from leadhub.lib.numbers import read_whole_number

COUNTED_TO = 10_000
_DEFAULT_SIZE = 50


class LongPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of what was `found`, in its order; `rows` are all rows of the kind, with what a page shows of each."""

    def __init__(self, *, found: QuerySet[Any], rows: QuerySet[Any], per_page: int) -> None:
        super().__init__(found, per_page)
        self.found, self.rows = found, rows

    @cached_property
    def head(self) -> list[Any]:
        """The keys of the first page, and one more where there is a second."""
        return list(self.found.values_list("pk", flat=True)[: self.per_page + 1])

    @cached_property
    def counted(self) -> int:
        """The number of rows found, or one more than anybody counts; a list of one page is counted by its keys."""
        if "head" in self.__dict__ and len(self.head) <= self.per_page:
            return len(self.head)
        return self.found.order_by()[: COUNTED_TO + 1].count()

    @cached_property
    def count(self) -> int:
        """The rows that there are pages of."""
        return min(self.counted, COUNTED_TO)

    @property
    def count_words(self) -> str:
        """The number of rows found, or that there are more than anybody counts."""
        return f"{COUNTED_TO:,}+" if self.counted > COUNTED_TO else f"{self.counted:,}"

    def page(self, number: int | str) -> Page[Any]:
        """Return a page: its keys in their order, then their rows."""
        if number == 1:
            keys, place = self.head[: self.per_page], 1
        else:
            place = self.validate_number(number)
            start = (place - 1) * self.per_page
            keys = list(self.found.values_list("pk", flat=True)[start : min(start + self.per_page, self.count)])
        by_key = {row.pk: row for row in self.rows.filter(pk__in=keys)}
        return Page([by_key[key] for key in keys if key in by_key], place, self)


def read_page(*, found: QuerySet[Any], rows: QuerySet[Any], size: int, text: str | None) -> Page[Any]:
    """Return the page that a request names; the first where it names none, the last where there are not so many."""
    paginator = LongPaginator(found=found, rows=rows.order_by(), per_page=size)
    return paginator.page(1) if text in {None, "", "1"} else paginator.get_page(text)


def read_page_number(text: str) -> int:
    """Read the page of a list that is paged by hand; the first where it is none."""
    return min(read_whole_number(text) or 1, COUNTED_TO // _DEFAULT_SIZE)
