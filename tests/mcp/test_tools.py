"""Every tool is a call of the API, shows what its member may see, and asks before it does what is hard to take back."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.accounts.permissions import may
from leadhub.cli.tools import render_tools
from leadhub.leads.models import Lead
from leadhub.mcp.binding import Bound, list_bound
from leadhub.mcp.catalogue import TOOLS
from leadhub.mcp.operations import list_operations
from leadhub.tenancy.scope import scope
from tests.contracts.places import ROWS, Furniture, furnish
from tests.mcp.conftest import STATELESS, AgentOf

# What each argument that names a record may name.
RECORDS: dict[str, Callable[[Furniture], object]] = {
    "lead_id": lambda here: here.lead.pk,
    "person_id": lambda here: here.lead.person_id,
    "deal_id": ROWS["/api/v1/opportunities/<uuid:pk>"],
    "event_id": ROWS["/api/v1/leads/<uuid:pk>/outcomes/<uuid:event>"],
    "merge_id": ROWS["/api/v1/merges/<uuid:pk>"],
    "reassignment_id": ROWS["/api/v1/reassignments/<uuid:pk>"],
    "sequence_id": ROWS["/api/v1/sequences/<uuid:pk>"],
    "task_id": ROWS["/api/v1/tasks/<uuid:pk>"],
}
# What the tools that change something need besides.
VALUES: dict[str, Any] = {
    "absorbed": "00000000-0000-0000-0000-000000000000",
    "addresses": ["lea@client.example"],
    "amount": "10.00",
    "code": "cold",
    "due_at": "2030-01-01T12:00:00Z",
    "engagement_bar": "30",
    "fit_bar": "30",
    "half_life_days": "14",
    "hand_raise_intents": ["hot"],
    "kind": "call",
    "leads": ["00000000-0000-0000-0000-000000000000"],
    "member": "00000000-0000-0000-0000-000000000000",
    "name": "Roof",
    "outcome": "note",
    "reason": "budget",
    "sql_bar": "60",
    "stage": "mql",
    "subject": "Hello",
    "text": "Shall we talk?",
    "until": "2030-01-01T12:00:00Z",
    "verdict": "qualified",
}


def fill(bound: Bound, here: Furniture) -> dict[str, Any]:
    """Return the arguments that the tool cannot do without."""
    with scope(here.member.organization_id):
        named = bound.input_schema.get("required", [])
        return {name: str(RECORDS[name](here)) if name in RECORDS else VALUES[name] for name in named}


def list_names(bound: Bound) -> Counter[str]:
    """Return how often the operation uses each name, in the path, the query and the body."""
    body = list_operations()[bound.tool.operation].body.get("$ref", "")
    assert body or not bound.tool.fixed
    return Counter(argument.field for argument in bound.arguments.values() if argument.place != "path")


@pytest.mark.parametrize("name", [tool.name for tool in TOOLS])
def test_a_tool_is_bound_to_an_operation(name: str) -> None:
    bound = list_bound()[name]
    tool, schema = bound.tool, bound.input_schema
    Draft202012Validator.check_schema(schema)
    Draft202012Validator.check_schema(bound.output_schema or {})
    fields = {argument.field for argument in bound.arguments.values()}
    assert set(tool.takes) <= fields, "takes what its operation has not"
    assert set(tool.requires) <= set(schema["properties"])
    assert not [each for each, times in list_names(bound).items() if times > 1], "one name in two places"
    assert not set(tool.fixed) & set(schema["properties"])
    assert 20 < len(tool.about) < 500
    assert tool.shows == "" or list_operations()[tool.shows].method == "GET"
    if bound.operation.method == "DELETE" and not tool.warning:
        assert name == "wake_lead", "what deletes asks first"


def test_no_name_is_given_twice() -> None:
    assert len(list_bound()) == len(TOOLS)


def test_a_key_is_told_of_what_it_may_and_nothing_else(
    ada: Membership, mia: Membership, max_: Membership, ria: Membership, agent_of: AgentOf
) -> None:
    told = {}
    for member in (ada, mia, max_, ria):
        told[member.name] = set(agent_of(member).list_tools())
        tools = list_bound().values()
        allowed = {each.tool.name for each in tools if all(may(member.role, asked) for asked in each.permissions)}
        assert told[member.name] == allowed
    assert told["Ada"] == set(list_bound())
    assert told["Ria"] < told["Ada"]
    assert not told["Ria"] & {"assign_lead", "reassign_leads", "publish_routing_rules", "suppress_addresses"}
    reading = agent_of(ada, scopes=["leads:read"]).list_tools()
    assert {"search_leads", "get_queue"} <= set(reading)
    assert all(tool["annotations"]["readOnlyHint"] for tool in reading.values())
    assert "asks for the scope leads:read and the permission team" not in agent_of(ria).be_refused("reassign_leads")
    assert "permission team.reassign" in agent_of(ria).be_refused("reassign_leads", confirm=True)


def test_what_is_read_is_as_the_tool_says(ada: Membership, agent_of: AgentOf) -> None:
    here, agent = furnish(ada), agent_of(ada)
    for name, tool in agent.list_tools().items():
        if tool["annotations"]["readOnlyHint"]:
            told = agent.call(name, **fill(list_bound()[name], here))
            faults = Draft202012Validator(tool["outputSchema"]).iter_errors(told)
            assert not [f"{name} {fault.json_path}: {fault.message}"[:300] for fault in faults]


def test_eve_sees_and_changes_nothing(ada: Membership, eve: Membership, agent_of: AgentOf) -> None:
    here, agent = furnish(ada), agent_of(eve)
    for bound in list_bound().values():
        if bound.is_of_one_record:
            for confirmed in ({}, {"confirm": True}) if bound.tool.is_destructive else ({},):
                words = agent.be_refused(bound.tool.name, **fill(bound, here), **confirmed)
                assert words.startswith("404: "), (bound.tool.name, words)
    for name in ("search_leads", "search_people", "list_deals", "list_tasks"):
        assert agent.call(name)["results"] == []
    assert agent.call("get_queue")["results"] == []


def test_what_is_hard_to_take_back_is_asked_first(ada: Membership, agent_of: AgentOf) -> None:
    here, agent = furnish(ada), agent_of(ada)
    asking = [bound for bound in list_bound().values() if bound.tool.is_destructive]
    assert len(asking) == 10
    for bound in asking:
        arguments = fill(bound, here)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            words = agent.be_refused(bound.tool.name, **arguments, confirm=False)
        assert bound.tool.warning in words
        assert "Nothing was changed" in words
        assert "confirm: true" in words
        assert bool(bound.tool.shows) == ("At stake: " in words), words
        changed = [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert not [sql for sql in changed if not sql.startswith('UPDATE "api_key" SET "last_used_at"')]
        assert agent.list_tools()[bound.tool.name]["annotations"]["destructiveHint"]


def test_without_a_draft_publishing_says_so(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    for name in ("publish_score_model", "publish_routing_rules"):
        assert "There is no draft now." in agent.be_refused(name)
        assert "There is no draft now." not in agent.be_refused(name, confirm=True)


def test_confirmed_it_is_done(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    lead = agent.call("create_lead", email="lea@client.example")
    words = agent.be_refused("dispose_lead", lead_id=lead["id"], code="cold")
    assert f'"number": {lead["number"]}, "email": "lea@client.example"' in words
    assert agent.call("get_lead", lead_id=lead["id"])["disposition"] == ""
    told = agent.call("dispose_lead", lead_id=lead["id"], code="cold", confirm=True)
    assert told["disposition"] == "cold"


def test_a_rep_works_on_their_own_leads(ria: Membership, raj: Membership, agent_of: AgentOf) -> None:
    here = furnish(ria)
    note = {"lead_id": str(here.lead.pk), "outcome": "note", "note": "Wants blue"}
    assert "belongs to a colleague" in agent_of(raj).be_refused("log_outcome", **note)
    assert agent_of(ria).call("log_outcome", **note)["id"] == str(here.lead.pk)


def test_a_retry_with_its_key_is_done_once(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    lead = {"email": "lea@client.example", "roof": "slate", "idempotency_key": "order-4711"}
    first, again = agent.call("create_lead", **lead), agent.call("create_lead", **lead)
    assert first == again
    assert "422" in agent.be_refused("create_lead", **{**lead, "roof": "tin"})
    with scope(ada.organization_id):
        assert Lead.objects.count() == Submission.objects.count() == 1
        assert Submission.objects.get().values["roof"] == "slate"


def test_a_refusal_says_what_to_mend(ada: Membership, agent_of: AgentOf) -> None:
    here, agent = furnish(ada), agent_of(ada)
    assert "- email: " in agent.be_refused("create_lead")
    assert agent.be_refused("get_lead") == "Give lead_id."
    assert "no argument stages" in agent.be_refused("search_leads", stages="mql")
    assert "- page_size: " in agent.be_refused("search_leads", page_size=1000)
    assert agent.be_refused("get_lead", lead_id=f"{here.lead.pk}/stage").startswith("404: ")  # no other call
    assert "- outcome: " in agent.be_refused("log_outcome", lead_id=str(here.lead.pk), outcome="shouted")
    assert "- stage: " in agent.be_refused("search_leads", stage=["upside_down"])


def test_what_is_no_text_is_refused(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada, revision=STATELESS)  # before it, the SDK refuses the message
    assert "lone surrogate" in agent.be_refused("search_leads", q="half \ud800")
    for name, word in (("search_leads", "q"), ("search_people", "q"), ("report_source_value", "source")):
        assert agent.be_refused(name, **{word: "nothing \0"}).startswith("400: ")


def test_a_page_hands_out_the_next_one(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    made = [agent.call("create_lead", email=f"lea{number}@client.example")["id"] for number in range(3)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = agent.call("search_leads", page_size=1, **({"cursor": cursor} if cursor else {}))
        seen += [lead["id"] for lead in page["results"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(made)


def test_more_than_a_model_reads_is_not_told(ada: Membership, agent_of: AgentOf) -> None:
    agent = agent_of(ada)
    for number in range(3):
        agent.call("create_lead", email=f"lea{number}@client.example", message="many words " * 7_000)
    assert "smaller page_size" in agent.be_refused("search_leads")
    assert len(agent.call("search_leads", page_size=1)["results"]) == 1


def test_the_written_tools_are_up_to_date() -> None:
    written = (Path(__file__).parents[2] / "docs" / "tools.md").read_text()
    assert written == render_tools(), "Run `leadhub tools > docs/tools.md`."
