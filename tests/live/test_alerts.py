"""Alerts are raised once per cause, seen by their member only, and reach the page as fragments."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.live.alerts import count_unseen, raise_alert
from leadhub.live.models import Alert
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.desk.leads import make_lead
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


def alert(member: Membership, now: datetime, key: str = "assignment:1", text: str = "Pat <Doe> asks") -> Alert | None:
    with scope(member.organization_id):
        return raise_alert(member=member, kind="assigned", lead=None, text=text, dedupe_key=key, now=now)


def test_cause_alerts_once(acme: Organization, ria: Membership, now: datetime) -> None:
    assert alert(ria, now) is not None
    assert alert(ria, now) is None
    with scope(acme.id):
        assert count_unseen(member=ria) == 1


def test_long_text_is_cut(ria: Membership, now: datetime) -> None:
    raised = alert(ria, now, text="x" * 1000)
    assert raised is not None
    assert len(raised.text) == 300


def test_toast_shows_the_alert_escaped(ria: Membership, now: datetime, client_of: ClientOf) -> None:
    raised = alert(ria, now)
    assert raised is not None
    answer = client_of(ria).get(reverse("alert_fragment", args=[raised.id]))
    assert "Pat &lt;Doe&gt; asks" in answer.content.decode()


def test_opening_the_lead_sees_its_alerts(ria: Membership, raj: Membership, now: datetime, client_of: ClientOf) -> None:
    with scope(ria.organization_id):
        lead = make_lead(owner=ria, now=now)
        mine, his = (
            raise_alert(member=member, kind="assigned", lead=lead, text="Pat asks", dedupe_key=key, now=now)
            for member, key in ((ria, "a"), (raj, "b"))
        )
    assert mine is not None
    assert his is not None
    browser = client_of(ria)
    browser.get(reverse("lead_detail", args=[lead.pk]))

    assert browser.get(reverse("alert_count")).content == b""
    assert browser.get(reverse("alert_fragment", args=[mine.id])).status_code == 204
    assert client_of(raj).get(reverse("alert_fragment", args=[his.id])).status_code == 200


@pytest.mark.parametrize("other", ["raj", "eve"])
def test_alert_of_somebody_else_is_not_found(
    other: str, ria: Membership, now: datetime, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    raised = alert(ria, now)
    assert raised is not None
    stranger: Client = client_of(request.getfixturevalue(other))
    assert stranger.get(reverse("alert_fragment", args=[raised.id])).status_code == 404
    assert stranger.post(reverse("alert_seen", args=[raised.id])).status_code == 404
    assert stranger.get(reverse("alert_count")).content == b""


def test_seen_alerts_are_not_counted(ria: Membership, now: datetime, client_of: ClientOf) -> None:
    first, _second = alert(ria, now, "a"), alert(ria, now, "b")
    browser = client_of(ria)
    assert browser.get(reverse("alert_count")).content == b"2"
    assert first is not None
    assert browser.post(reverse("alert_seen", args=[first.id])).status_code == 302
    assert browser.get(reverse("alert_count")).content == b"1"
    browser.post(reverse("alerts_seen"))
    assert browser.get(reverse("alert_count")).content == b""


def test_list_is_a_page_and_the_bells_menu(ria: Membership, now: datetime, client_of: ClientOf) -> None:
    browser = client_of(ria)
    assert "No alerts yet" in browser.get(reverse("alerts")).content.decode()
    alert(ria, now)
    page = browser.get(reverse("alerts")).content.decode()
    menu = browser.get(reverse("alerts"), headers={"HX-Request": "true", "HX-Target": "alert-list"}).content.decode()
    assert "<html" in page
    assert "<html" not in menu
    assert "asks" in page
    assert "asks" in menu


def test_alerts_are_found_paged_and_taken_along(
    ria: Membership, raj: Membership, now: datetime, client_of: ClientOf
) -> None:
    browser = client_of(ria)
    for number in range(52):
        alert(ria, now, f"a{number}", f"Pat {number} asks")
    alert(raj, now, "of another", "Not for Ria")
    second = browser.get(reverse("alerts"), {"page": "2"}).context["page"]
    found = browser.get(reverse("alerts"), {"q": "pat 51", "why": "assigned", "seen": "no", "first": f"{now:%Y-%m-%d}"})
    none = browser.get(reverse("alerts"), {"seen": "yes"})
    file = b"".join(browser.get(reverse("alert_export")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]

    assert (second.paginator.count, len(second)) == (52, 2)
    assert [each.text for each in found.context["page"]] == ["Pat 51 asks"]
    assert "No alert is like that" in none.content.decode()
    assert len(file.splitlines()) == 53
    assert "Not for Ria" not in file
