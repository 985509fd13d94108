"""Read how large a sheet is laid out, tag by tag, without keeping it. `xlsx_safety` asks where a glance is not enough.

A cell stands where its address says, else beside the one before it, in the row that its row's number says, else below
the one before that (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Self
from xml.parsers import expat

_ADDRESS = re.compile(r"\s*([A-Za-z]{1,7})(\d{1,10})")


class NotXml(ValueError):
    """The entry is not XML that could be read."""


class Layout:
    """The reach of a sheet's cells, the texts that they share by number, and the lengths of the texts found."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self._shared: Counter[str] = Counter()
        self._rows = self._columns = self._row = self._column = 0
        self._is_shared = False
        self._value: list[str] | None = None

    @classmethod
    def read(cls, pieces: Iterable[bytes]) -> Self:
        """Read an entry. Raises `NotXml`."""
        layout = cls()
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = layout._start
        parser.EndElementHandler = layout._end
        parser.CharacterDataHandler = layout._add_text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for piece in pieces:
                parser.Parse(piece, False)  # noqa: FBT003 (not the last one)
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise NotXml from error
        return layout

    @property
    def cells(self) -> int:
        """How many cells it is laid out as."""
        return self._rows * self._columns

    def count_copied(self, lengths: list[int]) -> int:
        """Return how many bytes its cells take of texts of these lengths, each cell a copy of its own."""
        numbers = ((int(number), times) for number, times in self._shared.items() if number.isdecimal())
        return sum(lengths[number] * times for number, times in numbers if number < len(lengths))

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) <= 10 else self._row + 1
            self._column = 0
        elif name == "c":
            self._place(attributes.get("r", ""))
            self._is_shared = attributes.get("t") == "s"
        elif name == "si":
            self.lengths.append(0)
        self._value = [] if name == "v" and self._is_shared else None

    def _end(self, tag: str) -> None:
        if self._value is not None and tag.rpartition("}")[2] == "v":
            self._shared["".join(self._value).strip()[:12]] += 1
            self._value = None

    def _add_text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)
        elif self.lengths:
            self.lengths[-1] += len(text.encode("utf-8", "replace"))

    def _place(self, address: str) -> None:
        match = _ADDRESS.match(address)
        row, self._column = self._row, self._column + 1
        if match:
            row, self._column = int(match[2]), 0
            for letter in match[1].upper():
                self._column = self._column * 26 + ord(letter) - 64
        self._rows, self._columns = max(self._rows, row), max(self._columns, self._column)


def _refuse_doctype(*_parts: object) -> None:
    raise NotXml
