"""The sequences whose rules ask about a field or name a value, for whoever removes one. Registered in `ready()`."""

from collections.abc import Iterator

from django.urls import reverse

from leadhub.leads.conditions.uses import Rule
from nurture.models import Sequence, Step


def list_sequence_rules() -> Iterator[Rule]:
    """Yield who enters and leaves each sequence that is not put away, and whom its steps are for."""
    kept = Sequence.objects.exclude(state=Sequence.State.ARCHIVED).order_by("name")
    for sequence in kept:
        url = reverse("sequence_rules", args=[sequence.pk])
        yield Rule(words=f"Sequence “{sequence.name}”: who enters", url=url, condition=sequence.entry_condition)
        yield Rule(words=f"Sequence “{sequence.name}”: who leaves", url=url, condition=sequence.exit_condition)
    steps = Step.objects.placed().filter(sequence__in=kept.values("pk")).exclude(condition={})
    for step in steps.select_related("sequence").order_by("sequence__name", "position"):
        url = reverse("step_detail", args=[step.sequence_id, step.pk])
        yield Rule(words=f"Sequence “{step.sequence.name}”: a step", url=url, condition=step.condition)
