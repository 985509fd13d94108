"""The page that connects lead forms of Google Ads with a form: what to paste there, and whether anything arrives."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from capture.google_keys import choose_google_key, end_google_key, set_google_key
from capture.models import Form
from capture.queries import find_last_arrival
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Door
from leadhub.lib.clock import utc_now
from leadhub.web.confirmation import Effect, ask_first, is_confirmed

_ANOTHER = (Effect("Google Ads is refused until you paste the new key there, in every lead form that sends here."),)
_END = (Effect("Google Ads is refused from now on; the leads that came stay."),)


@require_http_methods(["GET", "POST"])
@member_view(permission="forms.edit")
def form_google_ads(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the webhook's URL, make its key or end it; a key is on the answer to the POST and nowhere else."""
    form = get_object_or_404(Form.objects.select_for_update(no_key=True), pk=pk)
    url = request.build_absolute_uri(reverse("google_door", args=[form.key]))
    context = {"form": form, "url": url, "last": find_last_arrival(form_id=pk, door=Door.AD)}
    if request.method == "POST":
        if form.google_key_sha256 and not is_confirmed(request):
            return _ask(request, form)
        if request.POST.get("do") == "end":
            end_google_key(form=form, actor=request.viewer.member, now=utc_now())
            messages.success(request, "Google Ads can no longer send leads to this form.")
            return redirect("form_google_ads", pk=pk)
        key = choose_google_key()
        set_google_key(form=form, key=key, actor=request.viewer.member, now=utc_now())
        context["key"] = key
    response = render(request, "capture/google_ads.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _ask(request: MemberRequest, form: Form) -> HttpResponse:
    ends = request.POST.get("do") == "end"
    return ask_first(
        request,
        title=f"{'Disconnect' if ends else 'Make another key for'} {form.name}?",
        effects=_END if ends else _ANOTHER,
        confirm_label="Disconnect Google Ads" if ends else "Make another key",
        back_url=reverse("form_google_ads", args=[form.pk]),
    )
