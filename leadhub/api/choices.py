"""A query parameter that chooses one of a few: what is not among them is told at its name, never passed over."""

from collections.abc import Sequence

from rest_framework import serializers
from rest_framework.request import Request


def read_choice(request: Request, name: str, choices: Sequence[str]) -> str:
    """Return what the query chooses, the first of the list where it chooses nothing."""
    chosen: str = request.query_params.get(name) or choices[0]
    if chosen not in choices:
        raise serializers.ValidationError({name: f"Choose one of {', '.join(filter(None, choices))}."})
    return chosen
