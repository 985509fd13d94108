"""A filter means the same on every page and in the API."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict

from leadhub.accounts.models import Membership
from leadhub.leads.filters import LeadFilter, PersonFilter
from leadhub.leads.models import Channel, Intent, Lead, Person, Verdict
from leadhub.leads.touches import TouchDetails
from leadhub.leads.verdicts import set_verdict
from leadhub.tenancy.models import Organization
from scoring.queries import with_score
from tests.leads.arrivals import arrive, make_mql
from tests.personas import NOW

MAIL = TouchDetails(channel=Channel.EMAIL, source="newsletter")


@pytest.fixture
def people(in_scope: Organization, ada: Membership) -> None:
    """Lea came by a search and raised a hand; Ben by mail, and is none."""
    make_mql("lea@client.example", name="Lea Lang", company="Client Ltd", phone="+14155550132", service="siding")
    ben = arrive(
        "ben@gmail.com",
        name="Ben Boss",
        touch=MAIL,
        intent=Intent.CONTENT,
        at=NOW - timedelta(days=3),
        quote_value=Decimal(1),
    )
    set_verdict(lead=ben.lead, verdict=Verdict.NOT_A_LEAD, actor=ada, reason="Vendor", now=NOW)


def found(query: str) -> set[str]:
    leads = LeadFilter(QueryDict(query), queryset=with_score(Lead.objects.all(), NOW)).qs
    return {lead.person.first_name for lead in leads}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Lea", "Ben"}),
        ("q=", {"Lea", "Ben"}),
        ("q=LEA@client.example", {"Lea"}),
        ("q=(415) 555-0132", {"Lea"}),
        ("q=lang client", {"Lea"}),
        ("q=lang gmail", set()),
        ("q=b", {"Ben"}),
        ("stage=mql", {"Lea"}),
        ("stage=mql&stage=new", {"Lea", "Ben"}),
        ("verdict=not_a_lead", {"Ben"}),
        ("channel=email", {"Ben"}),
        ("source=google", {"Lea"}),
        ("campaign=-", {"Ben"}),
        ("email=ben@gmail.com", {"Ben"}),
        ("intent=content", {"Ben"}),
        ("service=siding", {"Lea"}),
        ("captured_from=2026-03-04", {"Lea"}),
        ("captured_from=2026-03-01&captured_to=2026-03-01", {"Ben"}),
        ("captured_to=2026-03-03", {"Ben"}),
        ("updated_since=2026-03-04T16:00:00Z", set()),
        ("is_open=true", {"Lea", "Ben"}),
        ("is_open=false", set()),
        ("counted=true", {"Lea"}),
        ("counted=false", {"Ben"}),
        ("grade=D4", {"Lea", "Ben"}),
        ("grade=A1", set()),
        ("disposition=cold", set()),
        ("reached=mql&reached_within=-1e9", {"Lea"}),
    ],
)
def test_lead_filter(people: None, query: str, names: set[str]) -> None:
    assert found(query.replace("+", "%2B")) == names


def test_leads_of_an_owner(people: None, ada: Membership, ria: Membership) -> None:
    assert found(f"owner={ada.pk}") == {"Lea", "Ben"}
    assert found(f"owner={ria.pk}") == set()


def test_a_member_of_another_organization_is_no_choice(eve: Membership, people: None) -> None:
    assert "owner" in LeadFilter(QueryDict(f"owner={eve.pk}"), queryset=Lead.objects.all()).errors


def test_a_day_is_the_organizations(people: None, acme: Organization) -> None:
    Organization.objects.update(time_zone="America/Los_Angeles")
    Lead.objects.update(captured_at=datetime(2026, 3, 5, 7, 59, tzinfo=UTC))
    assert found("captured_to=2026-03-04") == {"Lea", "Ben"}
    assert found("captured_from=2026-03-05") == set()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=lang", {"Lea"}),
        ("email=LEA@client.example", {"Lea"}),
        ("company=client.example", {"Lea"}),
        ("created_since=2026-03-04T00:00:00Z", {"Lea"}),
        ("do_not_contact=true", set()),
    ],
)
def test_person_filter(people: None, query: str, names: set[str]) -> None:
    queryset: Any = PersonFilter(QueryDict(query), queryset=Person.objects.all()).qs
    assert {person.first_name for person in queryset} == names


def test_a_lead_of_a_person(people: None) -> None:
    assert found(f"person={Person.objects.get(first_name='Ben').pk}") == {"Ben"}
    assert found(f"person={UUID(int=0)}") == set()
