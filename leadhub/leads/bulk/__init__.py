"""Thousands of arrivals at once, with the same meaning as one: the set-based side of the shared lead model.

`receive_many` is to an import's chunk what `arrival.receive_inquiry` is to a submission. Called by capture's imports.
"""

from leadhub.leads.bulk.arrival import receive_many
from leadhub.leads.bulk.rows import Arrived, Duplicates, IncomingRow, Reception, RowOutcome

__all__ = ["Arrived", "Duplicates", "IncomingRow", "Reception", "RowOutcome", "receive_many"]
