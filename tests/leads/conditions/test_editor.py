"""The condition editor: JSON to rows and back, its buttons, its errors at their row, its live count."""

from datetime import datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given

from leadhub.accounts.models import Membership
from leadhub.leads.conditions.editor import ConditionEditor, Row, Rows
from leadhub.leads.conditions.sentence import describe
from leadhub.leads.conditions.validation import ConditionError, parse_condition, validate_condition
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.leads.conditions.random_leads import make_leads
from tests.leads.conditions.test_property import condition_trees
from tests.personas import ClientOf

US = {"field": "person.country", "op": "in", "value": ["US", "CA"]}
FREQUENCY = {"times": 2, "days": 9, "detail": "x"}
CONDITION = {
    "all": [
        US,
        {"any": [{"field": "person.custom.size", "op": "between", "value": [1, 2.5]}]},
        {
            "none": [
                {"field": "behaviour.page_viewed", "op": "at_least", "value": {"times": 2, "days": 9, "detail": "x"}}
            ]
        },
        {"field": "person.is_free_mail", "op": "is", "value": False},
        {"field": "lead.captured_at", "op": "within_days", "value": 30},
        {"field": "lead.source", "op": "is_unknown"},
    ]
}


def fill_in(node: Row | Rows, name: str) -> dict[str, str]:
    """Return the inputs that a browser would post for the editor."""
    if isinstance(node, Row):
        typed = {"field": node.field_name, "key": node.key, "op": node.op, **node.values}
        return {f"{node.path}.{what}": text for what, text in typed.items()}
    inputs = {f"{node.path}.size": str(len(node.parts)), f"{node.path}.kind": node.kind}
    for part in node.parts:
        inputs |= fill_in(part, name)
    return inputs


def posted(condition: dict[str, Any], **pressed: str) -> ConditionEditor:
    post = QueryDict(mutable=True)
    post.update(fill_in(ConditionEditor.of(condition).root, "condition"))
    post.update({f"condition.{name}": value for name, value in pressed.items()})
    return ConditionEditor.posted(post)


def test_what_is_stored_comes_back_from_the_form() -> None:
    assert posted(CONDITION).condition == CONDITION
    assert posted({}).condition == {}
    assert posted(US).condition == {"all": [US]}


@given(condition_trees)
def test_every_condition_survives_the_form(condition: dict[str, Any]) -> None:
    wrapped = condition if "field" not in condition else {"all": [condition]}
    if any(wrapped.values()):
        assert parse_condition(posted(wrapped).condition) == parse_condition(wrapped)


def test_buttons_add_and_remove_rows_and_groups() -> None:
    assert posted({"all": [US]}, do="row:condition").condition["all"][1] == {"field": "", "op": ""}
    nested = posted({"all": [US, {"any": [US]}]}, do="group:condition-1")
    assert nested.condition["all"][1]["any"][1] == {"any": [{"field": "", "op": ""}]}
    assert nested.wants_redraw
    assert posted({"all": [US, {"any": [US]}]}, do="remove:condition-0").condition == {"all": [{"any": [US]}]}
    assert posted({"all": [{"any": [US, US]}]}, do="remove:condition-0-1").condition == {"all": [{"any": [US]}]}
    assert not posted({"all": [US]}).wants_redraw


def test_an_error_stands_at_its_row() -> None:
    editor = posted({"all": [US, {"any": [{"field": "lead.quote_value", "op": "gt", "value": "lots"}]}]})
    assert not editor.is_valid()
    group = editor.root.parts[1]
    assert isinstance(group, Rows)
    assert group.parts[0].error == editor.error == "Give a number."
    unchosen = posted({"all": [US]}, do="row:condition")
    assert not unchosen.is_valid()
    assert unchosen.error == "Choose what to compare."


def test_another_field_falls_back_to_a_comparison_it_allows() -> None:
    post = QueryDict("condition.size=1&condition.kind=all&condition-0.field=lead.quote_value&condition-0.op=contains")
    assert ConditionEditor.posted(post).condition["all"][0]["op"] == "is"


def browse(client: Client, url: str, inputs: dict[str, str]) -> str:
    response = client.post(reverse(url), inputs)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_fragment_is_drawn_and_the_count_follows(
    acme: Organization, ada: Membership, eve: Membership, client_of: ClientOf, now: datetime
) -> None:
    with scope(acme.pk):
        make_leads(owner=ada, now=now, count=8, seed=5)
    inputs = fill_in(
        ConditionEditor.of({"all": [{"field": "lead.stage", "op": "is", "value": "new"}]}).root, "condition"
    )
    client = client_of(ada)
    drawn = browse(client, "condition_editor", {**inputs, "condition.do": "row:condition"})
    assert drawn.count('class="lh-condition-row') == 2
    assert '<option value="new" selected>New</option>' in drawn
    assert "of 8 open leads match" in browse(client, "condition_count", inputs)
    assert "Choose what to compare" in browse(client, "condition_count", {**inputs, "condition-0.field": ""})
    assert "of 0 open leads match" in browse(client_of(eve), "condition_count", inputs)


def test_a_country_is_chosen_by_name_and_may_be_told_by_one() -> None:
    told = {"field": "person.country", "op": "is", "value": "deutschland"}
    assert describe({"all": [told]}) == "Country is Germany"
    row = ConditionEditor.of(told).root.parts[0]
    assert isinstance(row, Row)
    assert ("DE", "Germany") in row.choices
    assert [op for op, _words in row.ops] == ["is", "is_not", "in", "not_in", "is_known", "is_unknown"]
    assert posted(told).condition == {"all": [{**told, "value": "DE"}]}


def test_a_country_that_is_none_is_refused_when_saved_and_a_part_of_a_code_stays_as_it_was(
    in_scope: Organization,
) -> None:
    with pytest.raises(ConditionError, match="Country has no value 'Germny'"):
        validate_condition({"field": "person.country", "op": "in", "value": ["DE", "Germny"]})
    part = {"field": "person.country", "op": "starts_with", "value": "D"}
    validate_condition(part)
    assert posted(part).condition == {"all": [part]}
