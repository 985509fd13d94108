"""The source and value table: rows of cells, each with the link to what is behind it; and the same rows as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from leadhub.lib.sheets import Cell as SheetCell
from leadhub.web.formatting import NOTHING, format_money
from leadhub.web.parts import Column
from reporting.pages.source_query import Question
from reporting.source_value import DIMENSIONS, LABELS, Numbers, Row, SourceValueReport, add_numbers

MOST_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A column of figures: how it is read, written and sorted; `change` says that it is compared."""

    key: str
    label: str
    read: Callable[[Numbers], Any]
    unit: str
    is_compared: bool = False


FIGURES = (
    Figure(key="leads", label="Leads", read=lambda of: of.leads, unit="count", is_compared=True),
    Figure(key="qualified", label="Qualified", read=lambda of: of.qualified, unit="count", is_compared=True),
    Figure(key="rate", label="Rate", read=lambda of: of.qualified_rate, unit="share"),
    Figure(key="quote", label="Quote value", read=lambda of: of.quote_value, unit="money", is_compared=True),
    Figure(key="pipeline", label="Pipeline", read=lambda of: of.pipeline_value, unit="money"),
    Figure(key="sales", label="Sales value", read=lambda of: of.sales_value, unit="money", is_compared=True),
    Figure(key="cost", label="Cost", read=lambda of: of.cost, unit="cost"),
    Figure(key="cpl", label="Per lead", read=lambda of: of.cost_per_lead, unit="money"),
    Figure(key="cpql", label="Per qualified", read=lambda of: of.cost_per_qualified_lead, unit="money"),
    Figure(key="roas", label="Sales ÷ cost", read=lambda of: of.roas, unit="times"),
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure in words, what is behind it, and how it changed against the earlier cohort."""

    text: str
    url: str = ""
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row as drawn; `url` leads a level down, to the leads at the last one."""

    row: Row
    url: str
    cells: list[Cell]


def list_lines(report: SourceValueReport, question: Question) -> list[Line]:
    """Return the rows in the order asked for; beyond the first 200 they are one line, so that all is summed."""
    rows = sort_rows(report.rows, question.sort)
    lines = [_draw_line(row, question) for row in rows[:MOST_ROWS]]
    if rest := rows[MOST_ROWS:]:
        folded = _fold(rest)
        lines.append(Line(row=folded, url="", cells=_draw_cells(folded, question, links={})))
    return lines


def total_line(report: SourceValueReport, question: Question) -> Line:
    """Return the sum of all rows, with the leads of all of them behind it."""
    row = _total(report)
    return Line(row=row, url="", cells=_draw_cells(row, question, links=_link_numbers(question, question.within)))


def list_columns(dimension: str) -> list[Column]:
    """Return the table's headers."""
    return [Column(LABELS[dimension], "name"), *(Column(each.label, each.key, "end") for each in FIGURES)]


def list_sheet(report: SourceValueReport) -> tuple[list[str], list[list[SheetCell]]]:
    """Return the header and the rows of a file: the page's numbers, all rows, the total last."""
    header = [LABELS[report.dimension], *(figure.label for figure in FIGURES), "Leads before", "Qualified before"]
    return header, [_write_line(row) for row in (*report.rows, _total(report))]


def _write_line(row: Row) -> list[SheetCell]:
    figures = [None if not row.is_split and each.unit != "cost" else _plain(row, each) for each in FIGURES]
    before = row.before or Numbers()
    return [row.label, *figures, before.leads, before.qualified]


def sort_rows(rows: list[Row], sort: str) -> list[Row]:
    """Order by a column, the other way round with a minus; what has no figure comes last, spend not split after it."""
    key = sort.removeprefix("-")
    figure = next((each for each in FIGURES if each.key == key), None)
    is_falling = sort.startswith("-")
    if key == "name":
        ordered = sorted(rows, key=lambda row: row.label.casefold(), reverse=is_falling)
    elif figure:
        known = [row for row in rows if figure.read(row.numbers) is not None]
        ordered = sorted(known, key=lambda row: figure.read(row.numbers), reverse=is_falling)
        ordered += [row for row in rows if figure.read(row.numbers) is None]
    else:
        return rows
    return sorted(ordered, key=lambda row: not row.is_split)


def _draw_line(row: Row, question: Question) -> Line:
    within = {**question.within, question.dimension: row.value}
    if not row.is_split:
        links = {"cost": question.link_spend(within)}
        return Line(row=row, url="", cells=_draw_cells(row, question, links=links))
    below = [name for name in DIMENSIONS if name not in within and DIMENSIONS.index(name) > _depth(question)]
    url = question.link_level(within) if below else question.link_leads(within)
    return Line(row=row, url=url, cells=_draw_cells(row, question, links=_link_numbers(question, within)))


def _depth(question: Question) -> int:
    return DIMENSIONS.index(question.dimension)


def _link_numbers(question: Question, within: dict[str, str]) -> dict[str, str]:
    ours = {"currency": question.currency}
    return {
        "leads": question.link_leads(within),
        "qualified": question.link_leads(within, verdict="qualified"),
        "quote": question.link_leads(within, verdict="qualified", value="quote", **ours),
        "pipeline": question.link_leads(within, value="pipeline", **ours),
        "sales": question.link_leads(within, value="sales", **ours),
        "cost": question.link_spend(within),
    }


def _draw_cells(row: Row, question: Question, *, links: dict[str, str]) -> list[Cell]:
    return [
        Cell(
            text=write_figure(figure, row, question.currency),
            url=links.get(figure.key, "") if figure.read(row.numbers) is not None else "",
            change=write_change(figure, row) if figure.is_compared and row.is_split else "",
        )
        for figure in FIGURES
    ]


def write_figure(figure: Figure, row: Row, currency: str) -> str:
    """Write a figure; without spend the cost is "no cost"."""
    number = figure.read(row.numbers)
    if not row.is_split and figure.unit != "cost":
        return NOTHING
    if number is None:
        return "no cost" if figure.unit == "cost" else NOTHING
    if figure.unit in {"money", "cost"}:
        return format_money(number, currency)
    if figure.unit == "share":
        return f"{number * 100:.0f}%"
    return f"{number:.1f}×" if figure.unit == "times" else f"{number:,}"


def write_change(figure: Figure, row: Row) -> str:
    """Write how the figure changed against the earlier cohort; nothing where there was none."""
    return compare(figure.read(row.numbers), figure.read(row.before)) if row.before else ""


def compare(number: Any, before: Any) -> str:
    """Write a change in percent; nothing where there is nothing to compare with."""
    if number is None or not before:
        return ""
    percent = round(float(number - before) / float(before) * 100)
    return f"{percent:+,d}%" if percent else "±0%"


def _total(report: SourceValueReport) -> Row:
    return Row(value="", label="Total", numbers=report.total, before=report.before)


def _fold(rest: list[Row]) -> Row:
    before = add_numbers(row.before for row in rest if row.before)
    return Row(value="", label=f"{len(rest):,} more", numbers=add_numbers(row.numbers for row in rest), before=before)


def _plain(row: Row, figure: Figure) -> SheetCell:
    number: SheetCell = figure.read(row.numbers)
    return round(number, 4) if isinstance(number, float) else number
