"""Mail templates over the API: written, changed, tried and removed by what the templates' pages call."""

from collections.abc import Callable

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller

WORDS = {"name": "After the call", "subject": "Hello {{ person.first_name }}", "body": "From {{ sender.name }}"}


def test_it_is_written_changed_and_removed(caller_of: Callable[..., Caller], mia: Membership) -> None:
    caller = caller_of(mia)
    made = caller.post("mail-templates/", WORDS)
    assert (made.status_code, WORDS.items() <= made.json().items()) == (201, True)
    path = f"mail-templates/{made.json()['id']}/"
    assert caller.patch(path, {"subject": "Hi"}).json()["body"] == WORDS["body"]
    assert caller.get(path).json()["subject"] == "Hi"
    assert caller.call("DELETE", path).json()["subject"] == "Hi"
    assert caller.get(path).status_code == 404
    with scope(mia.organization_id):
        log = AuditEntry.objects.filter(target_kind="mail_template").order_by("id")
        assert [(entry.action, entry.actor) for entry in log] == [
            (f"mail_template.{what}", mia) for what in ("written", "changed", "removed")
        ]
        assert (log[1].before["subject"], log[1].after["subject"]) == (WORDS["subject"], "Hi")


def test_tried_it_is_filled_in_for_the_lead_and_stays(caller: Caller, ada: Membership) -> None:
    path = f"mail-templates/{caller.post('mail-templates/', WORDS).json()['id']}/"
    lead = caller.post("leads/", {"email": "lea@example.com", "first_name": "Lea"}).json()["id"]
    told = caller.patch(f"{path}?dry_run=true&lead={lead}", {"body": "{{ persn.name }}from {{ sender.name }}"}).json()
    assert told == {"subject": "Hello Lea", "text": f"from {ada.name}\n", "html": "", "unknown": ["persn.name"]}
    assert caller.get(path).json()["body"] == WORDS["body"]
    assert caller.patch(f"{path}?dry_run=true", {}).json()["errors"][0]["field"] == "lead"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"subject": " "}, 400, "subject"),
        ({"body": "{{ oops"}, 422, "body"),
        ({"body": "<b>Hello</b>"}, 422, "body"),
        ({"name": "Taken"}, 422, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(caller: Caller, body: dict[str, str], status: int, field: str) -> None:
    caller.post("mail-templates/", {**WORDS, "name": "Taken"})
    path = f"mail-templates/{caller.post('mail-templates/', WORDS).json()['id']}/"
    answer = caller.patch(path, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert WORDS.items() <= caller.get(path).json().items()


def test_a_rep_reads_and_writes_none(caller_of: Callable[..., Caller], ria: Membership) -> None:
    assert caller_of(ria).get("mail-templates/").status_code == 200
    assert caller_of(ria).post("mail-templates/", WORDS).status_code == 403
