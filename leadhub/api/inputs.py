"""What the API accepts: shapes that check names and types; the domain checks the rest."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request

from capture.channels import ATTRIBUTION_FIELDS, LONGEST_ATTRIBUTION
from capture.payloads import clean_value
from leadhub.api.unknown_fields import find_unknown
from leadhub.leads.models import DispositionCode, EventKind, Intent, OpportunityStage, Outcome, Stage, Verdict
from leadhub.web.fields import EARLIEST, LATEST
from routing.models import Assignment

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "min_value": Decimal(0)}
# Part of an address: whatever is longer than its column is cut, as at every door.
ANSWER: dict[str, Any] = {"required": False, "allow_blank": True, "allow_null": True}


class Moment(serializers.DateTimeField):
    """A moment that every time zone can show, as the pages' forms take it."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment; a year that no calendar offers is told."""
        moment: datetime = super().to_internal_value(value)
        if not EARLIEST <= moment.year <= LATEST:
            raise serializers.ValidationError(f"Choose a day between {EARLIEST} and {LATEST}.")
        return moment


class PlainDict(serializers.DictField):
    """An object of any fields, without what PostgreSQL cannot hold."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Clean the values."""
        cleaned: dict[str, Any] = clean_value(super().to_internal_value(data))
        return cleaned


class Row(serializers.Serializer[Any]):
    """An object in a list of a body: it is whole, also where the call changes only what is given of the body."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the values, with the usual ones for what is left out."""
        values: dict[str, Any] = super().to_internal_value(data)
        left_out = {name: field for name, field in self.fields.items() if name not in values}
        missing = {name: field.error_messages["required"] for name, field in left_out.items() if field.required}
        if missing:
            raise serializers.ValidationError(missing)
        return {**{name: field.default for name, field in left_out.items() if field.default is not empty}, **values}


class LeadInput(serializers.Serializer[Any]):
    """A lead as a form would post it; attribution fields and any other field may be added and are kept."""

    is_open: ClassVar[bool] = True

    email = serializers.CharField(required=False, allow_blank=True, max_length=320)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=64)
    first_name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    name = serializers.CharField(required=False, allow_blank=True, max_length=300)
    company = serializers.CharField(required=False, allow_blank=True, max_length=300)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    street = serializers.CharField(**ANSWER)
    postal_code = serializers.CharField(**ANSWER)
    city = serializers.CharField(**ANSWER)
    region = serializers.CharField(**ANSWER)
    country = serializers.CharField(**ANSWER)
    message = serializers.CharField(required=False, allow_blank=True)
    service = serializers.CharField(required=False, allow_blank=True, max_length=120)
    intent = serializers.ChoiceField(choices=Intent.choices, required=False)
    quote_value = serializers.DecimalField(required=False, **MONEY)
    currency = serializers.CharField(required=False, allow_blank=True, max_length=3)

    def get_fields(self) -> dict[str, Any]:
        """Add the attribution fields."""
        fields = super().get_fields()
        for name in ATTRIBUTION_FIELDS:
            fields[name] = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_ATTRIBUTION)
        return fields


class LeadPatch(serializers.Serializer[Any]):
    """What may be changed of a lead in place; stages, verdicts and owners have resources of their own."""

    first_name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    last_name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    company = serializers.CharField(required=False, allow_blank=True, max_length=300)
    email = serializers.CharField(required=False, allow_blank=True, max_length=320)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=64)
    street = serializers.CharField(required=False, allow_blank=True, max_length=300)
    postal_code = serializers.CharField(required=False, allow_blank=True, max_length=20)
    city = serializers.CharField(required=False, allow_blank=True, max_length=120)
    region = serializers.CharField(required=False, allow_blank=True, max_length=120)
    country = serializers.CharField(required=False, allow_blank=True, max_length=120)
    quote_value = serializers.DecimalField(required=False, allow_null=True, **MONEY)
    custom = PlainDict(required=False)
    budget = serializers.CharField(required=False, allow_blank=True, max_length=300)
    authority = serializers.CharField(required=False, allow_blank=True, max_length=300)
    need = serializers.CharField(required=False, allow_blank=True, max_length=300)
    timeline = serializers.CharField(required=False, allow_blank=True, max_length=300)


# What another system can tell; the rest is written by the product itself.
TELLABLE = (
    EventKind.PAGE_VIEWED,
    EventKind.CONTENT_DOWNLOADED,
    EventKind.WEBINAR_REGISTERED,
    EventKind.WEBINAR_ATTENDED,
    EventKind.MEETING_REQUESTED,
    EventKind.MEETING_BOOKED,
    EventKind.MEETING_HELD,
    EventKind.MEETING_NO_SHOW,
    EventKind.CALL_INBOUND,
    EventKind.MAIL_REPLIED,
    EventKind.CHAT,
    EventKind.CUSTOM,
)


class EventInput(serializers.Serializer[Any]):
    """Something that happened, told by another system; `dedupe_key` makes a retry harmless."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in TELLABLE])
    occurred_at = Moment(required=False)
    summary = serializers.CharField(required=False, allow_blank=True, max_length=300)
    properties = PlainDict(required=False)
    dedupe_key = serializers.CharField(required=False, allow_blank=True, max_length=190)


class OutcomeInput(serializers.Serializer[Any]):
    """What came of an attempt to reach the person."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    occurred_at = Moment(required=False)
    next_task_due_at = Moment(required=False)


class StageInput(serializers.Serializer[Any]):
    """A move; `override` waives required fields and is audited."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    override = serializers.BooleanField(required=False, default=False)


class VerdictInput(serializers.Serializer[Any]):
    """Marketing's judgement and why."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.CharField(max_length=300)


class AssignmentInput(serializers.Serializer[Any]):
    """The owner's answer, or a manager's reassignment."""

    answer = serializers.ChoiceField(choices=["accept", "reject", "reroute", "reassign"])
    reason = serializers.ChoiceField(choices=Assignment.RejectReason.choices, required=False)
    member = serializers.UUIDField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what each answer needs."""
        if attrs["answer"] == "reject" and "reason" not in attrs:
            raise serializers.ValidationError({"reason": "Say why: a rejection needs a reason."})
        if attrs["answer"] == "reassign" and "member" not in attrs:
            raise serializers.ValidationError({"member": "Name the member who takes the lead."})
        return attrs


class DispositionInput(serializers.Serializer[Any]):
    """The code that ends or parks the lead; `timing` needs `wakes_at`."""

    code = serializers.ChoiceField(choices=DispositionCode.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    wakes_at = Moment(required=False, allow_null=True, default=None)


class OpportunityInput(serializers.Serializer[Any]):
    """A new deal of the lead."""

    name = serializers.CharField(max_length=300)
    amount = serializers.DecimalField(**MONEY)
    expected_close_on = serializers.DateField(required=False, allow_null=True, default=None)


class OpportunityPatch(serializers.Serializer[Any]):
    """A change of a deal; `stage` won or lost closes it, lost with a `reason`."""

    stage = serializers.ChoiceField(choices=OpportunityStage.choices, required=False)
    amount = serializers.DecimalField(required=False, **MONEY)
    expected_close_on = serializers.DateField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


def read_input(shape: type[serializers.Serializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """Return the checked values of a call's body; with `partial` only what is given.

    Raises DRF's `ValidationError` at each field that has a wrong value, and at each that the call does not know.
    """
    checked = shape(data=request.data, partial=partial)
    is_valid = checked.is_valid()
    unknown = find_unknown(checked, request.data)
    if unknown or not is_valid:
        raise serializers.ValidationError({**unknown, **checked.errors})
    return dict(checked.validated_data)
