"""`mail-templates/`: what a personal mail can begin with, listed, written, changed and removed."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import Membership
from leadhub.api.access import READ, ScopedView
from leadhub.api.filled_in import FOR_LEAD, FilledInShape, answer_filled_in, find_asked_lead
from leadhub.api.inputs import read_input
from leadhub.api.trying import DRY_RUN, either, undone
from leadhub.delivery.liquid import LONGEST_TEMPLATE
from leadhub.delivery.writing import Words
from leadhub.lib.clock import utc_now
from nurture.mail_templates import (
    TemplatePlan,
    change_template,
    create_template,
    list_letter_slips,
    list_templates,
    read_template,
    remove_template,
    show_letter,
)
from nurture.models import MailTemplate

VIEW, EDIT = (READ, "nurture.view"), ("settings:write", "templates.edit")


class TemplateShape(serializers.ModelSerializer[MailTemplate]):
    """A template of personal mails, in Liquid."""

    class Meta:
        model = MailTemplate
        fields = ["id", "name", "subject", "body", "updated_at"]


class TemplateInput(serializers.Serializer[Any]):
    """A template: its name, and two texts of Liquid."""

    name = serializers.CharField(max_length=120)
    subject = serializers.CharField(max_length=300)
    body = serializers.CharField(max_length=LONGEST_TEMPLATE)


class MailTemplates(ScopedView):
    """What a personal mail can begin with."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "POST": EDIT}
    dry_runs = frozenset({"POST"})

    @extend_schema(operation_id="mail_templates_list", summary="List templates", responses=TemplateShape(many=True))
    def get(self, request: Request) -> Response:
        """List all templates by name."""
        return Response(TemplateShape(list_templates(), many=True).data)

    @extend_schema(
        operation_id="mail_templates_create",
        summary="Write a template",
        parameters=[DRY_RUN, FOR_LEAD],
        request=TemplateInput,
        responses={HTTPStatus.CREATED: TemplateShape, HTTPStatus.OK: FilledInShape},
    )
    def post(self, request: Request) -> Response:
        """Write a template, or see it filled in for a lead."""
        given = read_input(TemplateInput, request)
        plan, actor, now = TemplatePlan(**given), self.viewer.member, utc_now()
        if self.is_dry_run:
            with undone():
                return fill_in(request, create_template(plan=plan, actor=actor, now=now), sender=actor)
        template = create_template(plan=plan, actor=actor, now=now)
        return Response(TemplateShape(template).data, status=HTTPStatus.CREATED)


class MailTemplateDetail(ScopedView):
    """One template."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "PATCH": EDIT, "DELETE": EDIT}
    dry_runs = frozenset({"PATCH"})

    @extend_schema(operation_id="mail_templates_retrieve", summary="Read a template", responses=TemplateShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one template."""
        return Response(TemplateShape(MailTemplate.objects.get(pk=pk)).data)

    @extend_schema(
        operation_id="mail_templates_patch",
        summary="Change a template",
        parameters=[DRY_RUN, FOR_LEAD],
        request=TemplateInput,
        responses=either("TemplateOrMail", TemplateShape, FilledInShape),
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given, or see it filled in for a lead; mails written with the template stay."""
        template: MailTemplate = MailTemplate.objects.select_for_update(no_key=True).get(pk=pk)
        given = read_input(TemplateInput, request, partial=True)
        plan = TemplatePlan(**{**asdict(read_template(template)), **given})
        change: dict[str, Any] = {"template": template, "plan": plan, "actor": self.viewer.member, "now": utc_now()}
        if self.is_dry_run:
            with undone():
                return fill_in(request, change_template(**change), sender=self.viewer.member)
        return Response(TemplateShape(change_template(**change)).data)

    @extend_schema(
        operation_id="mail_templates_delete", summary="Remove a template", request=None, responses=TemplateShape
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Remove the template and answer with what it was; mails written with it stay."""
        template = MailTemplate.objects.get(pk=pk)
        told = TemplateShape(template).data
        remove_template(template=template, actor=self.viewer.member, now=utc_now())
        return Response(told)


def fill_in(request: Request, template: MailTemplate, *, sender: Membership) -> Response:
    """Answer with the template filled in for the lead that the query names. Raises `TemplateFault`."""
    lead = find_asked_lead(request)
    words = Words(subject=template.subject, body=template.body)
    mail = show_letter(words=words, lead=lead, sender=sender)
    return answer_filled_in(mail, unknown=list_letter_slips(words=words, lead=lead, sender=sender))
