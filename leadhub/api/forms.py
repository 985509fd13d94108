"""`forms/`: the web forms, their keys, fields and words: listed, created and changed, checked as on their pages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capture.form_editing import AUDITED, create_form, update_form
from capture.form_forms import KINDS, AcknowledgementForm, FieldFormSet, SettingsForm
from capture.impact import list_form_effects
from capture.models import Form
from leadhub.api.access import ScopedView
from leadhub.api.inputs import Row, read_input
from leadhub.api.trying import DRY_RUN, either
from leadhub.leads.models import Intent
from leadhub.lib.clock import utc_now

VIEW, EDIT = ("settings:read", "forms.view"), ("settings:write", "forms.edit")
_PAGES: tuple[type[SettingsForm | AcknowledgementForm], ...] = (SettingsForm, AcknowledgementForm)


class FieldShape(Row):
    """One field of a form; a `select` has `options`."""

    name = serializers.CharField(max_length=60)
    label = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=KINDS, required=False, default="text")
    options = serializers.ListField(child=serializers.RegexField("^[^,]+$"), required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add what a class cannot name: `required` is a word of its base."""
        return {**super().get_fields(), "required": serializers.BooleanField(required=False)}


class FormShape(serializers.ModelSerializer[Form]):
    """A form: where it is posted to (`url`), the script that shows it on a page, and all that it says."""

    url = serializers.SerializerMethodField()
    script_url = serializers.SerializerMethodField()
    google_ads_url = serializers.SerializerMethodField()
    has_google_key = serializers.SerializerMethodField()

    class Meta:
        model = Form
        fields = ["id", "key", "url", "script_url", "google_ads_url", "has_google_key", *AUDITED, "created_at"]

    def get_url(self, form: Form) -> str:
        """Return the door of the form, which is its page too."""
        return self._link("form_door", form)

    def get_script_url(self, form: Form) -> str:
        """Return the script."""
        return self._link("form_script", form)

    def get_google_ads_url(self, form: Form) -> str:
        """Return the webhook's URL for lead forms of Google Ads; it opens once there is a key."""
        return self._link("google_door", form)

    def get_has_google_key(self, form: Form) -> bool:
        """Say whether a key opens the door to Google Ads."""
        return bool(form.google_key_sha256)

    def get_fields(self) -> dict[str, Any]:
        """Describe the form's own fields."""
        return {**super().get_fields(), "fields": FieldShape(many=True)}

    def _link(self, name: str, form: Form) -> str:
        url: str = self.context["request"].build_absolute_uri(reverse(name, args=[form.key]))
        return url


