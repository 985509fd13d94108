"""The leads that a bulk act is about: all that the list's filters keep, or the ticked rows among them.

Put into a sequence, reassign and export read it from the query string, so that each works without JavaScript, and
a link to what a filter finds stays a link.
"""

from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from capture.imports.filters import ListedLeadFilter
from leadhub.accounts.access import MemberRequest
from leadhub.leads.models import Lead
from leadhub.lib.ids import read_id
from routing.acceptance import with_first_answer
from scoring.queries import with_score

# What the list's form adds to the filters: that it is about ticks, the ticked rows, or all that match after all.
MARK, ROW, WHOLE = "only", "lead", "whole"


def find_chosen(query: QueryDict, *, now: datetime) -> QuerySet[Lead]:
    """Return the leads that were chosen; none where a filter cannot be read, as the list does."""
    filters = ListedLeadFilter(query, queryset=with_first_answer(with_score(Lead.objects.all(), now)))
    found: QuerySet[Lead] = filters.qs if filters.is_valid() else Lead.objects.none()
    if not _is_by_ticks(query):
        return found
    return found.filter(pk__in=[pk for text in query.getlist(ROW) if (pk := read_id(text))])


def is_nothing_ticked(query: QueryDict) -> bool:
    """Say whether the list's form was sent without a tick."""
    return _is_by_ticks(query) and not query.getlist(ROW)


def ask_for_ticks(request: MemberRequest) -> HttpResponse:
    """Go back to the list and say what was missing."""
    messages.error(request, "Tick leads first, or “all that match”.")
    return redirect(f"{reverse('lead_list')}?{without_ticks(request.GET)}")


def without_ticks(query: QueryDict) -> str:
    """Return the list's own query string."""
    rest = query.copy()
    for name in (MARK, ROW, WHOLE, "sequence", "kind"):
        rest.pop(name, None)
    return rest.urlencode()


def _is_by_ticks(query: QueryDict) -> bool:
    return MARK in query and WHOLE not in query
