"""Cursor pagination: stable while rows arrive, as fast on page 1,000 as on page 1."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.lib.numbers import read_whole_number


class Cursor(CursorPagination):
    """Base of every list's pages; each says its order."""

    ordering: tuple[str, ...]
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """Return the page; a cursor that names no place of the list is told."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise NotFound(self.invalid_cursor_message) from error

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows a page has; what is no number is told, more than the most is the most."""
        asked = request.query_params.get("page_size", "")
        if asked and not read_whole_number(asked):
            raise serializers.ValidationError({"page_size": f"Write a number from 1 to {self.max_page_size}."})
        return super().get_page_size(request)


class LeadCursor(Cursor):
    """Newest arrival first."""

    ordering = ("-captured_at", "-id")


class PersonCursor(Cursor):
    """Newest person first."""

    ordering = ("-created_at", "-id")


class EventCursor(Cursor):
    """Newest happening first."""

    ordering = ("-occurred_at", "-id")


class InquiryCursor(Cursor):
    """Newest arrival first."""

    ordering = ("-arrived_at", "-id")


class SpendCursor(Cursor):
    """Latest days first."""

    ordering = ("-last_on", "-id")


class LedgerCursor(Cursor):
    """In the order of the file."""

    ordering = ("number", "id")


class EnrollmentCursor(Cursor):
    """Latest entry first."""

    ordering = ("-entered_at", "-id")


class TaskCursor(Cursor):
    """What is due first."""

    ordering = ("due_at", "id")


class ArrivalCursor(Cursor):
    """Newest arrival at a door first."""

    ordering = ("-received_at", "-id")


class DealCursor(Cursor):
    """Newest first: ids are ordered by when they were made (RFC 9562)."""

    ordering = ("-id",)


class PagedView(ScopedView):
    """Base of a list in pages; the OpenAPI document reads from `pagination_class` that it is one."""

    pagination_class: type[Cursor] = LeadCursor

    def answer_page(self, found: QuerySet[Any], shape: type[serializers.Serializer[Any]]) -> Response:
        """Answer with the page that the query asks for."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(found, self.request, view=self)
        return pages.get_paginated_response(shape(page, many=True).data)
