"""The team page and the homes: numbers, the leads behind them, bulk reassignment with undo, absence, set-up."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from tests.desk.leads import add_inquiry, make_lead, offer
from tests.personas import ClientOf

HOUR = timedelta(hours=1)


def build_late(owner: Membership, now: datetime, name: str) -> Lead:
    """Write a lead whose promise was missed."""
    lead = make_lead(owner=owner, now=now, name=name)
    add_inquiry(lead, arrived_at=now - 2 * HOUR, due_at=now - HOUR)
    offer(lead, now=now - 2 * HOUR)
    return lead


def test_the_late_and_their_leads_are_shown_first(
    in_scope: Organization, mia: Membership, ria: Membership, client_of: ClientOf
) -> None:
    build_late(ria, utc_now(), "Late Larry")
    make_lead(owner=ria, now=utc_now(), name="Calm Carl")

    page = client_of(mia).get("/team/").content.decode()

    assert f"?show=late&amp;member={ria.pk}" in page
    assert "Late Larry" in page
    assert "Calm Carl" not in page
    assert "Calm Carl" in client_of(mia).get(f"/team/?show=open&member={ria.pk}").content.decode()


def test_chosen_leads_move_together_and_come_back(
    in_scope: Organization, mia: Membership, ria: Membership, raj: Membership, client_of: ClientOf
) -> None:
    leads = [build_late(ria, utc_now(), f"Late Larry{number}") for number in range(2)]
    browser = client_of(mia)

    browser.post("/team/assignments/", {"leads": [lead.pk for lead in leads], "member": raj.pk, "show": "late"})
    assert {lead.owner_id for lead in Lead.objects.all()} == {raj.pk}
    assert "2 leads given to Raj." in browser.get("/team/").content.decode()

    session = browser.session
    former, long_ago = session["team_undo"], (utc_now() - HOUR).isoformat()
    for undo in ({**former, "at": long_ago}, {"batch": former["batch"], "text": former["text"]}, former):
        session["team_undo"] = undo
        session.save()
        assert ("2 leads given to Raj." in browser.get("/team/").content.decode()) == (undo is former)

    browser.post("/team/assignments/undo/")
    assert {lead.owner_id for lead in Lead.objects.all()} == {ria.pk}
    assert "There is nothing to undo." in browser.post("/team/assignments/undo/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("given", "message"),
    [({"member": ""}, "This field is required"), ({"leads": []}, "Choose the leads to move.")],
)
def test_a_reassignment_without_leads_or_member_is_refused(
    in_scope: Organization,
    mia: Membership,
    ria: Membership,
    raj: Membership,
    client_of: ClientOf,
    given: dict[str, str],
    message: str,
) -> None:
    lead = build_late(ria, utc_now(), "Late Larry")

    answer = client_of(mia).post("/team/assignments/", {"leads": [lead.pk], "member": raj.pk, **given})

    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_rep_is_sent_away_and_comes_back(
    in_scope: Organization, mia: Membership, ria: Membership, client_of: ClientOf
) -> None:
    make_lead(owner=ria, now=utc_now())
    browser = client_of(mia)
    until = (utc_now() + timedelta(days=3)).date().isoformat()

    browser.post(f"/team/{ria.pk}/absence/", {"is_away": "on", "until": until})
    ria.refresh_from_db()
    assert ria.away_until is not None
    assert "Away" in browser.get("/team/").content.decode()

    browser.post(f"/team/{ria.pk}/absence/", {})
    ria.refresh_from_db()
    assert ria.away_from is None


def test_a_rep_has_no_team_page(in_scope: Organization, ria: Membership, client_of: ClientOf) -> None:
    browser = client_of(ria)

    assert browser.get("/team/").status_code == 403
    assert browser.post(f"/team/{ria.pk}/absence/", {"is_away": "on"}).status_code == 403
    assert browser.post("/team/assignments/", {}).status_code == 403


def test_a_member_of_another_organization_is_not_found(
    in_scope: Organization, mia: Membership, client_of: ClientOf
) -> None:
    stranger = "01a2000a-0000-7000-8000-000000000000"

    assert client_of(mia).post(f"/team/{stranger}/absence/", {"is_away": "on"}).status_code == 404


def test_more_leads_take_no_more_statements(
    in_scope: Organization, mia: Membership, ria: Membership, client_of: ClientOf
) -> None:
    browser = client_of(mia)
    counts = []
    for number in range(2):
        build_late(ria, utc_now(), f"Late Larry{number}")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/team/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 25


def test_each_role_has_its_home(
    in_scope: Organization,
    ada: Membership,
    mia: Membership,
    max_: Membership,
    ria: Membership,
    client_of: ClientOf,
) -> None:
    build_late(ria, utc_now(), "Late Larry")

    homes = {member.name: client_of(member).get("/").content.decode() for member in (ada, mia, max_, ria)}

    assert "Late Larry" in homes["Ria"]
    assert "What to do now" in homes["Ria"]
    assert "1 late" in homes["Mia"]
    assert "Lead to MQL rate" in homes["Max"]
    assert "What to do now" not in homes["Max"]
    assert "Your way to the first lead" in homes["Ada"]


def test_the_set_up_list_starts_with_the_form_and_ends_when_leads_flow(
    in_scope: Organization, ada: Membership, client_of: ClientOf
) -> None:
    browser = client_of(ada)
    assert "Try your form" in browser.get("/").content.decode()

    for number in range(10):
        make_lead(owner=ada, now=utc_now(), name=f"Lead No{number}")

    assert "Your way to the first lead" not in browser.get("/").content.decode()
