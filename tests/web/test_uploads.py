"""An upload without an end fills no disk: a piece more than the largest file is kept, and called too large."""

from typing import BinaryIO, cast

import pytest
from django.http import HttpRequest

from leadhub.lib.sheets import SheetTooLarge, detect_layout
from leadhub.web.uploads import BoundedFileUploadHandler

LARGEST, PIECE = 1_000, b"a,b\n" * 100


def test_what_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("leadhub.web.uploads", "leadhub.lib.sheets"):
        monkeypatch.setattr(f"{module}.LARGEST_BYTES", LARGEST)
    handler = BoundedFileUploadHandler(HttpRequest())
    handler.new_file("file", "leads.csv", "text/csv", None)
    for number in range(50):
        handler.receive_data_chunk(PIECE, number * len(PIECE))
    file = handler.file_complete(50 * len(PIECE))
    assert file is not None
    assert file.file is not None
    assert file.seek(0, 2) == 3 * len(PIECE)
    with pytest.raises(SheetTooLarge):
        detect_layout(cast("BinaryIO", file.file))
    file.close()
    handler.new_file("another", "more.csv", "text/csv", None)  # in the same request
    handler.receive_data_chunk(PIECE, 0)
    another = handler.file_complete(len(PIECE))
    assert another is not None
    assert another.seek(0, 2) == 0
    another.close()
