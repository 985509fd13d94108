"""`score-models/` and `routing-rules/`: read versions, edit the draft, preview, publish, roll back."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import Membership
from leadhub.api.access import ScopedView
from leadhub.api.lead_resources import find_member
from leadhub.leads.models import Intent
from leadhub.leads.versions import VersionState, find_published
from leadhub.lib.clock import utc_now
from routing import preview as routing_preview
from routing import publishing as routing_publishing
from routing.models import Pool, RoutingRule, RoutingRuleSet
from scoring import publishing as scoring_publishing
from scoring.drafts import change_numbers, start_draft
from scoring.models import ScoreModel
from scoring.preview import preview_rules
from scoring.rules import read_rules

READ, WRITE = "settings:read", "settings:write"
POINTS: dict[str, Any] = {"max_digits": 8, "decimal_places": 2}


class ScoreModelShape(serializers.ModelSerializer[ScoreModel]):
    """One version of how leads are scored."""

    class Meta:
        model = ScoreModel
        exclude = ["organization", "created_by", "published_by"]


class ScoreNumbersInput(serializers.Serializer[Any]):
    """The bar and the decay of the draft."""

    fit_bar = serializers.DecimalField(**POINTS)
    engagement_bar = serializers.DecimalField(**POINTS)
    half_life_days = serializers.DecimalField(max_digits=6, decimal_places=2)
    sql_bar = serializers.DecimalField(**POINTS)
    hand_raise_intents = serializers.MultipleChoiceField(choices=Intent.choices)


class PublicationInput(serializers.Serializer[Any]):
    """Publish the draft, or put an earlier `version` back in force."""

    version = serializers.IntegerField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class ScoreModels(ScopedView):
    """The versions."""

    needs = {"GET": (READ, "scoring.view"), "POST": (WRITE, "scoring.edit")}

    @extend_schema(operation_id="score_models_list", summary="List versions", responses=ScoreModelShape(many=True))
    def get(self, request: Request) -> Response:
        """List all versions, newest first."""
        return Response(ScoreModelShape(ScoreModel.objects.order_by("-version"), many=True).data)

    @extend_schema(
        operation_id="score_models_create",
        summary="Edit the draft",
        request=ScoreNumbersInput,
        responses={HTTPStatus.CREATED: ScoreModelShape},
    )
    def post(self, request: Request) -> Response:
        """Start a draft from the version in force, or change the one there is."""
        checked = ScoreNumbersInput(data=request.data)
        checked.is_valid(raise_exception=True)
        who: dict[str, Any] = {"actor": self.viewer.member, "now": utc_now()}
        start_draft(**who)
        values = {**checked.validated_data, "hand_raise_intents": sorted(checked.validated_data["hand_raise_intents"])}
        return Response(ScoreModelShape(change_numbers(**values, **who)).data, status=HTTPStatus.CREATED)


class ScoreModelPreview(ScopedView):
    """What publishing the draft would do."""

    needs = {"GET": (READ, "scoring.view")}

    @extend_schema(operation_id="score_models_preview", summary="Preview the draft", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Say how many leads meet the draft's bar, who enters and who leaves."""
        draft = ScoreModel.objects.get(state=VersionState.DRAFT)
        return Response(asdict(preview_rules(rules=read_rules(draft), now=utc_now())))


class ScoreModelPublications(ScopedView):
    """Putting versions in force."""

    needs = {"POST": (WRITE, "scoring.edit")}

    @extend_schema(
        operation_id="score_models_publish",
        summary="Publish or roll back",
        request=PublicationInput,
        responses={HTTPStatus.CREATED: ScoreModelShape},
    )
    def post(self, request: Request) -> Response:
        """Publish the draft, or restore the version named."""
        model = publish_or_restore(request, scoring_publishing, actor=self.viewer.member)
        return Response(ScoreModelShape(model).data, status=HTTPStatus.CREATED)


class RuleShape(serializers.ModelSerializer[RoutingRule]):
    """One rule; the first that matches wins."""

    class Meta:
        model = RoutingRule
        fields = ["id", "position", "name", "condition", "target", "member", "pool"]


