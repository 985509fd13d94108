"""`score-models/`: read versions, edit the draft's numbers and rules, preview, publish, roll back."""

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import Membership
from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.publications import PublicationInput, publish_or_restore
from leadhub.api.trying import DRY_RUN, either, undone
from leadhub.leads.models import EventKind, Intent
from leadhub.leads.versions import VersionState, lock_draft
from leadhub.lib.clock import utc_now
from scoring import publishing
from scoring.drafts import (
    change_numbers,
    discard_draft,
    put_engagement_rule,
    put_fit_rule,
    remove_rule,
    start_draft,
)
from scoring.models import ScoreModel
from scoring.preview import preview_rules
from scoring.rules import NEW_RULE, read_rules

VIEW, EDIT = ("settings:read", "scoring.view"), ("settings:write", "scoring.edit")
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


class FitRuleInput(serializers.Serializer[Any]):
    """Points for who they are."""

    label = serializers.CharField(max_length=200)  # type: ignore[assignment]
    points = serializers.FloatField()
    condition = serializers.DictField(required=False, default=dict)


class EngagementRuleInput(FitRuleInput):
    """Points for what they did; `detail` narrows it to a text in the page, the content, the webinar."""

    event_kind = serializers.ChoiceField(choices=EventKind.choices)
    detail = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ScoreModels(ScopedView):
    """The versions."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "POST": EDIT}
    dry_runs = frozenset({"POST"})

    @extend_schema(operation_id="score_models_list", summary="List versions", responses=ScoreModelShape(many=True))
    def get(self, request: Request) -> Response:
        """List all versions, newest first."""
        return Response(ScoreModelShape(ScoreModel.objects.order_by("-version"), many=True).data)

    @extend_schema(
        operation_id="score_models_create",
        summary="Edit the draft",
        parameters=[DRY_RUN],
        request=ScoreNumbersInput,
        responses={HTTPStatus.CREATED: ScoreModelShape, HTTPStatus.OK: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        """Start a draft from the version in force, or change the one there is."""
        given = read_input(ScoreNumbersInput, request)
        numbers = {**given, "actor": self.viewer.member, "now": utc_now()}
        numbers["hand_raise_intents"] = sorted(numbers["hand_raise_intents"])
        if self.is_dry_run:
            with undone():
                return answer_preview(change_draft(**numbers))
        return Response(ScoreModelShape(change_draft(**numbers)).data, status=HTTPStatus.CREATED)


class ScoreModelPreview(ScopedView):
    """What publishing the draft would do."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW}

    @extend_schema(operation_id="score_models_preview", summary="Preview the draft", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Say how many leads meet the draft's bar, who enters and who leaves."""
        return answer_preview(ScoreModel.objects.get(state=VersionState.DRAFT))


class ScoreModelPublications(ScopedView):
    """Putting versions in force."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT}

    @extend_schema(
        operation_id="score_models_publish",
        summary="Publish or roll back",
        request=PublicationInput,
        responses={HTTPStatus.CREATED: ScoreModelShape},
    )
    def post(self, request: Request) -> Response:
        """Publish the draft, or restore the version named."""
        model = publish_or_restore(request, publishing, actor=self.viewer.member)
        return Response(ScoreModelShape(model).data, status=HTTPStatus.CREATED)


class ScoreModelDraft(ScopedView):
    """The draft."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"DELETE": EDIT}

    @extend_schema(
        operation_id="score_models_discard", summary="Discard the draft", request=None, responses=ScoreModelShape
    )
    def delete(self, request: Request) -> Response:
        """Throw the draft away, and answer with what it was; the version in force stays."""
        told = ScoreModelShape(lock_draft(ScoreModel)).data
        discard_draft(actor=self.viewer.member, now=utc_now())
        return Response(told)


class ScoreRule(ScopedView):
    """One rule of the draft, by its kind (`fit` or `engagement`) and its key."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"PUT": EDIT, "DELETE": EDIT}

    @extend_schema(
        operation_id="score_models_rules_put",
        summary="Write a rule",
        request=either("RuleOfKindInput", FitRuleInput, EngagementRuleInput),
        responses=ScoreModelShape,
    )
    def put(self, request: Request, kind: str, key: str) -> Response:
        """Add the rule to the draft, or replace the one of its key; a fit rule has no `event_kind`, no `detail`."""
        shape, put = get_kind(kind)
        if key == NEW_RULE:
            raise serializers.ValidationError({"key": "Choose another key than this."})
        given = read_input(shape, request)
        who: dict[str, Any] = {"actor": self.viewer.member, "now": utc_now()}
        start_draft(**who)
        put(key=key, **given, **who)
        return Response(ScoreModelShape(lock_draft(ScoreModel)).data)

    @extend_schema(
        operation_id="score_models_rules_delete", summary="Remove a rule", request=None, responses=ScoreModelShape
    )
    def delete(self, request: Request, kind: str, key: str) -> Response:
        """Take the rule out of the draft, which is begun where there is none."""
        get_kind(kind)
        who: dict[str, Any] = {"actor": self.viewer.member, "now": utc_now()}
        draft = start_draft(**who)
        if key not in {rule["key"] for rule in getattr(draft, f"{kind}_rules")}:
            raise Http404
        remove_rule(kind=kind, key=key, **who)
        return Response(ScoreModelShape(lock_draft(ScoreModel)).data)


def get_kind(kind: str) -> tuple[type[FitRuleInput], Any]:
    """Return what a rule of the kind takes, and what writes it."""
    kinds = {"fit": (FitRuleInput, put_fit_rule), "engagement": (EngagementRuleInput, put_engagement_rule)}
    if kind not in kinds:
        raise Http404
    return kinds[kind]


def change_draft(*, actor: Membership, now: datetime, **numbers: Any) -> ScoreModel:
    """Set the draft's numbers; it is begun where there is none. Raises `RuleInvalid`."""
    start_draft(actor=actor, now=now)
    return change_numbers(**numbers, actor=actor, now=now)


def answer_preview(model: ScoreModel) -> Response:
    """Answer with what publishing the model would do."""
    return Response(asdict(preview_rules(rules=read_rules(model), now=utc_now())))
