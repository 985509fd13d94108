"""Build a valid row of any tenant model by introspection, so that a new model is under contract by default."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leadhub.accounts.models import Membership
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import TenantModel
from leadhub.tenancy.scope import get_organization_id

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
_numbers = itertools.count(1)

# What a model's own constraints ask for beyond its field types.
WISHES: dict[str, dict[str, Any]] = {
    "BusinessHours": {"weekday": 0, "opens_at": time(9), "closes_at": time(17)},
    "SlaPolicy": {"minutes": 5},
    "Opportunity": {"stage": "discovery"},
    "Submission": {"status": "pending"},
    "Assignment": {"state": "held"},
    "RoutingRule": {"target": "company_owner"},
    "Form": {"intent": "hot"},
    "Step": {"kind": "wait", "wait_days": 1},
    "Enrollment": {"state": "finished", "ended_at": AT},
    "EnrollmentMove": {"kind": "postponed"},
    "SavedView": {"list_key": "leads"},
    "Target": {"month": date(2026, 3, 1)},
    "ScoreModel": {"half_life_days": Decimal(7), "fit_bar": Decimal(40), "engagement_bar": Decimal(30)},
}

MAKERS: dict[Any, Callable[[], Any]] = {
    models.UUIDField: new_id,
    models.DateTimeField: lambda: AT,
    models.DateField: lambda: date(2026, 3, 4),
    models.TimeField: lambda: time(9),
    models.DecimalField: lambda: Decimal(1),
    models.FloatField: lambda: 1.0,
    models.BooleanField: lambda: False,
    models.BinaryField: lambda: b"x",
    models.JSONField: dict,
    ArrayField: list,
}


def build_row(model: type[TenantModel], **wishes: Any) -> TenantModel:
    """Create a row in the organization in scope, and whatever it must refer to."""
    values = {**WISHES.get(model.__name__, {}), **wishes}
    for field in model._meta.local_concrete_fields:
        if field.name != "organization" and field.name not in values and must_be_given(field):
            values[field.name] = make_value(field)
    return model.objects.create(**values)


def must_be_given(field: Any) -> bool:
    """Say whether the row cannot do without a value of ours."""
    return not (field.has_default() or field.null or (field.blank and field.empty_strings_allowed))


def make_value(field: Any) -> Any:
    """Return a value of the field's type."""
    if isinstance(field, models.ForeignKey):
        return make_reference(field.remote_field.model)
    if field.choices:
        return next(iter(field.flatchoices))[0]
    for kind, make in MAKERS.items():
        if isinstance(field, kind):
            return make()
    if isinstance(field, models.IntegerField):
        return 1000 + next(_numbers)
    return f"{field.name}{next(_numbers)}"[: field.max_length]


def make_reference(model: type[models.Model]) -> models.Model:
    """Return a row to refer to: a member of the organization, or a new row."""
    if model is Membership:
        return Membership.objects.filter(organization_id=get_organization_id()).first() or _fail()
    assert issubclass(model, TenantModel)
    return build_row(model)


def _fail() -> Membership:
    raise LookupError("The organization in scope has no member.")
