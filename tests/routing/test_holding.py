"""What marketing keeps in one statement is what `is_ready_for_sales` denies, and reads as if each were held alone."""

from typing import Any

import pytest

from leadhub.leads.models import Intent, Lead, MqlReason, Verdict
from routing.assignment import hold_for_marketing, is_ready_for_sales
from routing.many import route_leads
from routing.models import Assignment
from tests.leads.arrivals import arrive
from tests.personas import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
CASES = [
    (intent, verdict, is_test, is_mql)
    for intent in Intent
    for verdict in (Verdict.PENDING, Verdict.NOT_A_LEAD)
    for is_test in (False, True)
    for is_mql in (False, True)
]


@pytest.mark.parametrize(("intent", "verdict", "is_test", "is_mql"), CASES)
def test_one_statement_holds_what_is_not_ready(
    intent: Intent, verdict: Verdict, *, is_test: bool, is_mql: bool
) -> None:
    received = arrive(intent=intent)
    changes = {"verdict": verdict, "verdict_at": NOW, "is_test": is_test}
    if is_mql:
        changes |= {"stage": "mql", "mql_at": NOW, "mql_reason": MqlReason.MEMBER}
    Lead.objects.update(**changes)
    lead = Lead.objects.get()
    route_leads(lead_ids=[lead.pk], now=NOW)
    assert Assignment.objects.get().is_sales == is_ready_for_sales(lead=lead, inquiry=received.inquiry)


def read(lead: Lead) -> dict[str, Any]:
    """Return the lead's assignment, column by column."""
    return {**Assignment.objects.filter(lead=lead).values().get()}


def test_held_together_as_held_alone() -> None:
    together, alone = arrive("a@client.example", intent=Intent.WARM), arrive("b@client.example", intent=Intent.WARM)
    route_leads(lead_ids=[together.lead.pk], now=NOW)
    hold_for_marketing(lead=alone.lead, inquiry=alone.inquiry, why="not ready for sales yet", now=NOW)
    ours, theirs = (read(received.lead) for received in (together, alone))
    own = {"id", "lead_id", "inquiry_id"}
    assert {name: ours[name] for name in ours.keys() - own} == {name: theirs[name] for name in theirs.keys() - own}
    assert (ours["inquiry_id"], theirs["inquiry_id"]) == (together.inquiry.pk, alone.inquiry.pk)