class FormInput(serializers.Serializer[Any]):
    """What a form is called, where it stands, what it asks and says; `fields` are all of them, in order."""

    name = serializers.CharField(max_length=200)
    headline = serializers.CharField(required=False, allow_blank=True, max_length=200)
    introduction = serializers.CharField(required=False, allow_blank=True)
    allowed_origins = serializers.ListField(child=serializers.CharField(max_length=300), required=False)
    service = serializers.CharField(required=False, allow_blank=True, max_length=120)
    intent = serializers.ChoiceField(choices=Intent.choices, required=False)
    button_text = serializers.CharField(required=False, max_length=80)
    thank_you_text = serializers.CharField(required=False)
    redirect_url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    sends_acknowledgement = serializers.BooleanField(required=False)
    acknowledgement_subject = serializers.CharField(required=False, allow_blank=True, max_length=300)
    acknowledgement_body = serializers.CharField(required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add the form's own fields."""
        return {**super().get_fields(), "fields": FieldShape(many=True, required=False)}


class FormEffectShape(serializers.Serializer[Any]):
    """What the change takes away, in words."""

    effects = serializers.ListField(child=serializers.CharField())


class Forms(ScopedView):
    """The forms."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "POST": EDIT}

    @extend_schema(operation_id="forms_list", summary="List forms", responses=FormShape(many=True))
    def get(self, request: Request) -> Response:
        """List all forms by name."""
        return Response(FormShape(Form.objects.order_by("name"), many=True, context={"request": request}).data)

    @extend_schema(
        operation_id="forms_create",
        summary="Create a form",
        request=FormInput,
        responses={HTTPStatus.CREATED: FormShape},
    )
    def post(self, request: Request) -> Response:
        """Create a form that works at once, with the usual fields and words, or those given."""
        given = read_input(FormInput, request)
        actor, now = self.viewer.member, utc_now()
        form = create_form(name=given["name"], actor=actor, now=now)
        changes = check_changes(form, given)
        update_form(form=form, changes=changes, actor=actor, now=now)
        return Response(FormShape(form, context={"request": request}).data, status=HTTPStatus.CREATED)


class FormDetail(ScopedView):
    """One form."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "PATCH": EDIT}
    dry_runs = frozenset({"PATCH"})

    @extend_schema(operation_id="forms_retrieve", summary="Read a form", responses=FormShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one form."""
        return Response(FormShape(Form.objects.get(pk=pk), context={"request": request}).data)

    @extend_schema(
        operation_id="forms_patch",
        summary="Change a form",
        parameters=[DRY_RUN],
        request=FormInput,
        responses=either("FormOrEffect", FormShape, FormEffectShape),
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given; `is_active: false` closes the form."""
        form: Form = Form.objects.select_for_update(no_key=True).get(pk=pk)
        given = read_input(FormInput, request, partial=True)
        changes, now = check_changes(form, given), utc_now()
        if self.is_dry_run:
            whole = {"fields": form.fields, "is_active": form.is_active, **changes}
            effects = [effect.words for effect in list_form_effects(form, whole, now=now)]
            return Response(FormEffectShape({"effects": effects}).data)
        update_form(form=form, changes=changes, actor=self.viewer.member, now=now)
        return Response(FormShape(form, context={"request": request}).data)


def check_changes(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given as a form stores it, checked by the forms of the pages."""
    changes: dict[str, Any] = {}
    for page in _PAGES:
        named = given.keys() & set(page.base_fields)
        if named:
            stored = {name: getattr(form, name) for name in page.base_fields}
            posted = {**stored, **{name: given[name] for name in named}}
            if "allowed_origins" in posted:
                posted["allowed_origins"] = "\n".join(posted["allowed_origins"])
            filled = page(posted, instance=Form.objects.get(pk=form.pk))
            require_valid(filled)
            changes |= {name: filled.cleaned_data[name] for name in named}
    if "fields" in given:
        changes["fields"] = check_fields(given["fields"])
    return changes


def check_fields(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the fields as a form stores them."""
    posted: dict[str, Any] = {"fields-TOTAL_FORMS": len(given), "fields-INITIAL_FORMS": 0}
    for place, field in enumerate(given):
        values = {**field, "options": ", ".join(field.get("options", []))}
        posted |= {f"fields-{place}-{name}": value for name, value in values.items() if value is not False}
    rows = FieldFormSet(posted, prefix="fields")
    if not rows.is_valid():
        faults: Any = {str(place): read_errors(errors) for place, errors in enumerate(rows.errors) if errors}
        raise serializers.ValidationError({"fields": faults or [str(error) for error in rows.non_form_errors()]})
    stored: list[dict[str, Any]] = rows.list_fields()  # type: ignore[attr-defined]
    return stored


def require_valid(form: BaseForm) -> None:
    """Refuse what the form refuses, at its fields."""
    if not form.is_valid():
        raise serializers.ValidationError(read_errors(form.errors))


def read_errors(errors: Any) -> Any:
    """Return a form's errors as the API tells them."""
    told = {name: [str(error) for error in found] for name, found in errors.items()}
    return {"non_field_errors" if name == NON_FIELD_ERRORS else name: found for name, found in told.items()}
