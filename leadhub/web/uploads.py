"""Where uploaded files go: to temporary files, of which no more is written than the largest file that we read.

Django asks for it (`FILE_UPLOAD_HANDLERS`) before any view runs, and for whoever posts: without it an endless upload,
or a hundred in one request, fills the disk. One handler serves all files of a request.
"""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from leadhub.lib.sheets import LARGEST_BYTES


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Drops what comes after the largest size, by a piece more than it, so that the reader says "too large"."""

    written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the piece, unless the request's files are too large already."""
        if self.written <= LARGEST_BYTES:
            self.written += len(raw_data)
            super().receive_data_chunk(raw_data, start)
