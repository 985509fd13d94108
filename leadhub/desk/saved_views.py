"""Views of the lead list under a name: one's own, and those that colleagues share. Save, open, delete."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from capture.imports.filters import ListedLeadFilter
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.leads.models import SavedView
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError

# What of the list's query string makes the list what it is.
KEPT = {*ListedLeadFilter.base_filters, "sort"}
_LONGEST_QUERY = 2000


class NotSaved(DomainError):
    """The view has no name, or its filters are too many to keep."""


def list_views(member: Membership) -> QuerySet[SavedView]:
    """Return the member's views and the shared ones, by name."""
    return SavedView.objects.filter(Q(member=member) | Q(is_shared=True)).select_related("member").order_by("name")


def save_view(*, member: Membership, name: str, query: str, is_shared: bool, now: datetime) -> None:
    """Save the list's filters and order; the same name again replaces what it was. Raises `NotSaved`."""
    kept = QueryDict(mutable=True)
    for key, values in QueryDict(query).lists():
        if key in KEPT and any(values):
            kept.setlist(key, values)
    if not name.strip():
        raise NotSaved("Give the view a name.", field="name")
    if len(kept.urlencode()) > _LONGEST_QUERY:
        raise NotSaved("These are too many filters to keep.", field="query")
    SavedView.objects.bulk_create(
        [SavedView(member=member, name=name.strip()[:80], query=kept.urlencode(), is_shared=is_shared, created_at=now)],
        update_conflicts=True,
        update_fields=["query", "is_shared"],
        unique_fields=["organization", "member", "name"],
    )


@require_POST
@member_view(permission="leads.view")
def saved_views(request: MemberRequest) -> HttpResponse:
    """Save the view that the list shows."""
    query = request.POST.get("query", "")
    try:
        save_view(
            member=request.viewer.member,
            name=request.POST.get("name", ""),
            query=query,
            is_shared="is_shared" in request.POST,
            now=utc_now(),
        )
    except NotSaved as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The view is saved: find it under Views.")
    return redirect(f"{reverse('lead_list')}?{QueryDict(query).urlencode()}")


@require_POST
@member_view(permission="leads.view")
def saved_view_deletion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Delete a view of one's own, or one that a colleague who has left shared."""
    view = get_object_or_404(list_views(request.viewer.member), pk=pk)
    if view.member_id != request.viewer.member.pk and view.member.is_active:
        raise Http404
    SavedView.objects.filter(pk=view.pk).delete()
    messages.success(request, f"The view {view.name} is deleted.")
    return redirect("lead_list")
