"""Correcting a person on the lead's page."""

from django.test import Client

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead, Person
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from tests.desk.leads import make_lead
from tests.personas import ClientOf


def test_the_owner_and_marketing_correct_them_others_do_not(
    in_scope: Organization, client_of: ClientOf, ria: Membership, raj: Membership, max_: Membership
) -> None:
    lead = make_lead(owner=ria, now=utc_now())
    for member, name in ((ria, "Anna"), (max_, "Annika")):
        answer = client_of(member).post(f"/leads/{lead.pk}/details/", {"first_name": name, "phone": "+12065550177"})
        assert answer.status_code == 302
        assert Person.objects.get(pk=lead.person_id).first_name == name
    assert client_of(raj).post(f"/leads/{lead.pk}/details/", {"first_name": "X"}).status_code == 403
    page = client_of(ria).get(f"/leads/{lead.pk}/").content.decode()
    assert "Details changed: First name Anna → Annika" in page
    assert 'value="+12065550177"' in page


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    in_scope: Organization, client_of: ClientOf, ria: Membership
) -> None:
    browser: Client = client_of(ria)
    lead: Lead = make_lead(owner=ria, now=utc_now())
    answer = browser.post(f"/leads/{lead.pk}/details/", {"first_name": "Anna", "email": "anna at home"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not an e-mail address." in page
    assert 'value="anna at home"' in page
