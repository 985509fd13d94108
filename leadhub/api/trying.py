"""`?dry_run=true`: a call of the settings answers with what it would do, and changes nothing; every check is made."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.request import Request

_NAME = "dry_run"
_ANSWERS = {"true": True, "1": True, "false": False, "0": False}
DRY_RUN = OpenApiParameter(_NAME, OpenApiTypes.BOOL, description="Change nothing; answer with what it would do.")


def read_dry_run(request: Request, *, offered: Collection[str]) -> bool:
    """Say whether the call is only tried. A call that would be made all the same is refused at `dry_run`."""
    if _NAME not in request.query_params:
        return False
    asked = _ANSWERS.get(request.query_params[_NAME].lower())
    if asked is None:
        raise serializers.ValidationError({_NAME: "Write true or false."})
    if asked and request.method not in offered:
        raise serializers.ValidationError({_NAME: "This call cannot be tried: nothing was done."})
    return asked


@contextmanager
def undone() -> Iterator[None]:
    """Take back what the block writes; what it raises is raised."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def either(name: str, *shapes: type[serializers.Serializer]) -> PolymorphicProxySerializer:  # type: ignore[type-arg]
    """Describe an answer in the OpenAPI document: the record, or the effect where the call was tried."""
    return PolymorphicProxySerializer(component_name=name, serializers=list(shapes), resource_type_field_name=None)
