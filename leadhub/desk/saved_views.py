"""Save and delete a view of a list. One form for every list whose page offers the menu."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from capture.imports.list_page import IMPORT_VIEWS
from capture.inquiry_pages import INQUIRY_VIEWS
from capture.ledger_pages import LEDGER_VIEWS
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.lead_list import LEAD_VIEWS
from leadhub.desk.settings.audit import AUDIT_VIEWS
from leadhub.leads.models import SavedView
from leadhub.leads.saved_views import NotSaved, find_deletable, save_view
from leadhub.lib.clock import utc_now
from leadhub.web.saved_views import SavedList
from nurture.pages.enrollments import PEOPLE_VIEWS
from nurture.pages.suppressions import SUPPRESSION_VIEWS

LISTS: dict[str, SavedList] = {
    each.url_name: each
    for each in (
        LEAD_VIEWS,
        INQUIRY_VIEWS,
        LEDGER_VIEWS,
        IMPORT_VIEWS,
        PEOPLE_VIEWS,
        SUPPRESSION_VIEWS,
        AUDIT_VIEWS,
    )
}


@require_POST
@member_view(permission="leads.view")
def saved_views(request: MemberRequest) -> HttpResponse:
    """Save the view that the list shows; the list itself is asked whether the member may see it."""
    path = request.POST.get("list") or reverse("lead_list")
    saved_list, list_key = find_list(request, path)
    query = request.POST.get("query", "")
    try:
        save_view(
            member=request.viewer.member,
            list_key=list_key,
            name=request.POST.get("name", ""),
            query=query,
            kept=saved_list.kept,
            is_shared="is_shared" in request.POST,
            now=utc_now(),
        )
    except NotSaved as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The view is saved: find it under Views.")
    return redirect(f"{path}?{QueryDict(query).urlencode()}")


@require_POST
@member_view(permission="leads.view")
def saved_view_deletion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Delete a view of one's own, or one that a colleague who has left shared."""
    path = request.POST.get("list") or reverse("lead_list")
    _, list_key = find_list(request, path)
    view = find_deletable(member=request.viewer.member, list_key=list_key, view_id=pk)
    if view is None:
        raise Http404
    SavedView.objects.filter(pk=view.pk).delete()
    messages.success(request, f"The view {view.name} is deleted.")
    return redirect(path)


def find_list(request: MemberRequest, path: str) -> tuple[SavedList, str]:
    """Return the list on the path and its key; 404 for any other page, 403 for one that the role does not see."""
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise Http404 from error
    saved_list = LISTS.get(match.url_name or "")
    if saved_list is None:
        raise Http404
    if not request.viewer.may(saved_list.permission):
        raise PermissionDenied("Your role does not see this list.")
    return saved_list, saved_list.key_of(match.kwargs)
