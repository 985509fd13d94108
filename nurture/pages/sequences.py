"""The sequences' pages: the list, one sequence as a path with its counts, and its way on and off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.writing import Kind as Template
from leadhub.delivery.writing import find_faults
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.parts import Column, Tab
from nurture.forecast import forecast_entries
from nurture.models import Sequence, Step
from nurture.pages.tabs import list_tabs
from nurture.sentences import describe_entry, describe_exit, describe_step
from nurture.sequences import (
    SequencePlan,
    activate_sequence,
    archive_sequence,
    count_active,
    create_sequence,
    pause_sequence,
)
from nurture.settings import read_settings
from nurture.starters import STARTERS, create_from_starter
from nurture.statistics import Numbers, count_all, get_statistics
from nurture.turns import find_line

_COLUMNS = [
    Column("Sequence"),
    Column("State"),
    Column("In it now", align="end"),
    Column("Sent", align="end"),
    Column("Opened", align="end"),
    Column("Clicked", align="end"),
    Column("Replied", align="end"),
    Column("MQL", align="end"),
]
_CHANGES: dict[str, tuple[Callable[..., Sequence], str]] = {
    "activate": (activate_sequence, "“{}” is on."),
    "pause": (pause_sequence, "“{}” is paused: nothing is sent, and everybody keeps their place."),
    "archive": (archive_sequence, "“{}” is put away, and nobody is in it any more."),
}
_WITH_FITTING = "“{}” is on: those who fit now enter within minutes, and whoever fits from now on."


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.view", post="nurture.edit")
def sequence_list(request: MemberRequest) -> HttpResponse:
    """List the sequences with their numbers; a POST begins one, from a starter or empty."""
    if request.method == "POST":
        return _create(request)
    has_archive = "archived" in request.GET
    sequences = Sequence.objects.order_by("state", "name")
    sequences = sequences if has_archive else sequences.exclude(state=Sequence.State.ARCHIVED)
    numbers = count_all()
    context = {
        "tabs": list_tabs("sequence_list", may=request.viewer.may),
        "rows": [(sequence, numbers.get(sequence.pk, Numbers())) for sequence in sequences],
        "columns": _COLUMNS,
        "starters": STARTERS.items(),
        "may_edit": request.viewer.may("nurture.edit"),
        "has_archive": has_archive,
        "archived": Sequence.objects.filter(state=Sequence.State.ARCHIVED).count(),
    }
    return render(request, "nurture/sequences.html", context)


@require_GET
@member_view(permission="nurture.view")
def sequence_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the sequence as a path, with what happened at each step."""
    sequence: Sequence = get_object_or_404(Sequence, pk=pk)
    statistics = get_statistics(sequence=sequence)
    steps = statistics.steps
    faults = find_faults(kind=Template.STEP, template_ids=[each.step.pk for each in steps])
    context = {
        **read_frame(request, sequence, current="sequence_detail"),
        "totals": statistics.whole,
        "path": [(each.step, describe_step(each.step), each.numbers, faults.get(each.step.pk)) for each in steps],
        "removed": [(each.step, describe_step(each.step), each.numbers) for each in statistics.removed],
        "entry": describe_entry(sequence),
        "exit": describe_exit(sequence),
        "kinds": [(kind.value, kind.label) for kind in Step.Kind],
        "end": len(steps),
        "line": find_line(sequence=sequence),
        "lacks_address": not read_settings().postal_address and any(each.step.kind == Step.Kind.MAIL for each in steps),
    }
    return render(request, "nurture/sequence.html", context)


@require_POST
@member_view(permission="nurture.edit")
def sequence_state(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Turn the sequence on, hold it, or put it away."""
    sequence: Sequence = get_object_or_404(Sequence, pk=pk)
    change, done = _CHANGES.get(request.POST.get("do", ""), _CHANGES["pause"])
    wish = {"enters_fitting": True} if change is activate_sequence and "enters_fitting" in request.POST else {}
    try:
        change(sequence=sequence, actor=request.viewer.member, now=utc_now(), **wish)
    except DomainError as error:
        messages.error(request, error.message)
        if error.field == "postal_address":
            return redirect("nurture_settings")
    else:
        messages.success(request, (_WITH_FITTING if wish else done).format(sequence.name))
    return redirect("sequence_detail", pk=pk)


def read_frame(request: MemberRequest, sequence: Sequence, *, current: str) -> dict[str, Any]:
    """Return what the head of each page of one sequence shows."""
    may_edit = request.viewer.may("nurture.edit") and sequence.state != Sequence.State.ARCHIVED
    is_off = sequence.state != Sequence.State.ACTIVE
    return {
        "sequence": sequence,
        "may_edit": may_edit,
        "active": count_active(sequence=sequence),
        "effect": forecast_entries(sequence=sequence, now=utc_now()) if may_edit and is_off else None,
        "sequence_tabs": [
            Tab(label, reverse(name, args=[sequence.pk]), is_current=name == current)
            for name, label in (
                ("sequence_detail", "Steps"),
                ("enrollment_list", "People"),
                ("sequence_rules", "Who enters and leaves"),
            )
            if name != "sequence_rules" or request.viewer.may("nurture.edit")
        ],
    }


def _create(request: MemberRequest) -> HttpResponse:
    actor, now = request.viewer.member, utc_now()
    try:
        if request.POST.get("starter"):
            sequence = create_from_starter(key=request.POST["starter"], actor=actor, now=now)
        else:
            sequence = create_sequence(plan=SequencePlan(name=request.POST.get("name", "")), actor=actor, now=now)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("sequence_list")
    return redirect("sequence_detail", pk=sequence.pk)
