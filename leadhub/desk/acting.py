"""What every act on a lead has in common: load, check permission, validate, one domain call, answer.

The lead page and the queue post the same forms to the same URLs. A form posted from the queue says
`place=queue` and is answered there; without JavaScript an act redirects, and a refusal shows the page again
with the error at its field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from leadhub.accounts.access import MemberRequest, Viewer
from leadhub.desk.allowed import may_work
from leadhub.desk.deeds import Deed
from leadhub.desk.lead_page import show_lead
from leadhub.desk.queue_page import show_acted, show_queue
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError


@dataclass(frozen=True)
class Act:
    """One domain call: given the lead and a valid form, do it."""

    name: str
    form_class: type[forms.Form]
    do: Callable[..., Deed]
    is_allowed: Callable[[Viewer, Lead], bool] = may_work


def perform(request: MemberRequest, pk: UUID, act: Act, **loaded: Any) -> HttpResponse:
    """Do the act on the lead, or show why not; `loaded` are the records of the URL that the act also needs."""
    viewer = request.viewer
    lead = get_object_or_404(Lead.objects.select_related("person", "owner"), pk=pk)
    if not act.is_allowed(viewer, lead):
        raise PermissionDenied("This lead is not yours: its owner or a manager may do this.")
    form = act.form_class(request.POST, auto_id=f"{act.name}_%s")
    if not form.is_valid():
        return _refuse(request, lead, act, form)
    try:
        with transaction.atomic():
            deed = act.do(lead=lead, values=form, actor=viewer.member, now=utc_now(), **loaded)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _refuse(request, lead, act, form)
    return _answer(request, lead, deed)


def _refuse(request: MemberRequest, lead: Lead, act: Act, form: forms.Form) -> HttpResponse:
    lead.refresh_from_db()
    bound = {act.name: form}
    if request.POST.get("place") == "queue":
        return show_queue(request, lead_id=lead.pk, bound=bound, status=422)
    return show_lead(request, lead_id=lead.pk, bound=bound, status=422)


def _answer(request: MemberRequest, lead: Lead, deed: Deed) -> HttpResponse:
    is_queue = request.POST.get("place") == "queue"
    if request.htmx:
        if is_queue:
            return show_acted(request, lead_id=lead.pk, deed=deed)
        return show_lead(request, lead_id=lead.pk, deed=deed)
    messages.success(request, deed.text, extra_tags=deed.undo_url)
    return redirect(f"{reverse('queue')}?lead={lead.pk}" if is_queue else reverse("lead_detail", args=[lead.pk]))
