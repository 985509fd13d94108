"""`leads/<id>/emails/`: personal mails to a lead, listed and sent."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import READ, WRITE
from leadhub.api.inputs import Moment, read_input
from leadhub.api.pagination import PagedView, PersonCursor
from leadhub.api.reading import get_lead, lock_lead
from leadhub.delivery.models import Delivery
from leadhub.delivery.writing import Words
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from nurture.mail_templates import show_letter
from nurture.models import MailTemplate
from nurture.personal import LONGEST_SUBJECT, LONGEST_TEXT, Letter, find_sent, list_letters, send_letter


class EmailShape(serializers.ModelSerializer[Delivery]):
    """A personal mail and where it is: `pending, sending, sent, failed, in_doubt` or `suppressed`."""

    subject = serializers.CharField(source="content.subject")
    text = serializers.CharField(source="content.text")

    class Meta:
        model = Delivery
        fields = ["id", "recipient", "subject", "text", "state", "error", "created_at", "sent_at"]


class EmailInput(serializers.Serializer[Any]):
    """A mail: its words, or a template's, of which each may be given anew; `dedupe_key` makes a retry harmless."""

    template = serializers.UUIDField(required=False)
    subject = serializers.CharField(required=False, max_length=LONGEST_SUBJECT)
    text = serializers.CharField(required=False, max_length=LONGEST_TEXT)
    next_task_due_at = Moment(required=False)
    dedupe_key = serializers.CharField(required=False, max_length=60)


class LeadEmails(PagedView):
    """The personal mails to a lead."""

    pagination_class = PersonCursor
    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": (READ, "leads.view"), "POST": (WRITE, "leads.work")}

    @extend_schema(operation_id="leads_emails_list", summary="List personal mails", responses=EmailShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the mails that colleagues wrote to the lead, newest first."""
        return self.answer_page(list_letters(lead=get_lead(lead_id=pk, now=utc_now())), EmailShape)

    @extend_schema(
        operation_id="leads_emails_create",
        summary="Write to a lead",
        request=EmailInput,
        responses={HTTPStatus.CREATED: EmailShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send a mail in the member's name; it is their act. The same `dedupe_key` again sends nothing."""
        lead, now = lock_lead(lead_id=pk), utc_now()
        self.require_own(lead)
        values = read_input(EmailInput, request)
        key = values.get("dedupe_key") or str(new_id())
        sent = send_letter(
            lead=lead,
            letter=self.write(lead, values, first=find_sent(lead=lead, key=key)),
            actor=self.viewer.member,
            now=now,
            key=key,
            next_task_due_at=values.get("next_task_due_at"),
        )
        return Response(EmailShape(sent).data, status=HTTPStatus.CREATED)

    def write(self, lead: Lead, values: dict[str, Any], *, first: Delivery | None) -> Letter:
        """Return the words given, and a template's for those that are not; a retry has those of its first."""
        given = {name: values[name] for name in ("subject", "text") if name in values}
        if first is not None:
            return Letter(**{"subject": first.content["subject"], "text": first.content["text"], **given})
        if "template" not in values:
            return Letter(**{"subject": "", "text": "", **given})
        template = MailTemplate.objects.filter(pk=values["template"]).first()
        if template is None:
            raise serializers.ValidationError({"template": "There is no such template."})
        words = Words(subject=template.subject, body=template.body)
        mail = show_letter(words=words, lead=lead, sender=self.viewer.member)
        return Letter(template=template.name, **{"subject": mail.subject, "text": mail.text, **given})
