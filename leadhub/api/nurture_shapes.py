"""What the API accepts and shows of sequences, enrollments and the suppression list."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadhub.leads.models import DispositionCode, EventKind, Stage, Suppression, TaskKind
from nurture.enrolling import MOST_AT_ONCE
from nurture.forecast import Forecast
from nurture.models import Enrollment, EnrollmentMove, Sequence, Step
from nurture.steps import LONGEST_WAIT_DAYS, describe_step, list_steps

SWITCHES = [("active", "Turn on"), ("paused", "Hold"), ("archived", "Put away")]


class SequenceStepShape(serializers.ModelSerializer[Step]):
    """One step, with the fields of its kind."""

    does = serializers.SerializerMethodField()

    class Meta:
        model = Step
        fields = ["id", "position", "kind", "does"]

    def get_does(self, step: Step) -> dict[str, Any]:
        """Return what the step does."""
        return describe_step(step)


class SequenceShape(serializers.ModelSerializer[Sequence]):
    """A sequence's rules."""

    class Meta:
        model = Sequence
        exclude = ["organization", "created_by"]


class SequenceWithSteps(SequenceShape):
    """A sequence with its steps in order."""

    steps = serializers.SerializerMethodField()

    @extend_schema_field(SequenceStepShape(many=True))
    def get_steps(self, sequence: Sequence) -> list[dict[str, Any]]:
        """Return the steps."""
        return list(SequenceStepShape(list_steps(sequence=sequence), many=True).data)


class MoveShape(serializers.ModelSerializer[EnrollmentMove]):
    """One thing that happened to an enrollment, and why."""

    class Meta:
        model = EnrollmentMove
        fields = ["kind", "step", "reason", "until", "at"]


class EnrollmentShape(serializers.ModelSerializer[Enrollment]):
    """A lead in a sequence: where it is, why, and what is next."""

    class Meta:
        model = Enrollment
        exclude = ["organization", "enrolled_by"]


class SuppressionShape(serializers.ModelSerializer[Suppression]):
    """An address that is never mailed."""

    class Meta:
        model = Suppression
        fields = ["id", "email_norm", "reason", "covers_person", "created_at"]


def _several(choices: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(choices=choices), required=False)


class SequenceInput(serializers.Serializer[Any]):
    """A sequence's rules; what is left out keeps its usual value."""

    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300)
    entry_condition = serializers.DictField(required=False)
    entry_events = _several(EventKind.choices)
    entry_stages = _several(Stage.choices)
    entry_dispositions = _several(DispositionCode.choices)
    exit_condition = serializers.DictField(required=False)
    exit_events = _several(EventKind.choices)
    exit_stages = _several(Stage.choices)
    allows_reentry = serializers.BooleanField(required=False)


class StepInput(serializers.Serializer[Any]):
    """A step to add; `position` (0 is the first) puts it before others."""

    kind = serializers.ChoiceField(choices=Step.Kind.choices)
    position = serializers.IntegerField(required=False, min_value=0)
    condition = serializers.DictField(required=False)
    subject = serializers.CharField(required=False, max_length=300)
    body = serializers.CharField(required=False, max_length=20_000)
    wait_days = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_WAIT_DAYS)
    wait_hours = serializers.IntegerField(required=False, min_value=0, max_value=10_000)
    wait_weekday = serializers.IntegerField(required=False, min_value=0, max_value=6)
    wait_at = serializers.TimeField(required=False)
    task_kind = serializers.ChoiceField(choices=TaskKind.choices, required=False)
    task_title = serializers.CharField(required=False, max_length=300)
    task_due_hours = serializers.IntegerField(required=False, min_value=0, max_value=10_000)


class StepPatch(StepInput):
    """What changes of a step; it keeps its kind. `position` (0 is the first) moves it."""

    kind = None  # type: ignore[assignment]


class SequenceStateInput(serializers.Serializer[Any]):
    """Turn a sequence on, hold it, or put it away for good; on, those who fit now may enter too."""

    state = serializers.ChoiceField(choices=SWITCHES)
    enters_fitting = serializers.BooleanField(required=False, default=False)


class EnrollmentInput(serializers.Serializer[Any]):
    """Leads to put into a sequence."""

    leads = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE)


class EnrollmentTallyShape(serializers.Serializer[Any]):
    """Who entered, and how many were refused for which reason."""

    enrolled = serializers.ListField(child=serializers.UUIDField())
    refused = serializers.DictField(child=serializers.IntegerField())


class ReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SuppressionInput(serializers.Serializer[Any]):
    """Addresses never to be mailed, and why; `covers_person` silences sequences under their other addresses too."""

    addresses = serializers.ListField(child=serializers.CharField(max_length=320), min_length=1, max_length=1_000)
    reason = serializers.CharField(max_length=200)
    covers_person = serializers.BooleanField(required=False, default=True)


class SuppressedShape(serializers.Serializer[Any]):
    """How many addresses are new on the list, and how many were on it."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()


class ForecastShape(serializers.Serializer[Forecast]):
    """What turning a sequence on would do: the open leads that fit, and a week as the last four would have been."""

    fitting = serializers.IntegerField()
    entries_per_week = serializers.FloatField()
    mails_per_week = serializers.FloatField()
    enters_by_hand = serializers.BooleanField()


class RemovalShape(serializers.Serializer[Any]):
    """Who waits at a step, and would go on to the next when it is due."""

    waiting = serializers.IntegerField()
