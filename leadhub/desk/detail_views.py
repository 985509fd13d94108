"""Correct who they are and how to reach them, and note what they agree to: whoever works the lead, and marketing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.accounts.models import Membership
from leadhub.desk.acting import Act, perform
from leadhub.desk.allowed import may_judge
from leadhub.desk.deeds import Deed
from leadhub.desk.forms import ConsentForm, DetailsForm
from leadhub.leads.consent import find_silence, list_addresses
from leadhub.leads.consenting import note_consent
from leadhub.leads.details import change_details
from leadhub.leads.models import Lead

NO_MAIL = "Noted: they get no more mail."
NO_ADDRESS = "Noted: no address of theirs is known, and one that comes later gets no mail either."


def _correct(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    change_details(lead=lead, changes=values.cleaned_data, actor=actor, now=now)
    return Deed("Details saved.")


def _note(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    said = values.read_said()
    person = note_consent(lead=lead, said=said, actor=actor, now=now)
    if said.stops_mail:
        return Deed(NO_MAIL if list_addresses(person).exists() else NO_ADDRESS)
    if said.is_about_mail and find_silence(person):
        return Deed("Noted. They are on the suppression list all the same: marketing can take them off it.")
    return Deed("Noted.")


CORRECT = Act("details", DetailsForm, _correct, may_judge)
NOTE = Act("consent", ConsentForm, _note, may_judge)


@require_POST
@member_view(permission="leads.view")
def details(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Correct the person's name, job title, company, address and number."""
    return perform(request, pk, CORRECT)


@require_POST
@member_view(permission="leads.view")
def consents(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Note what the person agreed to, or withdrew, and how they said it."""
    return perform(request, pk, NOTE)
