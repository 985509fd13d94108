"""`sequences/`, `steps/<id>/`: read and write programmes and their steps, turn them on and off, read their numbers."""

from collections.abc import Callable
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.api.filled_in import FOR_LEAD, FilledInShape, answer_filled_in, find_asked_lead
from leadhub.api.inputs import read_input
from leadhub.api.nurture_shapes import (
    ForecastShape,
    RemovalShape,
    SequenceInput,
    SequenceShape,
    SequenceStateInput,
    SequenceStepShape,
    SequenceWithSteps,
    StepInput,
    StepPatch,
)
from leadhub.api.trying import DRY_RUN, either, undone
from leadhub.lib.clock import utc_now
from nurture.forecast import forecast_entries
from nurture.models import Sequence, Step
from nurture.preview import list_slips, render_step
from nurture.sequences import (
    SequencePlan,
    activate_sequence,
    archive_sequence,
    create_sequence,
    pause_sequence,
    read_plan,
    save_sequence,
)
from nurture.statistics import get_statistics
from nurture.steps import StepPlan, add_step, change_step, count_waiting, move_step, read_step, remove_step

READ, WRITE = "settings:read", "settings:write"
_SWITCHES: dict[str, Callable[..., Sequence]] = {
    "active": activate_sequence,
    "paused": pause_sequence,
    "archived": archive_sequence,
}


class Sequences(ScopedView):
    """The programmes."""

    needs = {"GET": (READ, "nurture.view"), "POST": (WRITE, "nurture.edit")}

    @extend_schema(operation_id="sequences_list", summary="List sequences", responses=SequenceShape(many=True))
    def get(self, request: Request) -> Response:
        """List all sequences by name."""
        return Response(SequenceShape(Sequence.objects.order_by("name"), many=True).data)

    @extend_schema(
        operation_id="sequences_create",
        summary="Write a sequence",
        request=SequenceInput,
        responses={HTTPStatus.CREATED: SequenceWithSteps},
    )
    def post(self, request: Request) -> Response:
        """Write a draft; steps are added to it, then it is turned on."""
        plan = SequencePlan(**_read(SequenceInput, request))
        sequence = create_sequence(plan=plan, actor=self.viewer.member, now=utc_now())
        return Response(SequenceWithSteps(sequence).data, status=HTTPStatus.CREATED)


class SequenceDetail(ScopedView):
    """One programme."""

    needs = {"GET": (READ, "nurture.view"), "PATCH": (WRITE, "nurture.edit")}

    @extend_schema(operation_id="sequences_retrieve", summary="Read a sequence", responses=SequenceWithSteps)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read a sequence with its steps in order."""
        return Response(SequenceWithSteps(Sequence.objects.get(pk=pk)).data)

    @extend_schema(
        operation_id="sequences_patch", summary="Change rules", request=SequenceInput, responses=SequenceWithSteps
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the rules that are given."""
        sequence = Sequence.objects.select_for_update(no_key=True).get(pk=pk)
        plan = SequencePlan(**{**asdict(read_plan(sequence)), **_read(SequenceInput, request, partial=True)})
        save_sequence(sequence=sequence, plan=plan, actor=self.viewer.member, now=utc_now())
        return Response(SequenceWithSteps(sequence).data)


