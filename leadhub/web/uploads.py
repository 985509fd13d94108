"""Where uploaded files go: to a temporary file, of which no more is written than the largest file we read.

Django asks for it (`FILE_UPLOAD_HANDLERS`) before any view runs; without it an endless upload fills the disk.
"""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from leadhub.lib.sheets import LARGEST_BYTES


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Drops what comes after the largest size, by a piece more than it, so that the reader says "too large"."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the piece, unless the file is too large already."""
        if start <= LARGEST_BYTES:
            super().receive_data_chunk(raw_data, start)
