"""Two people who are one human: looked for, compared side by side, joined, parted again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.merge_preview import preview_merge
from leadhub.leads.duplicates import find_duplicates
from leadhub.leads.merge import merge_people, part_people
from leadhub.leads.models import Lead, Person, PersonMerge
from leadhub.leads.search import search_people
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import read_id

FOUND = 10


@require_http_methods(["GET", "POST"])
@member_view(permission="people.merge")
def person_merges(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Compare the person with `?with=`, or look for the other one; a POST joins `absorbed` to the person."""
    person: Person = get_object_or_404(Person.objects.select_related("company"), pk=pk)
    if request.method == "POST":
        return _merge(request, person)
    other_id = read_id(request.GET.get("with", ""))
    other = Person.objects.select_related("company").filter(pk=other_id).first() if other_id else None
    context: dict[str, Any] = {"person": person, "other": other, "back": _find_lead(person)}
    if other is not None and other.pk != person.pk:
        context["preview"] = preview_merge(kept=person, absorbed=other)
    else:
        sought = request.GET.get("q", "").strip()
        context |= {
            "duplicates": find_duplicates(person=person),
            "sought": sought,
            "found": search_people(sought).exclude(pk=pk).order_by("last_name", "pk")[:FOUND] if sought else [],
        }
    return TemplateResponse(request, "desk/people/merge.html", context)


@require_POST
@member_view(permission="people.merge")
def person_merge_undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Part two people again, as they were."""
    merge = get_object_or_404(PersonMerge.objects.select_related("kept", "absorbed"), pk=pk)
    try:
        part_people(merge=merge, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{merge.absorbed.name} and {merge.kept.name} are two people again.")
    return _go_to_lead(merge.kept)


def _merge(request: MemberRequest, person: Person) -> HttpResponse:
    absorbed = request.POST.get("absorbed", "")
    if not absorbed:
        messages.error(request, "Choose who is the same person, below.")
        return redirect(request.path)
    other: Person = get_object_or_404(Person, pk=read_id(absorbed))
    try:
        merge_people(kept=person, absorbed=other, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{request.path}?with={other.pk}")
    messages.success(request, f"{other.name} and {person.name} are one person now. You can undo it below.")
    return _go_to_lead(person)


def _go_to_lead(person: Person) -> HttpResponse:
    lead = _find_lead(person)
    return redirect("lead_detail", pk=lead.pk) if lead else redirect("lead_list")


def _find_lead(person: Person) -> Lead | None:
    """Return the person's open lead, else their latest."""
    leads = Lead.objects.filter(person=person)
    return leads.open().first() or leads.order_by("-number").first()
