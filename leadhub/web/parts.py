"""The frozen arguments that components with lists take: a table's columns, tabs, a stepper's steps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A table's column; with a `sort_key` its header sorts by `?sort=key` and `?sort=-key`."""

    label: str
    sort_key: str = ""
    align: str = "start"


@dataclass(frozen=True)
class Tab:
    """One tab: a link to the same page's other view."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """One step of a stepper: `done`, `current` or `open`."""

    label: str
    state: str = "open"
    note: str = ""
