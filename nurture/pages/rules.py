"""The page of who enters and who leaves a sequence: what happens, and the two conditions in the shared editor."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.conditions import Condition
from leadhub.leads.conditions.editor import ConditionEditor
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from nurture.models import Sequence
from nurture.pages.forms import RulesForm
from nurture.pages.sequences import read_frame
from nurture.sequences import describe_plan, save_sequence

_NOBODY: Condition = {"any": []}  # an empty exit rule takes nobody out, and its editor says so


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.edit")
def sequence_rules(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show and change who enters and who leaves."""
    sequence: Sequence = get_object_or_404(Sequence, pk=pk)
    entry, leaving = _read_editors(request, sequence)
    is_asked_to_save = request.method == "POST" and not (entry.wants_redraw or leaving.wants_redraw)
    form = RulesForm(request.POST if request.method == "POST" else None, initial=describe_plan(sequence))
    if is_asked_to_save and _are_valid(form, entry, leaving) and _save(request, sequence, form, entry, leaving):
        messages.success(request, "Saved. It holds for whoever comes from now on; who is in it stays.")
        return redirect("sequence_detail", pk=pk)
    context = {
        **read_frame(request, sequence, current="sequence_rules"),
        "form": form,
        "entry_editor": entry,
        "exit_editor": leaving,
    }
    return render(request, "nurture/rules.html", context, status=422 if is_asked_to_save else 200)


def _read_editors(request: MemberRequest, sequence: Sequence) -> tuple[ConditionEditor, ConditionEditor]:
    if request.method == "POST":
        return ConditionEditor.posted(request.POST, name="entry"), ConditionEditor.posted(request.POST, name="exit")
    entry = ConditionEditor.of(sequence.entry_condition, name="entry")
    return entry, ConditionEditor.of(sequence.exit_condition or _NOBODY, name="exit")


def _are_valid(form: RulesForm, *editors: ConditionEditor) -> bool:
    """Judge all of them, so that every mistake is shown at once."""
    return all([form.is_valid(), *(editor.is_valid() for editor in editors)])


def _save(
    request: MemberRequest, sequence: Sequence, form: RulesForm, entry: ConditionEditor, leaving: ConditionEditor
) -> bool:
    plan = form.make_plan(
        entry_condition=entry.condition, exit_condition=leaving.condition if leaving.root.parts else {}
    )
    try:
        save_sequence(sequence=sequence, plan=plan, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True
