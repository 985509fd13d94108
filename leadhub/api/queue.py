"""`queue/`: the caller's next actions, in the order in which to take them."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import READ, ScopedView
from leadhub.desk.queue import Row, list_queue
from leadhub.lib.clock import utc_now


class QueueView(ScopedView):
    """The member's queue."""

    needs = {"GET": (READ, "leads.work")}

    @extend_schema(operation_id="queue_list", summary="Next actions", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """List the next actions of the key's member, each with the reason why it is next."""
        queue = list_queue(member=self.viewer.member, now=utc_now())
        return Response({"counts": queue.counts, "results": [read_row(row) for row in queue.rows]})


def read_row(row: Row) -> dict[str, Any]:
    """Return the row's fields, JSON-ready."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
