"""What a condition may say, how it is refused, how it reads in words, and what its SQL looks like."""

from datetime import datetime
from typing import Any

import pytest
from django.db.models import F

from leadhub.accounts.models import Membership
from leadhub.leads.conditions import (
    ConditionError,
    compile_conditions,
    describe,
    matching,
    update_from,
    validate_condition,
)
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.leads.arrivals import arrive
from tests.leads.conditions.random_leads import make_leads

PRICING = {"field": "behaviour.page_viewed", "op": "at_least", "value": {"times": 2, "days": 14, "detail": "pricing"}}

REFUSED: list[tuple[Any, str, str]] = [
    ([], "", "Expected a group"),
    ({"all": [], "any": []}, "", "exactly one of"),
    ({"all": {}}, "all", "holds a list"),
    ({"all": [{"field": "lead.colour", "op": "is"}]}, "all[0].field", "no field 'lead.colour'"),
    ({"all": [{"field": "lead.custom", "op": "is_known"}]}, "all[0].field", "no field"),
    ({"any": [{"none": [{"field": "lead.source", "op": "gt"}]}]}, "any[0].none[0].op", "cannot be compared by 'gt'"),
    ({"all": [{"field": "lead.source", "op": "is", "value": 3}]}, "all[0].value", "Give a text"),
    ({"all": [{"field": "lead.source", "op": "is", "value": "a\x00"}]}, "all[0].value", "Give a text"),
    ({"all": [{"field": "lead.stage", "op": "is", "value": "warm"}]}, "all[0].value", "has no value 'warm'"),
    ({"all": [{"field": "lead.source", "op": "in", "value": []}]}, "all[0].value", "a list of one"),
    *(
        ({"all": [{"field": "lead.quote_value", "op": "gt", "value": value}]}, "all[0].value", "Give a number")
        for value in ("NaN", "1e999999999", "1e-999999999", 10**15, "1." + "1" * 5_000)
    ),
    ({"all": [{"field": "lead.quote_value", "op": "between", "value": [9, 1]}]}, "all[0].value", "Swap them"),
    ({"all": [{"field": "lead.captured_at", "op": "before", "value": "2026-02-31"}]}, "all[0].value", "Give a date"),
    ({"all": [{"field": "lead.captured_at", "op": "within_days", "value": 0}]}, "all[0].value", "number of days"),
    ({"all": [{"field": "person.is_free_mail", "op": "is", "value": "yes"}]}, "all[0].value", "true or false"),
    ({"all": [{"field": "lead.source", "op": "is_known", "value": 1}]}, "all[0].value", "takes no value"),
    ({"all": [{**PRICING, "value": {"times": 0, "days": 1}}]}, "all[0].value.times", "how often"),
    ({"all": [{**PRICING, "field": "behaviour.chat"}]}, "all[0].value.detail", "cannot be narrowed"),
    ({"all": [{**PRICING, "note": ""}]}, "all[0]", "field, op and value only"),
]


@pytest.mark.parametrize(("condition", "path", "message"), REFUSED)
def test_a_refusal_names_the_place_and_what_to_do(condition: Any, path: str, message: str) -> None:
    with pytest.raises(ConditionError, match=message.replace("'", ".")) as refusal:
        validate_condition(condition)
    assert refusal.value.path == path


def test_nesting_has_a_floor() -> None:
    condition: dict[str, Any] = {}
    for _ in range(8):
        condition = {"all": [condition]} if condition else {"all": []}
    with pytest.raises(ConditionError, match="nest at most"):
        validate_condition(condition)


@pytest.mark.django_db
def test_an_owner_must_be_a_member_of_the_organization(in_scope: Organization, ada: Membership) -> None:
    condition = {"all": [{"field": "lead.owner", "op": "is", "value": str(ada.id)}]}
    validate_condition(condition)
    with pytest.raises(ConditionError, match="has no value"):
        validate_condition({"all": [{"field": "lead.owner", "op": "in", "value": [str(in_scope.id)]}]})
    assert describe(condition) == "Owner is Ada"


