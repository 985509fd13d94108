"""An import's first step: a chunk of its rows becomes people, leads, inquiries and events. Called by the bulk line."""

from datetime import datetime
from uuid import UUID

from leadhub.leads.walk import Batch
from leadhub.lib.errors import DomainError


class UnknownChunk(DomainError):
    """No import has the chunk, or it was settled before."""


def identify_chunk(*, chunk_id: UUID, now: datetime) -> Batch:
    """Settle the rows of a chunk in sets and return what they became. Raises `UnknownChunk`."""
    raise UnknownChunk(f"No import has the chunk {chunk_id} at {now:%Y-%m-%d %H:%M}.")
