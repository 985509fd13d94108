"""Cursor pagination: stable while rows arrive, as fast on page 1,000 as on page 1."""

from rest_framework.pagination import CursorPagination


class LeadCursor(CursorPagination):
    """Newest arrival first."""

    ordering = ("-captured_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class PersonCursor(LeadCursor):
    """Newest person first."""

    ordering = ("-created_at", "-id")


class EventCursor(LeadCursor):
    """Newest happening first."""

    ordering = ("-occurred_at", "-id")


class InquiryCursor(LeadCursor):
    """Newest arrival first."""

    ordering = ("-arrived_at", "-id")


class SpendCursor(LeadCursor):
    """Latest days first."""

    ordering = ("-last_on", "-id")


class LedgerCursor(LeadCursor):
    """In the order of the file."""

    ordering = ("number", "id")