SAID: list[tuple[dict[str, Any], str]] = [
    ({}, "Every lead"),
    ({"any": []}, "No lead"),
    ({"field": "lead.source", "op": "is", "value": "google"}, "Source is “google”"),
    (
        {
            "all": [
                {"field": "person.country", "op": "in", "value": ["US", "CA"]},
                {"any": [{"field": "company.employees", "op": "gte", "value": 50}, PRICING]},
                {"none": [{"field": "lead.stage", "op": "is", "value": "sql"}]},
            ]
        },
        (
            "Country is one of United States, Canada and (Company employees is at least 50 or Page viewed (page "
            "contains “pricing”) at least 2 times in the last 14 days) and none of (Stage is SQL)"
        ),
    ),
    ({"all": [{"field": "person.custom.lot_size", "op": "is_known"}]}, "Lot size is known"),
    (
        {"all": [{"field": "lead.captured_at", "op": "since", "value": "2026-01-31"}]},
        "Captured is on or after 2026-01-31",
    ),
    ({"all": [{"field": "person.is_free_mail", "op": "is", "value": False}]}, "Free mail address is no"),
]


@pytest.mark.parametrize(("condition", "sentence"), SAID)
def test_a_condition_reads_as_a_sentence(condition: dict[str, Any], sentence: str) -> None:
    assert describe(condition) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("op", "value", "codes"),
    [
        ("is", "60201-9999", {"60201", "60201-1234"}),
        ("in", ["60201", "sw1a  1aa"], {"60201", "60201-1234", "SW1A 1AA"}),
        ("not_in", ["60201"], {"60614", "SW1A 1AA"}),
        ("starts_with", "602", {"60201", "60201-1234"}),
        ("starts_with", "sw1a", {"SW1A 1AA"}),
        ("is_unknown", None, {""}),
    ],
)
def test_a_territory_is_drawn_by_postal_codes(
    in_scope: Organization, ada: Membership, now: datetime, op: str, value: Any, codes: set[str]
) -> None:
    for number, code in enumerate(["60201", "60201-1234", "60614", "SW1A 1AA", ""]):
        arrive(f"p{number}@client.example", postal_code=code)
    leaf = {"field": "person.postal_code", "op": op} | ({} if value is None else {"value": value})
    validate_condition({"all": [leaf]})
    found = matching(Lead.objects.all(), {"all": [leaf]}, now=now)
    assert set(found.values_list("person__postal_code", flat=True)) == codes


@pytest.mark.django_db
def test_behaviour_is_counted_once_a_statement(in_scope: Organization, now: datetime) -> None:
    calls = {"field": "behaviour.call_inbound", "op": "fewer_than", "value": {"times": 1, "days": 3}}
    one, other = compile_conditions([{"all": [PRICING, calls]}, {"none": [PRICING]}], now=now)
    sql = str(Lead.objects.filter(one).filter(other).query)
    assert sql.count("LEFT OUTER JOIN (SELECT") == 1
    assert sql.count('FROM "event"') == 1
    assert sql.count("FILTER") == 2


@pytest.mark.django_db
def test_a_lead_of_another_organization_never_matches(
    acme: Organization, ada: Membership, eve: Membership, now: datetime
) -> None:
    with scope(acme.id):
        make_leads(owner=ada, now=now, count=5, seed=1)
    with scope(eve.organization_id):
        assert not matching(Lead.objects.all(), {"none": [PRICING]}, now=now).exists()


@pytest.mark.django_db
def test_an_update_takes_the_values_of_a_compiled_select(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    known = make_leads(owner=ada, now=now, count=12, seed=3)
    source = Lead.objects.annotate(budget_now=F("person__company__industry")).filter(budget_now__gt="")
    written = update_from(model=Lead, source=source.values("id", "budget_now"), columns=["budget"])
    expected = {lead.lead.id: lead.company.industry for lead in known if lead.company and lead.company.industry}
    assert written == len(expected)
    assert dict(Lead.objects.exclude(budget="").values_list("id", "budget")) == expected
