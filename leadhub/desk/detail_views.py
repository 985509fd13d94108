"""Correct who they are and how to reach them: whoever works the lead, and marketing."""

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
from leadhub.desk.forms import DetailsForm
from leadhub.leads.details import change_details
from leadhub.leads.models import Lead


def _correct(*, lead: Lead, values: Any, actor: Membership, now: datetime) -> Deed:
    change_details(lead=lead, changes=values.cleaned_data, actor=actor, now=now)
    return Deed("Details saved.")


CORRECT = Act("details", DetailsForm, _correct, may_judge)


@require_POST
@member_view(permission="leads.view")
def details(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Correct the person's name, job title, company, address and number."""
    return perform(request, pk, CORRECT)
