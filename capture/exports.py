"""Inquiries and the intake ledger as files, by the filters of their pages. Streamed, and noted in the audit log."""

from collections.abc import Sequence
from uuid import UUID

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from capture.inquiry_pages import find_inquiries
from capture.ledger_pages import read_filters
from capture.models import Submission
from capture.queries import list_form_names
from leadhub.accounts.access import MemberRequest, member_view
from leadhub.leads.models import Channel, Door, Inquiry, Verdict
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.portions import Lines, Portions, write_each

INQUIRY_HEADER = (
    "Arrived", "Name", "E-mail", "Phone", "Company", "Job title", "Street", "Postal code", "City",
    "Region", "Country", "Service", "Intent", "Message", "Other answers",
    "Quote value", "Currency", "Verdict", "Reason", "Channel", "Source", "Campaign", "Keyword", "Door", "Form", "Owner",
    "Answered after seconds", "Lead",
)  # fmt: skip
LEDGER_HEADER = ("Arrived", "Door", "Form", "What became of it", "Reasons", "Name", "E-mail", "Lead", "Number")


@require_GET
@member_view(permission="leads.judge")
def inquiry_export(request: MemberRequest) -> HttpResponseBase:
    """Download the inquiries that the page shows."""
    rows = Portions(found=find_inquiries(request.GET), read=read_inquiries)
    return export_list(request, name="inquiries", header=INQUIRY_HEADER, rows=rows)


@require_GET
@member_view(permission="intake.view")
def ledger_export(request: MemberRequest) -> HttpResponseBase:
    """Download the submissions that the ledger shows, without what they say."""
    submissions = Submission.objects.select_related("form", "person").defer("body")
    rows = write_each(found=read_filters(request).find(), rows=submissions, write=_write_submission)
    return export_list(request, name="intake-ledger", header=LEDGER_HEADER, rows=rows)


def read_inquiries(keys: Sequence[UUID]) -> Lines:
    """Return the line of each inquiry."""
    found = Inquiry.objects.filter(pk__in=keys).select_related("person", "lead", "lead__owner")
    forms = list_form_names()
    return {one.pk: [_write_inquiry(one, form=forms.get(one.form_id, "") if one.form_id else "")] for one in found}


def _write_inquiry(one: Inquiry, *, form: str) -> Sequence[Cell]:
    person, lead = one.person, one.lead
    answers = "; ".join(f"{name}: {value}" for name, value in one.fields.items())
    return (
        one.arrived_at, person.name, person.email, person.phone, person.company_name, person.title,
        person.street, person.postal_code, person.city, person.region, person.country, one.service,
        one.get_intent_display(), one.message, answers, one.quote_value, one.currency, Verdict(lead.verdict).label,
        lead.verdict_reason, Channel(lead.channel).label, lead.source, lead.campaign, lead.term, one.get_door_display(),
        form, lead.owner.name, one.response_seconds, str(lead.pk),
    )  # fmt: skip


def _write_submission(one: Submission) -> Sequence[Cell]:
    return (
        one.received_at, Door(one.door).label, one.form.name if one.form else "", one.get_status_display(),
        "; ".join(one.reasons), one.person.name if one.person else one.sender, str(one.values.get("email", "")),
        str(one.lead_id or ""), str(one.pk),
    )  # fmt: skip
