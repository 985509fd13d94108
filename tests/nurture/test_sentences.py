"""Sequences and steps in words."""

from datetime import time
from typing import Any
from uuid import UUID

import pytest

from nurture.models import Sequence, Step
from nurture.path import describe
from nurture.sentences import describe_entry, describe_exit, describe_step

NIL = UUID(int=0)
WARM = {"all": [{"field": "lead.stage", "op": "is", "value": "new"}]}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"kind": "wait", "wait_days": 1}, "Wait 1 day"),
        ({"kind": "wait", "wait_days": 3, "wait_hours": 2}, "Wait 3 days 2 hours"),
        (
            {"kind": "wait", "wait_days": 30, "wait_weekday": 1, "wait_at": time(9, 30)},
            "Wait 30 days, then until Tuesday at 09:30",
        ),
        ({"kind": "wait", "wait_at": time(8)}, "Wait until 08:00"),
        ({"kind": "mail", "subject": "Hi {{ person.first_name | default: 'you' }}!"}, "Hi [first name]!"),
        ({"kind": "task", "task_title": "Call {{person.name}}"}, "Call [name]"),
    ],
)
def test_a_step_says_what_it_does(step: dict[str, Any], words: str) -> None:
    assert describe_step(Step(organization_id=NIL, **step)) == words


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "Only whom a colleague puts in"),
        ({"entry_condition": WARM}, "Whoever matches: "),
        ({"entry_dispositions": ["cold"]}, "Closed as “Went cold”"),
        (
            {"entry_events": ["cooling"], "entry_stages": ["mql"], "entry_condition": WARM},
            "Cooling or reaches MQL, if ",
        ),
    ],
)
def test_a_sequence_says_who_enters(rules: dict[str, Any], words: str) -> None:
    assert describe_entry(Sequence(organization_id=NIL, **rules)).startswith(words)


def test_a_sequence_says_who_leaves() -> None:
    assert describe_exit(Sequence(organization_id=NIL)).startswith("Only at the end")
    leaving = describe_exit(Sequence(organization_id=NIL, exit_events=["mail_replied"], exit_condition=WARM))
    assert leaving.startswith("Mail replied; They match: ")


def test_what_comes_next_on_a_lead_shows_no_liquid() -> None:
    mail = Step(
        organization_id=NIL, kind=Step.Kind.MAIL, subject="Glad you came, {{ person.first_name | default: 'you' }}"
    )
    assert describe(mail) == "e-mail “Glad you came, [first name]”"
    assert describe(Step(organization_id=NIL, kind=Step.Kind.WAIT, wait_days=1)) == "wait"
