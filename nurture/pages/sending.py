"""The page of the rules of sending: quiet hours, the cap, the sender, and which sequence serves which disposition."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.disposition import END_STAGES
from leadhub.leads.models import DispositionCode, Stage
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.parts import Column
from nurture.models import Sequence
from nurture.pages.forms import SendingForm
from nurture.pages.tabs import list_tabs
from nurture.settings import read_settings, save_settings


@dataclass(frozen=True)
class Served:
    """A disposition and the sequences that its leads enter."""

    label: str
    sequences: list[Sequence]


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.view", post="nurture.edit")
def nurture_settings(request: MemberRequest) -> HttpResponse:
    """Show and change the rules of sending."""
    form = SendingForm(request.POST or None, initial=vars(read_settings()))
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, "Saved: what waits is sent by these rules.")
        return redirect("nurture_settings")
    context = {
        "form": form,
        "tabs": list_tabs("nurture_settings", may=request.viewer.may),
        "may_edit": request.viewer.may("nurture.edit"),
        "served": list_served(),
        "columns": [Column("Closed as"), Column("Goes on in")],
    }
    return render(request, "nurture/sending.html", context, status=422 if form.errors else 200)


def list_served() -> list[Served]:
    """Return the dispositions that recycle a lead, each with the sequences that name it."""
    live = Sequence.objects.exclude(state=Sequence.State.ARCHIVED).exclude(entry_dispositions=[]).order_by("name")
    sequences = list(live)
    codes = [code for code in DispositionCode if END_STAGES[code] == Stage.RECYCLED]
    return [Served(str(code.label), [each for each in sequences if code in each.entry_dispositions]) for code in codes]


def _save(request: MemberRequest, form: SendingForm) -> bool:
    try:
        save_settings(rules=form.make_rules(), actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    return True
