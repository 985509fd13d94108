"""The pages of a long list: in its order, counted no further than anybody pages, whatever page is asked for."""

import pytest

from leadhub.leads.models import Suppression
from leadhub.tenancy.models import Organization
from leadhub.web import paging
from leadhub.web.paging import read_page
from tests.contracts.rows import build_row


@pytest.fixture
def addresses(in_scope: Organization) -> list[str]:
    found = [f"{letter}@example.com" for letter in "abcde"]
    for address in found:
        build_row(Suppression, email_norm=address)
    return found


@pytest.mark.parametrize(
    ("text", "shown", "place"),
    [
        (None, "ed", 1),
        ("1", "ed", 1),
        ("2", "cb", 2),
        ("3", "a", 3),
        ("9", "a", 3),
        ("0", "a", 3),
        ("x", "ed", 1),
        ("9" * 5_000, "ed", 1),
    ],
)
def test_every_page_is_one_that_there_is(addresses: list[str], text: str | None, shown: str, place: int) -> None:
    rows = Suppression.objects.all()

    page = read_page(found=rows.order_by("-email_norm"), rows=rows, size=2, text=text)

    assert ["".join(row.email_norm[0] for row in page), page.number] == [shown, place]
    assert (page.paginator.count, page.has_next()) == (5, place < 3)


def test_counting_stops_where_nobody_pages(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_TO", 3)
    rows = Suppression.objects.all()

    last = read_page(found=rows.order_by("email_norm"), rows=rows, size=2, text="2")

    assert [row.email_norm[0] for row in last] == ["c"]
    assert (last.has_next(), last.paginator.count_words) == (False, "3+")  # type: ignore[attr-defined]


def test_one_page_is_counted_by_its_keys(
    addresses: list[str], django_assert_num_queries: pytest.FixtureRequest
) -> None:
    rows = Suppression.objects.all()

    with django_assert_num_queries(2):  # type: ignore[operator]
        page = read_page(found=rows.order_by("email_norm"), rows=rows, size=5, text=None)
        assert page.paginator.count_words == "5"  # type: ignore[attr-defined]
