"""What a condition selects in SQL equals a naive Python reading of it, over random leads and conditions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadhub.accounts.models import Membership
from leadhub.leads.conditions import first_match, matching, validate_condition
from leadhub.leads.conditions.prepared import LEAD_ID, NOW, PERSON_ID, prepare
from leadhub.leads.models import Intent, Lead
from leadhub.tenancy.models import Organization
from tests.leads.conditions.naive import reads
from tests.leads.conditions.random_leads import PAGES, WORDS, Known, make_leads

texts = st.sampled_from([*[word for word in WORDS if word], "sid", "%", "_", "\\", "gmail.com", "12"])
numbers = st.sampled_from([0, 7, 12, 50, 99.5, 1000])


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} if value is None else {"field": field, "op": op, "value": value}


def leaves(fields: list[str], ops: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(leaf, st.sampled_from(fields), st.sampled_from(ops), values)


TEXTS = ["lead.source", "person.first_name", "person.email", "person.email_domain", "company.industry"]
TEXTS += ["first_touch.campaign", "inquiry.message", "person.custom.size", "person.custom.2", "inquiry.fields.rooms"]
NUMBERS = ["lead.quote_value", "company.employees", "person.custom.size"]
TIMES = ["lead.captured_at", "lead.wakes_at", "inquiry.arrived_at"]
frequencies = st.fixed_dictionaries(
    {"times": st.integers(1, 3), "days": st.sampled_from([1, 5, 30])},
    optional={"detail": st.sampled_from(["pricing", *PAGES])},
)
comparison = st.one_of(
    leaves(TEXTS, ["is", "is_not", "contains", "not_contains", "starts_with"], texts),
    leaves(TEXTS, ["in", "not_in"], st.lists(texts, min_size=1, max_size=3)),
    leaves([*TEXTS, *NUMBERS, *TIMES], ["is_known", "is_unknown"], st.none()),
    leaves(NUMBERS, ["gt", "gte", "lt", "lte"], numbers),
    leaves(NUMBERS, ["between"], st.tuples(numbers, numbers).map(sorted)),
    leaves(TIMES, ["within_days", "older_than_days"], st.sampled_from([1, 14, 30])),
    leaves(TIMES, ["before", "since"], st.sampled_from(["2026-02-18", "2026-03-04"])),
    leaves(["person.is_free_mail"], ["is"], st.booleans()),
    leaves(["inquiry.intent"], ["is", "is_not"], st.sampled_from(Intent.values)),
    leaves(["inquiry.intent"], ["in", "not_in"], st.lists(st.sampled_from(Intent.values), min_size=1)),
    leaves(["behaviour.page_viewed"], ["at_least", "fewer_than"], frequencies),
)
condition_trees = st.recursive(
    comparison,
    lambda parts: st.builds(
        lambda kind, items: {kind: items}, st.sampled_from(["all", "any", "none"]), st.lists(parts, max_size=4)
    ),
    max_leaves=8,
)
SETTINGS = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.django_db
def test_the_sql_selects_what_a_naive_reading_selects(in_scope: Organization, ada: Membership, now: datetime) -> None:
    everybody = make_leads(owner=ada, now=now, count=60, seed=20)

    @SETTINGS
    @given(condition_trees)
    def check(condition: dict[str, Any]) -> None:
        validate_condition(condition)
        found = set(matching(Lead.objects.all(), condition, now=now).values_list("id", flat=True))
        assert found == {known.lead.id for known in everybody if reads(condition, known, now)}

    check()


@pytest.mark.django_db
def test_the_first_match_is_the_first_that_reads_true(in_scope: Organization, ada: Membership, now: datetime) -> None:
    everybody = make_leads(owner=ada, now=now, count=30, seed=21)

    @SETTINGS
    @given(st.lists(condition_trees, max_size=4))
    def check(rules: list[dict[str, Any]]) -> None:
        found = dict(Lead.objects.annotate(rule=first_match(rules, now=now)).values_list("id", "rule"))
        for known in everybody:
            expected = [index for index, rule in enumerate(rules) if reads(rule, known, now)]
            assert found[known.lead.id] == (expected[0] if expected else None)

    check()


@pytest.mark.django_db
def test_a_prepared_statement_asks_what_one_written_for_the_lead_asks(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    everybody = make_leads(owner=ada, now=now, count=4, seed=22)

    @SETTINGS
    @given(st.lists(condition_trees, max_size=3), st.sampled_from(everybody), st.integers(-40, 40))
    def check(rules: list[dict[str, Any]], known: Known, days: int) -> None:
        moment = now + timedelta(days=days)
        asked = prepare(purpose="test", conditions=rules, write=lambda: state_first_match(rules))
        expected = Lead.objects.filter(pk=known.lead.pk).values_list("id", first_match(rules, now=moment))
        assert asked.ask(lead=known.lead, now=moment) == list(expected)

    check()


def state_first_match(rules: list[dict[str, Any]]) -> tuple[str, Sequence[Any]]:
    first = first_match(rules, now=NOW, people=[PERSON_ID])
    return Lead.objects.filter(pk=LEAD_ID).values_list("id", first).query.sql_with_params()
