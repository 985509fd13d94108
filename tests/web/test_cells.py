"""Each cell says its column's label: on a phone the header row is gone."""

from leadhub.web.cells import label_cells
from leadhub.web.parts import Column

COLUMNS = (Column("Who"), Column("Late & due", align="end"), Column(""))


def test_each_cell_carries_its_columns_label_escaped() -> None:
    labelled = label_cells('<tr data-row><td class="a">Ria</td><td>3</td><td>act</td></tr>', COLUMNS)

    assert labelled == (
        '<tr data-row><td data-label="Who" class="a">Ria</td><td data-label="Late &amp; due">3</td><td>act</td></tr>'
    )


def test_every_row_begins_anew_and_a_row_of_one_cell_has_no_label() -> None:
    labelled = label_cells('<tr><th scope="row">Ria</th></tr><tr><td colspan="3">Nobody</td></tr>', COLUMNS)

    assert labelled == '<tr><th data-label="Who" scope="row">Ria</th></tr><tr><td colspan="3">Nobody</td></tr>'


def test_a_row_longer_than_the_header_keeps_its_rest_bare() -> None:
    assert label_cells("<tr><td>1</td><td>2</td></tr>", COLUMNS[:1]) == '<tr><td data-label="Who">1</td><td>2</td></tr>'


def test_head_and_time_are_no_cells() -> None:
    assert label_cells("<thead></thead><time>now</time>", COLUMNS) == "<thead></thead><time>now</time>"
