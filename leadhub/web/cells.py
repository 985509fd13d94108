"""Names each cell of a table after its column: on a phone a row stands as a card. The table component asks."""

import re
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from leadhub.web.parts import Column

_OPENING = re.compile(r"<(tr|t[dh])(?=[\s>])([^>]*)>")


def label_cells(rows: str, columns: Sequence[Column]) -> SafeString:
    """Write the column's label on every cell of the rows; a cell over several columns has none."""
    written = [f' data-label="{escape(column.label)}"' if column.label else "" for column in columns]
    labels: Iterator[str] = iter(())

    def mark(opening: re.Match[str]) -> str:
        nonlocal labels
        name, rest = opening.groups()
        if name == "tr":
            labels = iter(written)
            return opening[0]
        label = next(labels, "")
        return opening[0] if "colspan" in rest else f"<{name}{label}{rest}>"

    return SafeString(_OPENING.sub(mark, rows))
