"""Clicks at once on the same form are one mail, whatever process each of them reaches."""

import pytest

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, EventKind, Lead
from leadhub.tenancy.scope import scope
from nurture.personal import Letter, send_letter
from tests.desk.leads import make_lead
from tests.personas import NOW
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_clicks_at_once_are_one_mail_and_one_act(ria: Membership) -> None:
    with scope(ria.organization_id):
        lead_id = make_lead(owner=ria, now=NOW).pk

    def click() -> None:
        with scope(ria.organization_id):
            lead = Lead.objects.select_related("person", "owner").get(pk=lead_id)
            send_letter(lead=lead, letter=Letter(subject="Hello", text="You"), actor=ria, now=NOW, key="one")

    in_threads(click, 4)

    with scope(ria.organization_id):
        assert Delivery.objects.filter(purpose="personal").count() == 1
        assert Event.objects.filter(kind=EventKind.MAIL_SENT).count() == 1
