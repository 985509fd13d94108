"""Who comes in and who drops out, page by page: the lists behind the two numbers of a preview."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.versions import VersionState, find_draft, find_published
from leadhub.lib.clock import utc_now
from leadhub.lib.numbers import read_whole_number
from scoring.models import ScoreModel
from scoring.pages.forms import NumbersForm
from scoring.pages.picture import link_to_lead
from scoring.pages.thresholds import read_tried, try_numbers
from scoring.preview import SHOWN_LEADS, preview_rules
from scoring.rules import read_rules

SIDES = {"entering": "Who comes in", "leaving": "Who drops out"}


@require_GET
@member_view(permission="scoring.view")
def score_crossings(request: MemberRequest, side: str) -> HttpResponse:
    """List the leads of one side under the draft, the numbers of the query, or the `version` to go back to."""
    model = _choose_model(request.GET.get("version", ""))
    if side not in SIDES or model is None:
        raise Http404
    rules = try_numbers(read_rules(model), NumbersForm.of(model, posted=read_tried(request.GET, model)))
    wanted = read_whole_number(request.GET.get("page", "")) or 1
    preview = preview_rules(rules=rules, now=utc_now(), page=wanted)
    leads = preview.entering if side == "entering" else preview.leaving
    total = preview.enters if side == "entering" else preview.leaves
    context = {
        "title": SIDES[side],
        "leads": [(lead, link_to_lead(lead)) for lead in leads],
        "page": Paginator(range(total), SHOWN_LEADS).get_page(wanted),
        "rules": rules,
    }
    return render(request, "scoring/crossings.html", context)


def _choose_model(version: str) -> ScoreModel | None:
    number = read_whole_number(version)
    if number is not None:
        return get_object_or_404(ScoreModel, version=number, state=VersionState.RETIRED)
    return find_draft(ScoreModel) or find_published(ScoreModel)
