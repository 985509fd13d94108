"""Sequences and steps in words, for pages and lists. Pure but for the catalogue of condition fields."""

import re
from collections.abc import Iterable

from leadhub.leads.conditions import describe
from leadhub.leads.models import DispositionCode, EventKind, Stage
from nurture.models import Sequence, Step

_VARIABLE = re.compile(r"\{\{-?\s*(?:\w+\.)*(\w+)[^}]*\}\}")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def describe_entry(sequence: Sequence) -> str:
    """Say who enters the sequence by itself."""
    triggers = _join_triggers(sequence.entry_events, sequence.entry_stages, sequence.entry_dispositions)
    condition = describe(sequence.entry_condition) if sequence.entry_condition else ""
    if not triggers and not condition:
        return "Only whom a colleague puts in"
    if not triggers:
        return f"Whoever matches: {condition}"
    return f"{triggers}, if {condition}" if condition else triggers


def describe_exit(sequence: Sequence) -> str:
    """Say when somebody leaves the sequence before its end."""
    triggers = _join_triggers(sequence.exit_events, sequence.exit_stages, [])
    condition = f"They match: {describe(sequence.exit_condition)}" if sequence.exit_condition else ""
    words = "; ".join(filter(None, (triggers, condition)))
    return words or "Only at the end, by hand, or when they unsubscribe"


def describe_step(step: Step) -> str:
    """Say what a step does, in a line; what Liquid fills in stands in brackets."""
    if step.kind == Step.Kind.WAIT:
        return describe_wait(step)
    return _VARIABLE.sub(lambda found: f"[{found[1].replace('_', ' ')}]", step.subject or step.task_title)


def describe_wait(step: Step) -> str:
    """Say how long a wait lasts: Wait 3 days, then until Tuesday at 09:00."""
    lasts = " ".join(
        _count(count, unit) for count, unit in ((step.wait_days, "day"), (step.wait_hours, "hour")) if count
    )
    day = WEEKDAYS[step.wait_weekday] if step.wait_weekday is not None else ""
    at = f"{step.wait_at:%H:%M}" if step.wait_at else ""
    until = " at ".join(filter(None, (day, at)))
    if lasts and until:
        return f"Wait {lasts}, then until {until}"
    return f"Wait {lasts}" if lasts else f"Wait until {until}"


def _join_triggers(events: Iterable[str], stages: Iterable[str], codes: Iterable[str]) -> str:
    parts = [
        *(str(EventKind(each).label) for each in events),
        *(f"reaches {Stage(each).label}" for each in stages),
        *(f"closed as “{DispositionCode(each).label}”" for each in codes),
    ]
    words = " or ".join(parts)
    return words[:1].upper() + words[1:]


def _count(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
