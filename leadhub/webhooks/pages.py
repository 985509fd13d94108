"""The pages of webhooks: the list, one endpoint with what it is told, one call. A secret is on the answer to a POST."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.webhooks.calling import show_body
from leadhub.webhooks.endpoints import (
    Shown,
    change_endpoint,
    count_waiting,
    create_endpoint,
    delete_endpoint,
    list_waiting,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
    send_test,
)
from leadhub.webhooks.forms import EndpointForm, fill_in
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.resending import list_announcements, tell_again

PAGE_SIZE = 25
COLUMNS = [Column("Webhook"), Column("Events"), Column("State"), Column("Last yes"), Column("Waiting", align="end")]
CALLS = [
    Column("Event"),
    Column("About"),
    Column("State"),
    Column("Answer"),
    Column("Tries", align="end"),
    Column("When"),
]


@require_http_methods(["GET", "POST"])
@member_view(permission="webhooks.edit")
def webhook_list(request: MemberRequest) -> HttpResponse:
    """List the endpoints and make new ones; the secret is on the answer to the POST and nowhere else."""
    form, shown = EndpointForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            shown = create_endpoint(plan=form.read_plan(), actor=request.viewer.member, now=utc_now())
            form = EndpointForm()
        except DomainError as error:
            form.add_error(error.field or None, error.message)
    endpoints, waiting = Endpoint.objects.order_by("name"), count_waiting()
    context = {"endpoints": endpoints, "waiting": waiting, "form": form, "shown": shown, "columns": COLUMNS}
    response = render(request, "webhooks/list.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@member_view(permission="webhooks.edit")
def webhook_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show an endpoint and what it is told; change it."""
    endpoint = get_object_or_404(Endpoint.objects.all(), pk=pk)
    form = EndpointForm(request.POST or None, initial=fill_in(endpoint))
    if request.method == "POST" and form.is_valid():
        try:
            change_endpoint(endpoint=endpoint, plan=form.read_plan(), actor=request.viewer.member, now=utc_now())
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, "The webhook is saved.")
            return redirect("webhook_detail", pk)
    return _show(request, endpoint, form=form)


def _show(
    request: MemberRequest, endpoint: Endpoint, *, form: EndpointForm | None = None, shown: Shown | None = None
) -> HttpResponse:
    found = list_announcements(endpoint)
    context = {
        "endpoint": endpoint,
        "form": form or EndpointForm(initial=fill_in(endpoint)),
        "shown": shown,
        "waiting": list_waiting(endpoint).count(),
        "page": read_page(found=found, rows=found, size=PAGE_SIZE, text=request.GET.get("page")),
        "columns": CALLS,
        "now": utc_now(),
    }
    response = render(request, "webhooks/detail.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member_view(permission="webhooks.edit")
def webhook_secret(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Replace the secret and show the new one, once."""
    endpoint = get_object_or_404(Endpoint.objects.all(), pk=pk)
    shown = rotate_secret(endpoint=endpoint, actor=request.viewer.member, now=utc_now())
    return _show(request, shown.endpoint, shown=shown)


@require_POST
@member_view(permission="webhooks.edit")
def webhook_test(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a test event and lead to what came of it."""
    endpoint = get_object_or_404(Endpoint.objects.all(), pk=pk)
    delivery = send_test(endpoint=endpoint, actor=request.viewer.member, now=utc_now())
    messages.success(request, "The test is on its way: look again in a moment.")
    return redirect("webhook_call", pk, delivery.pk)


@require_POST
@member_view(permission="webhooks.edit")
def webhook_state(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Pause the endpoint, or resume it with or without what it missed."""
    endpoint, actor, now = get_object_or_404(Endpoint.objects.all(), pk=pk), request.viewer.member, utc_now()
    try:
        if request.POST.get("do") == "pause":
            pause_endpoint(endpoint=endpoint, actor=actor, now=now)
            messages.success(request, f"{endpoint.name} is paused: what happens is kept for it.")
        else:
            gives_up = request.POST.get("do") == "resume_without"
            count = resume_endpoint(endpoint=endpoint, gives_up=gives_up, actor=actor, now=now)
            words = f"{count} that waited are {'given up' if gives_up else 'sent now'}."
            messages.success(request, f"{endpoint.name} is called again; {words}")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("webhook_detail", pk)


@require_POST
@member_view(permission="webhooks.edit")
def webhook_deletion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Delete the endpoint."""
    endpoint = get_object_or_404(Endpoint.objects.all(), pk=pk)
    delete_endpoint(endpoint=endpoint, actor=request.viewer.member, now=utc_now())
    messages.success(request, f"{endpoint.name} is deleted.")
    return redirect("webhook_list")


@require_GET
@member_view(permission="webhooks.edit")
def webhook_call(request: MemberRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    """Show one call: what was sent, and what was answered last."""
    one = find_call(pk, delivery)
    return render(request, "webhooks/call.html", {"one": one, "body": show_body(one.delivery.content)})


@require_POST
@member_view(permission="webhooks.edit")
def webhook_call_again(request: MemberRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    """Send it once more."""
    one = find_call(pk, delivery)
    try:
        tell_again(announcement_id=one.pk, actor=request.viewer.member, now=utc_now())
        messages.success(request, "It is sent once more: look again in a moment.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("webhook_call", pk, delivery)


def find_call(endpoint_id: UUID, delivery_id: UUID) -> Announcement:
    """Return one call of the endpoint, or 404."""
    related = ("endpoint", "delivery__lead__person")
    rows = Announcement.objects.select_related(*related).filter(endpoint=endpoint_id)
    found: Announcement = get_object_or_404(rows, pk=delivery_id)
    return found
