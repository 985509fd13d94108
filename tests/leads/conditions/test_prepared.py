"""What a process keeps of statements: each organization's own, the newest few hundred, anew where a rule changed."""

from collections.abc import Sequence
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.conditions import first_match, prepared
from leadhub.leads.conditions.prepared import LEAD_ID, NOW, PERSON_ID, Prepared, prepare
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import scope
from tests.leads.arrivals import make_lead
from tests.personas import NOW as TODAY

pytestmark = pytest.mark.django_db
FIRST_PASS = {"all": [{"field": "lead.number", "op": "is", "value": 1}]}
THIRD_PASS = {"all": [{"field": "lead.number", "op": "is", "value": 3}]}


def prepare_match(condition: dict[str, Any]) -> Prepared:
    def write() -> tuple[str, Sequence[Any]]:
        matches = first_match([condition], now=NOW, people=[PERSON_ID])
        return Lead.objects.filter(pk=LEAD_ID).values_list("id", matches).query.sql_with_params()

    return prepare(purpose="test", conditions=condition, write=write)


def test_two_organizations_with_one_rule_each_ask_of_their_own_leads(ada: Membership, eve: Membership) -> None:
    for member in (ada, eve, ada):
        with scope(member.organization_id):
            lead = Lead.objects.first() or make_lead("lea@client.example")
            assert prepare_match(FIRST_PASS).ask(lead=lead, now=TODAY) == [(lead.pk, 0)]


def test_a_changed_rule_is_asked_as_it_is_now(ada: Membership) -> None:
    with scope(ada.organization_id):
        lead = make_lead("lea@client.example")
        for condition, expected in ((FIRST_PASS, 0), (THIRD_PASS, None), (FIRST_PASS, 0)):
            assert prepare_match(condition).ask(lead=lead, now=TODAY) == [(lead.pk, expected)]


def test_no_more_is_kept_than_the_bound(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_prepared", {})
    monkeypatch.setattr(prepared, "_MOST_KEPT", 2)
    with scope(ada.organization_id):
        for number in range(5):
            prepare_match({"all": [{"field": "lead.number", "op": "is", "value": number}]})
    assert len(prepared._prepared) == 2
