"""What the API accepts and shows of pools: turns, hours, holidays, promises."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadhub.api.inputs import Row
from leadhub.leads.models import Intent
from leadhub.lib.time_zones import list_time_zones
from routing.models import BusinessHours, Holiday, Pool, PoolMember
from routing.pool_settings import HEAVIEST, LONGEST_MINUTES, MOST_OPEN


class TurnShape(serializers.ModelSerializer[PoolMember]):
    """A member's part of the turns, and how many they have taken."""

    name = serializers.CharField(source="member.name")

    class Meta:
        model = PoolMember
        fields = ["member", "name", "weight", "capacity", "turns"]


class StretchShape(serializers.ModelSerializer[BusinessHours]):
    """A stretch of a weekday (0 is Monday) when the pool works, in its zone."""

    class Meta:
        model = BusinessHours
        fields = ["weekday", "opens_at", "closes_at"]


class HolidayShape(serializers.ModelSerializer[Holiday]):
    """A day on which the pool does not work."""

    class Meta:
        model = Holiday
        fields = ["on", "name"]


class PromisesInput(serializers.Serializer[Any]):
    """The minutes promised to each intent; null is the end of the next business day."""

    def get_fields(self) -> dict[str, Any]:
        """Return a field for each intent."""
        bounds: dict[str, Any] = {"min_value": 1, "max_value": LONGEST_MINUTES, "allow_null": True, "required": False}
        return {intent: serializers.IntegerField(**bounds) for intent in Intent.values}


class PoolShape(serializers.ModelSerializer[Pool]):
    """A pool: who takes turns, when it works, what it promises. It is asked for prefetched."""

    members = TurnShape(source="pool_members", many=True)
    hours = StretchShape(many=True)
    holidays = HolidayShape(many=True)
    promises = serializers.SerializerMethodField()

    class Meta:
        model = Pool
        fields = ["id", "name", "time_zone", "works_always", "is_active", "is_fallback", "created_at"]
        fields += ["members", "hours", "holidays", "promises"]

    @extend_schema_field(PromisesInput)
    def get_promises(self, pool: Pool) -> dict[str, int | None]:
        """Return intent → minutes."""
        return {policy.intent: policy.minutes for policy in pool.sla_policies.all()}


class StretchInput(Row):
    """A stretch of a weekday (0 is Monday) when the pool works."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    opens_at = serializers.TimeField()
    closes_at = serializers.TimeField()


class PoolInput(serializers.Serializer[Any]):
    """A pool's settings; `hours` is the whole week, `promises` those that change."""

    name = serializers.CharField(max_length=120)
    time_zone = serializers.CharField(required=False)
    works_always = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    is_fallback = serializers.BooleanField(required=False)
    hours = StretchInput(many=True, required=False)
    promises = PromisesInput(required=False)

    def validate_time_zone(self, name: str) -> str:
        """Refuse a zone that the pages do not offer."""
        if name not in dict(list_time_zones()):
            raise serializers.ValidationError("There is no such time zone: write it as Europe/Berlin.")
        return name


class TurnInput(serializers.Serializer[Any]):
    """A member's part: turns in a round (0 pauses), and open leads at most (null: no limit)."""

    weight = serializers.IntegerField(min_value=0, max_value=HEAVIEST, required=False)
    capacity = serializers.IntegerField(min_value=0, max_value=MOST_OPEN, required=False, allow_null=True)


class HolidayInput(serializers.Serializer[Any]):
    """What the day is called."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class WasShape(serializers.Serializer[Any]):
    """A number as it is, and as it would have been."""

    live = serializers.IntegerField()
    draft = serializers.IntegerField()


class CountedShape(serializers.Serializer[Any]):
    """How promises went; `outside` were asked while the pool was closed."""

    asked = serializers.IntegerField()
    kept = WasShape()
    broken = WasShape()
    running = WasShape()
    outside = WasShape()


class IntentCountShape(CountedShape):
    """The promises of one intent."""

    intent = serializers.CharField()


class OwnerCountShape(CountedShape):
    """The promises whose leads one member owns today."""

    member = serializers.UUIDField()
    name = serializers.CharField()


class PromiseEffectShape(serializers.Serializer[Any]):
    """The pool's promises of the last 30 days, as they went and as they would have gone."""

    total = CountedShape()
    by_intent = IntentCountShape(many=True)
    by_owner = OwnerCountShape(many=True)


class TurnCountShape(serializers.Serializer[Any]):
    """One member's leads; `peak` is the most they would have had open at once."""

    member = serializers.UUIDField()
    name = serializers.CharField()
    leads = WasShape()
    peak = serializers.IntegerField()
    capacity = serializers.IntegerField(allow_null=True)


class TurnEffectShape(serializers.Serializer[Any]):
    """The pool's turns of the last 30 days, taken again; `is_cut` where there were more than are replayed."""

    leads = serializers.IntegerField()
    is_cut = serializers.BooleanField()
    nobody = WasShape()
    people = TurnCountShape(many=True)


class PoolEffectShape(serializers.Serializer[Any]):
    """What a call would do: in words, to promises, to turns; null where it concerns neither."""

    effects = serializers.ListField(child=serializers.CharField())
    promises = PromiseEffectShape(allow_null=True)
    turns = TurnEffectShape(allow_null=True)
