"""Names each cell of a table after its column: on a phone a row stands as a card. The table component asks."""

import re
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from leadhub.web.parts import Column

_OPENING = re.compile(r"<(tr|t[dh])(?=[\s>])([^>]*)>")


def label_cells(rows: str, columns: Sequence[Column]) -> SafeString:
    """Write the column's label on every cell of the rows; a cell over several columns has none."""
    labels: Iterator[str] = iter(())

    def mark(opening: re.Match[str]) -> str:
        nonlocal labels
        if opening[1] == "tr":
            labels = iter([str(column.label) for column in columns])
            return opening[0]
        label = next(labels, "")
        is_named = bool(label) and "colspan" not in opening[2]
        return f'<{opening[1]} data-label="{escape(label)}"{opening[2]}>' if is_named else opening[0]

    return SafeString(_OPENING.sub(mark, rows))
