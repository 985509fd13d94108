"""The orders of a list: what a query may ask for, what is missing last, and no row on two pages."""

from dataclasses import dataclass

import pytest
from django.http import QueryDict

from leadhub.web.sorting import Sort, Sorting

SORTING = Sorting(
    sorts=(
        Sort(key="arrived", by="arrived_at", up="Oldest first", down="Newest first"),
        Sort(key="value", by="lead__value", up="Lowest first", down="Highest first", may_be_missing=True),
        Sort(key="name", by="name", up="A to Z", down="Z to A"),
    ),
    usual="-arrived",
)


@dataclass(frozen=True)
class Lead:
    value: int | None


@dataclass(frozen=True)
class Row:
    name: str
    lead: Lead


@pytest.mark.parametrize(
    ("asked", "present", "refused"),
    [
        ("", "-arrived", ""),
        ("sort=", "-arrived", ""),
        ("sort=value", "value", ""),
        ("sort=-value", "-value", ""),
        ("sort=--value", "-arrived", "--value"),
        ("sort=lead__owner__password", "-arrived", "lead__owner__password"),
        ("sort=value&sort=name", "name", ""),
        (f"sort={'9' * 5_000}", "-arrived", "9" * 40),
    ],
)
def test_only_the_orders_of_the_list_are_read(asked: str, present: str, refused: str) -> None:
    order = SORTING.read(QueryDict(asked))

    assert (order.present, order.refused) == (present, refused)
    assert [choice.value for choice in order.choices if choice.is_present] == [present]


@pytest.mark.parametrize(
    ("asked", "names"),
    [("value", ["Low", "High", "none"]), ("-value", ["High", "Low", "none"]), ("name", ["High", "Low", "none"])],
)
def test_rows_in_hand_are_sorted_with_the_missing_last(asked: str, names: list[str]) -> None:
    rows = [Row("none", Lead(None)), Row("Low", Lead(1)), Row("High", Lead(2))]

    assert [row.name for row in SORTING.read(QueryDict(f"sort={asked}")).arrange(rows)] == names