class SequenceSteps(ScopedView):
    """The steps of a programme."""

    needs = {"POST": (WRITE, "nurture.edit")}
    dry_runs = frozenset({"POST"})

    @extend_schema(
        operation_id="sequences_steps_create",
        summary="Add a step",
        parameters=[DRY_RUN, FOR_LEAD],
        request=StepInput,
        responses={HTTPStatus.CREATED: SequenceStepShape, HTTPStatus.OK: FilledInShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Add a mail, a wait or a task, at the end or at `position`."""
        sequence = Sequence.objects.get(pk=pk)
        values, actor, now = _read(StepInput, request), self.viewer.member, utc_now()
        position = values.pop("position", None)
        plan = StepPlan(**values)
        if self.is_dry_run:
            with undone():
                return _fill_in(request, add_step(sequence=sequence, plan=plan, actor=actor, now=now))
        step = add_step(sequence=sequence, plan=plan, actor=actor, now=now, position=position)
        return Response(SequenceStepShape(step).data, status=HTTPStatus.CREATED)


class StepDetail(ScopedView):
    """One step of a programme."""

    needs = {"PATCH": (WRITE, "nurture.edit"), "DELETE": (WRITE, "nurture.edit")}
    dry_runs = frozenset({"PATCH", "DELETE"})

    @extend_schema(
        operation_id="steps_patch",
        summary="Change a step",
        parameters=[DRY_RUN, FOR_LEAD],
        request=StepPatch,
        responses=either("StepOrMail", SequenceStepShape, FilledInShape),
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given; `position` moves the step. Who waits at it stays there."""
        step, values = _get_step(pk), _read(StepPatch, request, partial=True)
        actor, now = self.viewer.member, utc_now()
        position, plan = values.pop("position", None), replace(read_step(step), **values)
        if self.is_dry_run:
            with undone():
                return _fill_in(request, change_step(step=step, plan=plan, actor=actor, now=now))
        if values:
            change_step(step=step, plan=plan, actor=actor, now=now)
        if position is not None:
            move_step(step=step, to_position=position, actor=actor, now=now)
        return Response(SequenceStepShape(step).data)

    @extend_schema(
        operation_id="steps_delete",
        summary="Remove a step",
        parameters=[DRY_RUN],
        request=None,
        responses=either("StepOrRemoval", SequenceStepShape, RemovalShape),
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take the step out; its numbers stay, and who waits at it goes on to the next."""
        step = _get_step(pk)
        if self.is_dry_run:
            return Response(RemovalShape({"waiting": count_waiting(step=step)}).data)
        remove_step(step=step, actor=self.viewer.member, now=utc_now())
        return Response(SequenceStepShape(step).data)


class SequenceState(ScopedView):
    """Whether a programme runs."""

    needs = {"POST": (WRITE, "nurture.edit")}
    dry_runs = frozenset({"POST"})

    @extend_schema(
        operation_id="sequences_state_create",
        summary="Turn on, pause, put away",
        parameters=[DRY_RUN],
        request=SequenceStateInput,
        responses=either("SequenceOrForecast", SequenceShape, ForecastShape),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Turn the sequence on, hold everybody in it, or end it for good."""
        sequence = Sequence.objects.select_for_update(no_key=True).get(pk=pk)
        values = _read(SequenceStateInput, request)
        wish = {"enters_fitting": True} if values["enters_fitting"] and values["state"] == "active" else {}
        switch, now = _SWITCHES[values["state"]], utc_now()
        if self.is_dry_run:
            if values["state"] != Sequence.State.ACTIVE:
                raise serializers.ValidationError({"dry_run": "Only turning it on can be tried."})
            with undone():
                switch(sequence=sequence, actor=self.viewer.member, now=now, **wish)
            return Response(ForecastShape(forecast_entries(sequence=sequence, now=now)).data)
        return Response(SequenceShape(switch(sequence=sequence, actor=self.viewer.member, now=now, **wish)).data)


class SequenceStatisticsView(ScopedView):
    """The numbers of a programme."""

    needs = {"GET": (READ, "nurture.view")}

    @extend_schema(operation_id="sequences_statistics", summary="Read the numbers", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: UUID) -> Response:
        """Count entered, waiting, sent, opened, clicked, replied, unsubscribed, MQL, finished: whole and per step."""
        numbers = get_statistics(sequence=Sequence.objects.get(pk=pk))
        steps, removed = (
            [{"step": str(each.step.pk), **asdict(each.numbers)} for each in part]
            for part in (numbers.steps, numbers.removed)
        )
        return Response({"whole": asdict(numbers.whole), "steps": steps, "removed_steps": removed})


def _get_step(pk: UUID) -> Step:
    """Return the step as it is once nobody else changes its sequence."""
    steps = Step.objects.placed().select_related("sequence")
    Sequence.objects.select_for_update(no_key=True).get(pk=steps.get(pk=pk).sequence_id)
    found: Step = steps.get(pk=pk)
    return found


def _fill_in(request: Request, step: Step) -> Response:
    """Answer with the step's words for the lead that the query names. Raises `TemplateFault`."""
    lead = find_asked_lead(request)
    return answer_filled_in(render_step(step=step, lead=lead), unknown=list_slips(step=step, lead=lead))


def _read(shape: Any, request: Request, *, partial: bool = False) -> dict[str, Any]:
    """Return the checked values, lists as tuples."""
    values = read_input(shape, request, partial=partial).items()
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values}
