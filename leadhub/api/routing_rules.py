"""`routing-rules/`: read versions, edit the draft rule by rule, preview, publish, roll back."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import Membership
from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.lead_resources import find_member
from leadhub.api.publications import PublicationInput, publish_or_restore
from leadhub.leads.versions import VersionState, find_published, lock_draft
from leadhub.lib.clock import utc_now
from routing import publishing
from routing.models import Pool, RoutingRule, RoutingRuleSet
from routing.rule_preview import preview_rules

_PARTS = ("name", "condition", "target", "member", "pool")
VIEW, EDIT = ("settings:read", "routing.view"), ("settings:write", "routing.edit")


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

    @extend_schema_field(RuleShape(many=True))
    def get_rules(self, rule_set: RoutingRuleSet) -> list[dict[str, Any]]:
        """Return the rules in order."""
        rules = sorted(rule_set.rules.all(), key=lambda rule: rule.position)
        return list(RuleShape(rules, many=True).data)


class RuleInput(serializers.Serializer[Any]):
    """A rule of the draft; without a name it is called by its condition, without a position it is the last."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    condition = serializers.DictField()
    target = serializers.ChoiceField(choices=RoutingRule.Target.choices)
    member = serializers.UUIDField(required=False, allow_null=True)
    pool = serializers.UUIDField(required=False, allow_null=True)
    position = serializers.IntegerField(required=False, min_value=0)

    def validate_pool(self, pool_id: UUID | None) -> Any:
        """Find the pool."""
        pool = Pool.objects.filter(pk=pool_id, is_active=True).first() if pool_id else None
        if pool_id and pool is None:
            raise serializers.ValidationError("There is no such pool, or it takes no leads.")
        return pool


class RoutingRules(ScopedView):
    """The versions and their rules."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "POST": EDIT}

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
        given, actor, now = read_rule(read_input(RuleInput, request)), self.viewer.member, utc_now()
        position = given.pop("position", None)
        rule = publishing.save_rule(**{"name": "", **given}, actor=actor, now=now)
        return answer_moved(rule, to=position, actor=actor, now=now, status=HTTPStatus.CREATED)


class RoutingRuleDetail(ScopedView):
    """One rule of the draft."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"PATCH": EDIT, "DELETE": EDIT}

    @extend_schema(operation_id="routing_rules_patch", summary="Change a rule", request=RuleInput, responses=RuleShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given of a rule of the draft; `position` (0 is the first) moves it."""
        rule, actor, now = get_drafted(pk), self.viewer.member, utc_now()
        given = read_rule(read_input(RuleInput, request, partial=True))
        position = given.pop("position", None)
        if given:
            former = {name: getattr(rule, name) for name in _PARTS}
            rule = publishing.save_rule(**{**former, **given}, rule_id=pk, actor=actor, now=now)
        return answer_moved(rule, to=position, actor=actor, now=now)

    @extend_schema(operation_id="routing_rules_delete", summary="Remove a rule", request=None, responses=RuleShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take the rule out of the draft, and answer with what it was."""
        rule = get_drafted(pk)
        told = RuleShape(rule).data
        publishing.delete_rule(rule=rule, actor=self.viewer.member, now=utc_now())
        return Response(told)


class RoutingRulesDraft(ScopedView):
    """The draft."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT, "DELETE": EDIT}

    @extend_schema(operation_id="routing_rules_draft", summary="Begin a draft", request=None, responses=RuleSetShape)
    def post(self, request: Request) -> Response:
        """Begin a draft as a copy of the version in force; where there is one, answer with that."""
        return Response(RuleSetShape(publishing.start_draft(actor=self.viewer.member, now=utc_now())).data)

    @extend_schema(
        operation_id="routing_rules_discard", summary="Discard the draft", request=None, responses=RuleSetShape
    )
    def delete(self, request: Request) -> Response:
        """Throw the draft away, and answer with what it was; the rules in force stay."""
        told = RuleSetShape(lock_draft(RoutingRuleSet)).data
        publishing.discard_draft(actor=self.viewer.member, now=utc_now())
        return Response(told)


class RoutingRulesPreview(ScopedView):
    """What publishing the draft would do."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW}

    @extend_schema(operation_id="routing_rules_preview", summary="Replay 30 days", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Replay the last 30 days of leads: counts per rule and person, draft against live, beside their capacity."""
        draft = RoutingRuleSet.objects.get(state=VersionState.DRAFT)
        live = find_published(RoutingRuleSet)
        preview = preview_rules(draft=draft, live=live, now=utc_now())
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

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT}

    @extend_schema(
        operation_id="routing_rules_publish",
        summary="Publish or roll back",
        request=PublicationInput,
        responses={HTTPStatus.CREATED: RuleSetShape},
    )
    def post(self, request: Request) -> Response:
        """Publish the draft, or roll back to the version named."""
        published = publish_or_restore(request, publishing, actor=self.viewer.member)
        return Response(RuleSetShape(published).data, status=HTTPStatus.CREATED)


def get_drafted(pk: UUID) -> RoutingRule:
    """Return a rule of the draft, which is locked; a version that was in force once is never changed."""
    RoutingRuleSet.objects.select_for_update().filter(state=VersionState.DRAFT).first()
    rules = RoutingRule.objects.select_related("member", "pool").filter(rule_set__state=VersionState.DRAFT)
    found: RoutingRule = rules.get(pk=pk)
    return found


def read_rule(values: dict[str, Any]) -> dict[str, Any]:
    """Return what was given of a rule, with the colleague that it names."""
    member_id = values.get("member")
    return {**values, "member": find_member(member_id)} if member_id else dict(values)


def answer_moved(
    rule: RoutingRule, *, to: int | None, actor: Membership, now: datetime, status: int = HTTPStatus.OK
) -> Response:
    """Put the rule at the place, where one is given, and answer with it."""
    if to is not None:
        publishing.move_rule(rule=rule, to_index=to, actor=actor, now=now)
        rule.refresh_from_db(fields=["position"])
    return Response(RuleShape(rule).data, status=status)