class RuleSetShape(serializers.ModelSerializer[RoutingRuleSet]):
    """One version of the routing rules."""

    rules = serializers.SerializerMethodField()

    class Meta:
        model = RoutingRuleSet
        fields = ["id", "version", "state", "note", "created_at", "published_at", "rules"]

    def get_rules(self, rule_set: RoutingRuleSet) -> list[dict[str, Any]]:
        """Return the rules in order."""
        rules = sorted(rule_set.rules.all(), key=lambda rule: rule.position)
        return list(RuleShape(rules, many=True).data)


class RuleInput(serializers.Serializer[Any]):
    """A rule added to the end of the draft."""

    name = serializers.CharField(max_length=200)
    condition = serializers.DictField()
    target = serializers.ChoiceField(choices=RoutingRule.Target.choices)
    member = serializers.UUIDField(required=False, allow_null=True, default=None)
    pool = serializers.UUIDField(required=False, allow_null=True, default=None)

    def validate_pool(self, pool_id: Any) -> Any:
        """Find the pool."""
        pool = Pool.objects.filter(pk=pool_id, is_active=True).first() if pool_id else None
        if pool_id and pool is None:
            raise serializers.ValidationError("There is no such pool, or it takes no leads.")
        return pool


class RoutingRules(ScopedView):
    """The versions and their rules."""

    needs = {"GET": (READ, "routing.view"), "POST": (WRITE, "routing.edit")}

    @extend_schema(operation_id="routing_rules_list", summary="List versions", responses=RuleSetShape(many=True))
    def get(self, request: Request) -> Response:
        """List all versions with their rules, newest first."""
        sets = RoutingRuleSet.objects.prefetch_related("rules").order_by("-version")
        return Response(RuleSetShape(sets, many=True).data)

    @extend_schema(
        operation_id="routing_rules_create",
        summary="Add a rule to the draft",
        request=RuleInput,
        responses={HTTPStatus.CREATED: RuleShape},
    )
    def post(self, request: Request) -> Response:
        """Add a rule to the draft, which is begun from the version in force where there is none."""
        checked = RuleInput(data=request.data)
        checked.is_valid(raise_exception=True)
        values, actor, now = dict(checked.validated_data), self.viewer.member, utc_now()
        if values["member"]:
            values["member"] = find_member(values["member"])
        rule = routing_publishing.save_rule(actor=actor, now=now, **values)
        return Response(RuleShape(rule).data, status=HTTPStatus.CREATED)


class RoutingRulesPreview(ScopedView):
    """What publishing the draft would do."""

    needs = {"GET": (READ, "routing.view")}

    @extend_schema(operation_id="routing_rules_preview", summary="Replay 30 days", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Replay the last 30 days of leads: counts per rule and person, draft against live, beside their capacity."""
        draft = RoutingRuleSet.objects.get(state=VersionState.DRAFT)
        live = find_published(RoutingRuleSet)
        preview = routing_preview.preview_rules(draft=draft, live=live, now=utc_now())
        rules = [{"rule": str(count.rule.pk) if count.rule else None, "leads": count.leads} for count in preview.rules]
        people = [
            {"member": str(count.member.pk), "name": count.member.name, "live": count.live, "draft": count.draft}
            | {"open": count.open, "capacity": count.capacity}
            for count in preview.people
        ]
        body = {"since": preview.since, "leads": preview.leads, "moved": preview.moved}
        return Response({**body, "rules": rules, "people": people})


class RoutingRulesPublications(ScopedView):
    """Putting versions in force."""

    needs = {"POST": (WRITE, "routing.edit")}

    @extend_schema(
        operation_id="routing_rules_publish",
        summary="Publish or roll back",
        request=PublicationInput,
        responses={HTTPStatus.CREATED: RuleSetShape},
    )
    def post(self, request: Request) -> Response:
        """Publish the draft, or roll back to the version named."""
        published = publish_or_restore(request, routing_publishing, actor=self.viewer.member)
        return Response(RuleSetShape(published).data, status=HTTPStatus.CREATED)


def publish_or_restore(request: Request, publishing: Any, *, actor: Membership) -> Any:
    """Publish the draft of scoring or routing, or put the version named back in force."""
    checked = PublicationInput(data=request.data)
    checked.is_valid(raise_exception=True)
    now, values = utc_now(), checked.validated_data
    if "version" in values:
        return publishing.restore_version(version=values["version"], actor=actor, now=now)
    return publishing.publish_draft(actor=actor, now=now, note=values["note"])
