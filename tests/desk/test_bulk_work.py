"""Rows ticked in the lead list are put into a sequence, reassigned and exported; what was not ticked stays."""

from datetime import datetime
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization
from nurture.models import Enrollment
from tests.desk.leads import make_lead
from tests.nurture.programmes import HELLO, make_sequence, set_rules
from tests.personas import ClientOf


@pytest.fixture
def leads(in_scope: Organization, ria: Membership, now: datetime) -> list[Lead]:
    """Three leads of Ria's."""
    return [make_lead(owner=ria, now=now, name=f"{name} Doe") for name in ("Ann", "Ben", "Cid")]


def tick(*leads: Lead, **more: str) -> dict[str, Any]:
    """Return what the list's form sends."""
    return {"only": "ticked", "lead": [str(lead.pk) for lead in leads], **more}


def read(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


def list_owners() -> list[str]:
    return list(Lead.objects.order_by("person__first_name").values_list("owner__name", flat=True))


def test_each_row_has_a_tick_and_only_who_may_reassign_is_offered_it(
    leads: list[Lead], ria: Membership, mia: Membership, client_of: ClientOf
) -> None:
    for member, is_offered in ((ria, False), (mia, True)):
        page = read(client_of(member).get("/leads/?q=ann&sort=-value"))
        assert f'name="lead" value="{leads[0].pk}"' in page
        assert '<input type="hidden" name="q" value="ann">' in page
        assert ("/leads/reassignment/" in page) is is_offered


def test_ticked_leads_go_to_a_colleague_and_come_back(
    leads: list[Lead], raj: Membership, mia: Membership, client_of: ClientOf
) -> None:
    browser, url = client_of(mia), "/leads/reassignment/"

    page = read(browser.get(url, tick(*leads[:2], q="doe")))
    assert "Reassign 2 leads" in page
    assert "Ria" in page
    query = "only=ticked&q=doe&" + "&".join(f"lead={lead.pk}" for lead in leads[:2])
    answer = browser.post(f"{url}?{query}", {"member": str(raj.pk)})

    assert answer.headers["Location"] == "/leads/?q=doe"
    assert list_owners() == ["Raj", "Raj", "Ria"]
    assert "2 leads given to Raj." in read(browser.get("/leads/"))
    browser.post("/team/assignments/undo/", {"back": "lead_list"})
    assert "given to Raj" not in read(browser.get("/leads/"))


def test_all_that_match_are_taken_whatever_is_ticked(
    leads: list[Lead], raj: Membership, mia: Membership, client_of: ClientOf
) -> None:
    client_of(mia).post(f"/leads/reassignment/?only=ticked&whole=on&lead={leads[0].pk}&q=doe", {"member": str(raj.pk)})

    assert list_owners() == ["Raj", "Raj", "Raj"]


def test_a_rep_reassigns_nothing(leads: list[Lead], ria: Membership, raj: Membership, client_of: ClientOf) -> None:
    answer = client_of(ria).post(f"/leads/reassignment/?only=ticked&lead={leads[0].pk}", {"member": str(raj.pk)})

    assert answer.status_code == 403
    assert list_owners() == ["Ria", "Ria", "Ria"]


def test_without_a_colleague_nothing_moves_and_the_field_says_so(
    leads: list[Lead], mia: Membership, client_of: ClientOf
) -> None:
    answer = client_of(mia).post(f"/leads/reassignment/?only=ticked&lead={leads[0].pk}", {"member": ""})

    assert answer.status_code == 422
    assert "This field is required" in read(answer)


@pytest.mark.parametrize("url", ["/leads/reassignment/", "/leads/enrollment/", "/leads/export/"])
def test_without_a_tick_the_list_says_what_is_missing(
    leads: list[Lead], mia: Membership, client_of: ClientOf, url: str
) -> None:
    browser = client_of(mia)

    answer = browser.get(url, {"only": "ticked", "stage": "mql"})

    assert answer.headers["Location"] == "/leads/?stage=mql"
    assert "Tick leads first" in read(browser.get("/leads/"))


def test_only_ticked_leads_enter_a_sequence(leads: list[Lead], mia: Membership, client_of: ClientOf) -> None:
    set_rules()
    sequence = make_sequence(HELLO, exit_stages=())
    query = f"?only=ticked&lead={leads[0].pk}&lead={leads[2].pk}&sequence={sequence.pk}"

    assert "2 would enter" in read(client_of(mia).get(f"/leads/enrollment/{query}"))
    client_of(mia).post(f"/leads/enrollment/{query}", {"sequence": str(sequence.pk)})

    assert set(Enrollment.objects.values_list("lead", flat=True)) == {leads[0].pk, leads[2].pk}


def test_only_ticked_leads_are_exported(leads: list[Lead], ria: Membership, client_of: ClientOf) -> None:
    sheet = read(client_of(ria).get("/leads/export/", tick(leads[1], kind="csv")))

    assert "Ben" in sheet
    assert "Ann" not in sheet


def test_nonsense_among_the_ticks_is_no_lead(leads: list[Lead], mia: Membership, client_of: ClientOf) -> None:
    assert "No lead matches" in read(client_of(mia).get("/leads/reassignment/?only=ticked&lead=nonsense"))
