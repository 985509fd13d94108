"""docs/api.md tells the truth: each of its `curl` lines works as written, and no call of the API is without one.

Nor does the OpenAPI document lie: what each line sends and what it is answered is as described there.
"""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from capture.models import Form, Import, Submission
from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import Membership
from leadhub.cli.places import Kind, list_places
from leadhub.leads.models import Outcome, Person, PersonMerge, Suppression, Task
from leadhub.leads.outcomes import log_outcome
from leadhub.tenancy.scope import scope
from nurture.models import MailTemplate
from reporting.models import Spend
from routing.models import RoutingRule
from routing.reassignment import reassign_many
from tests.contracts.openapi import find_faults, name_path, read_document
from tests.contracts.places import add_day_off, add_turn, find_call, find_deal, find_enrollment, find_fit_key, furnish
from tests.contracts.rows import build_row
from tests.contracts.test_permissions import make_caller
from tests.desk.leads import make_lead, offer
from tests.personas import NOW

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"```\n(curl .*?)\n```", PAGE, re.DOTALL)


def read_example(text: str) -> tuple[str, str, str]:
    """Return (method, URL, body) of a curl line."""
    words = iter(shlex.split(text)[1:])
    method, url, body = "", "", ""
    form: dict[str, str] = {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-d":
            body = next(words)
        elif word == "-F":
            name, _, value = next(words).partition("=")
            form[name] = value
        elif word == "-H":
            next(words)
        else:
            url = word
    body = json.dumps(form) if form else body
    return method or ("POST" if body else "GET"), url, body


def read_form(form: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a multipart post; `@name` is a file."""
    table = b"E-mail,Origin\nlea@client.example,paid search\n"
    return {name: SimpleUploadedFile(value[1:], table) if value[:1] == "@" else value for name, value in form.items()}


@pytest.fixture
def variables(ada: Membership, ria: Membership) -> dict[str, Any]:
    """What the page's shell variables stand for."""
    sold = furnish(ada).lead
    with scope(ada.organization_id):
        lead = make_lead(owner=ada, now=NOW, name="Lea Client")
        offer(lead, now=NOW)
        submission = Submission.objects.earliest("id").pk
        enrollment = find_enrollment(sold)
        logged = log_outcome(lead=lead, outcome=Outcome.VOICEMAIL, actor=ada, now=NOW)
        move = make_lead(owner=ada, now=NOW, name="Mo Ver")
        offer(move, now=NOW)
        asleep = make_lead(owner=ada, now=NOW, name="Ben Later", wakes_at=NOW + timedelta(days=900))
        add_day_off()
        return {
            "KEY": find_fit_key(),
            "RULE": RoutingRule.objects.filter(rule_set__state="draft").earliest("id").pk,
            "FORM": Form.objects.earliest("id").pk,
            "POOL": add_turn(ada).pool_id,
            "MEMBER": ada.pk,
            "SPEND": Spend.objects.earliest("id").pk,
            "LEAD": lead.pk,
            "ASLEEP": asleep.pk,
            "OUTCOME": logged.event.pk,
            "HELD": build_row(Submission, status="quarantined").pk,
            "BATCH": reassign_many(lead_ids=[move.pk], member=ria, actor=ada, now=NOW).batch_id,
            "TASK": Task.objects.get(lead=sold).pk,
            "PERSON": lead.person_id,
            "DEAL": find_deal(sold),
            "TWIN": build_row(Person).pk,
            "MERGE": PersonMerge.objects.get(kept=sold.person).pk,
            "SUBMISSION": submission,
            "IMPORT": Import.objects.earliest("id").pk,
            "FINISHED": build_row(Import, state="done").pk,
            "SEQUENCE": enrollment.sequence_id,
            "ENROLLMENT": enrollment.pk,
            "STEP": enrollment.step_id,
            "TEMPLATE": build_row(MailTemplate).pk,
            "SUPPRESSION": build_row(Suppression).pk,
            "WEBHOOK": find_call().endpoint_id,
            "CALL": find_call().pk,
        }


@pytest.fixture
def program(ada: Membership) -> Client:
    """Ada's program."""
    return make_caller(ada, list(SCOPES))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: " ".join(read_example(text)[:2]))
def test_the_example_works(example: str, variables: dict[str, Any], program: Client) -> None:
    method, url, body = read_example(example)
    for name, value in variables.items():
        url, body = url.replace(f"${name}", str(value)), body.replace(f"${name}", str(value))
    path = url.replace("$API", "/api/v1")
    if " -F " in example:
        answer: Any = program.post(path, data=read_form(json.loads(body)))
    else:
        answer = program.generic(method, path, data=body, content_type="application/json")
    assert 200 <= answer.status_code < 300, answer.content
    compare_with_document(
        method, path, answer, sent=json.loads(body) if body[:1] == "{" and " -F " not in example else None
    )


def compare_with_document(method: str, path: str, answer: Any, *, sent: Any) -> None:
    """Hold what was sent and what was answered against the OpenAPI document."""
    route = "/" + resolve(urlsplit(path).path).route
    call = read_document()["paths"][name_path(route)][method.lower()]
    described = call["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    assert find_faults(described, json.loads(answer.content)) == []
    if sent is not None and method != "DELETE":  # of which OpenAPI 3.0 describes no body
        asked = call["requestBody"]["content"]["application/json"]["schema"]
        assert find_faults(asked, sent) == []


def test_every_call_has_an_example() -> None:
    shown = set()
    for example in EXAMPLES:
        method, url, _ = read_example(example)
        path = urlsplit(url.replace("$API", "/api/v1")).path
        shown.add((method, "/" + resolve(re.sub(r"\$[A-Z]+", str(UUID(int=0)), path)).route))
    places = [place for place in list_places() if place.kind == Kind.API]
    assert {(method, place.route) for place in places for method in place.asks} == shown


def test_every_scope_is_explained() -> None:
    for name in SCOPES:
        assert f"| `{name}` |" in PAGE
