"""Thousands of rows in one statement: what is shared and what differs, defaults, refusals, failures told in time."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from capture.models import Submission
from leadhub.leads.models import Company
from leadhub.lib.ids import new_id
from leadhub.tenancy.many_rows import insert_many, update_many, without_waiting
from tests.personas import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


def make_row(domain: str, **values: Any) -> dict[str, Any]:
    return {"id": new_id(), "domain": domain, "created_at": NOW, **values}


def insert_all(*domains: str) -> None:
    """Insert a company a statement."""
    for domain in domains:
        insert_many(Company, [make_row(domain)])


def test_values_arrive_as_they_were_given() -> None:
    given = [
        make_row("a.example", name='"A", {b}\\ c', employees=3, custom={"a": [1, None]}),
        make_row("b.example", name="Ünï", employees=None),
        make_row("c.example", name="Ünï"),
    ]
    insert_many(Company, given)
    found = Company.objects.order_by("domain").values("id", "domain", "name", "employees", "custom", "created_at")
    expected = [{"employees": None, "custom": {}, **row} for row in given]
    assert list(found) == expected


def test_each_row_gets_its_own_changes() -> None:
    rows = [make_row(f"{name}.example") for name in "abc"]
    insert_many(Company, rows)
    update_many(Company, {row["id"]: {"name": row["domain"], "employees": 7} for row in rows[:2]})
    found = Company.objects.order_by("domain").values_list("name", "employees")
    assert list(found) == [("a.example", 7), ("b.example", 7), ("", None)]


def test_a_conflict_is_left_out_where_asked() -> None:
    insert_many(Company, [make_row("a.example")])
    insert_many(Company, [make_row("a.example"), make_row("b.example")], ignore_conflicts=True)
    assert Company.objects.count() == 2


def test_text_that_is_too_long_is_refused_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_many(Company, [make_row("a.example", name="x" * 301), make_row("b.example", name="y" * 301)])
    with pytest.raises(DataError), transaction.atomic():
        insert_many(Company, [make_row("a.example", name="x" * 301)])


def test_lists_and_bytes_are_refused_not_written_as_python_shows_them() -> None:
    with pytest.raises(TypeError, match="bulk_create"):
        insert_many(Submission, [{"id": new_id(), "body": b"x", "reasons": ["y"], "received_at": NOW}])


def test_who_does_not_wait_hears_of_a_failure_when_the_block_ends() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), without_waiting():
        insert_all("a.example", "a.example", "b.example")
    assert not Company.objects.exists()


def test_who_does_not_wait_reads_what_was_written() -> None:
    with without_waiting():
        insert_many(Company, [make_row("a.example")])
        assert Company.objects.count() == 1
        insert_many(Company, [make_row("b.example")])
    assert Company.objects.count() == 2
