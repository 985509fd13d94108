"""The pages of one step: written beside its rendering for a real lead, added, moved, removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.writing import Kind as Template
from leadhub.delivery.writing import find_faults
from leadhub.leads.conditions.editor import ConditionEditor
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.numbers import read_whole_number
from leadhub.web.confirmation import Effect, ask_first, is_confirmed
from nurture.models import Sequence, Step
from nurture.pages.forms import STEP_FORMS, StepForm
from nurture.pages.previews import preview_step
from nurture.sentences import describe_step
from nurture.steps import StepPlan, add_step, change_step, count_waiting, move_step, read_step, remove_step

_TITLES = {Step.Kind.MAIL: "E-mail", Step.Kind.WAIT: "Wait", Step.Kind.TASK: "Task"}


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.edit")
def step_new(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add a step of `?kind=` at place `?at=`."""
    sequence: Sequence = get_object_or_404(Sequence, pk=pk)
    kind = request.GET.get("kind", Step.Kind.MAIL)
    if kind not in STEP_FORMS:
        raise Http404
    return _edit(request, sequence, kind=kind, step=None)


@require_http_methods(["GET", "POST"])
@member_view(permission="nurture.edit")
def step_detail(request: MemberRequest, pk: UUID, step: UUID) -> HttpResponse:
    """Change a step."""
    found = _find(pk, step)
    return _edit(request, found.sequence, kind=found.kind, step=found)


@require_POST
@member_view(permission="nurture.edit")
def step_position(request: MemberRequest, pk: UUID, step: UUID) -> HttpResponse:
    """Move a step to the place `to`, the first being 0."""
    found, place = _find(pk, step), read_whole_number(request.POST.get("to", ""))
    if place is not None:
        _try(request, move_step, step=found, to_position=place, actor=request.viewer.member, now=utc_now())
    return redirect("sequence_detail", pk=pk)


@require_POST
@member_view(permission="nurture.edit")
def step_removal(request: MemberRequest, pk: UUID, step: UUID) -> HttpResponse:
    """Take a step out, after saying who waits at it."""
    found = _find(pk, step)
    if not is_confirmed(request):
        return _ask(request, found)
    done = "The step is out. Who waited at it goes on to the next."
    _try(request, remove_step, done, step=found, actor=request.viewer.member, now=utc_now())
    return redirect("sequence_detail", pk=pk)


def _ask(request: MemberRequest, step: Step) -> HttpResponse:
    """Say what removing the step would do."""
    waiting = count_waiting(step=step)
    people = reverse("enrollment_list", args=[step.sequence_id]) + f"?step={step.pk}&number=waiting"
    who = f"{waiting} {'waits' if waiting == 1 else 'wait'} at it and would go on to the next step when it is due."
    effects = [
        Effect(who, people) if waiting else Effect("Nobody waits at it."),
        Effect("What it did so far stays in the numbers and on each person's way."),
    ]
    return ask_first(
        request,
        title=f"Remove “{describe_step(step)}”?",
        effects=effects,
        confirm_label="Remove the step",
        back_url=reverse("sequence_detail", args=[step.sequence_id]),
    )


def _edit(request: MemberRequest, sequence: Sequence, *, kind: str, step: Step | None) -> HttpResponse:
    initial = vars(read_step(step)) if step else {}
    is_post = request.method == "POST"
    editor = ConditionEditor.posted(request.POST) if is_post else ConditionEditor.of(initial.get("condition", {}))
    is_asked_to_save = is_post and "preview" not in request.POST and not editor.wants_redraw
    form = STEP_FORMS[kind](request.POST if is_asked_to_save else None, initial=_typed(request, initial))
    if is_asked_to_save and _is_valid(form, editor) and _save(request, sequence, form, editor, step):
        return redirect("sequence_detail", pk=sequence.pk)
    context: dict[str, Any] = {
        "sequence": sequence,
        "step": step,
        "kind": kind,
        "title": _TITLES[Step.Kind(kind)],
        "form": form,
        "editor": editor if kind != Step.Kind.WAIT else None,
    }
    if kind != Step.Kind.WAIT:
        context |= preview_step(request, plan=_read_typed(form, kind))
    if request.htmx.target == "preview":
        return render(request, "nurture/_preview.html", context)
    if step:
        context["wording_fault"] = find_faults(kind=Template.STEP, template_ids=[step.pk]).get(step.pk)
    return render(request, "nurture/step.html", context, status=422 if is_asked_to_save else 200)


def _typed(request: MemberRequest, initial: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed, so that a preview judges nothing yet; else what is stored."""
    return request.POST.dict() if request.method == "POST" else initial


def _is_valid(form: StepForm, editor: ConditionEditor) -> bool:
    return all([form.is_valid(), form.kind == Step.Kind.WAIT or editor.is_valid()])


def _read_typed(form: StepForm, kind: str) -> StepPlan:
    """Return the words as they stand on the page."""
    words: dict[str, Any] = {
        name: str(form[name].value() or "") for name in ("subject", "body", "task_title") if name in form.fields
    }
    return StepPlan(kind=kind, **words)


def _save(
    request: MemberRequest, sequence: Sequence, form: StepForm, editor: ConditionEditor, step: Step | None
) -> bool:
    """Save the step, or put what is wrong at its field and return False."""
    plan = form.make_plan(**({} if form.kind == Step.Kind.WAIT else {"condition": editor.condition}))
    actor, now = request.viewer.member, utc_now()
    try:
        if step is None:
            position = read_whole_number(request.GET.get("at", ""))
            add_step(sequence=sequence, plan=plan, actor=actor, now=now, position=position)
        else:
            change_step(step=step, plan=plan, actor=actor, now=now)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _find(sequence_id: UUID, step_id: UUID) -> Step:
    steps = Step.objects.placed().select_related("sequence")
    found: Step = get_object_or_404(steps, pk=step_id, sequence=sequence_id)
    return found


def _try(request: MemberRequest, call: Any, done: str = "", **arguments: Any) -> None:
    try:
        call(**arguments)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if done:
            messages.success(request, done)
