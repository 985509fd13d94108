"""The thresholds page: everybody looks, the admin edits, nothing is live before it is published."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind
from leadhub.leads.versions import VersionState, find_draft
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from scoring.models import ScoreModel
from scoring.queries import get_published_model
from tests.personas import ClientOf
from tests.scoring.arrivals import act, arrive

pytestmark = pytest.mark.django_db
NUMBERS = {
    "fit_bar": "30",
    "engagement_bar": "15",
    "half_life_days": "14",
    "sql_bar": "90",
    "hand_raise_intents": "hot",
}
RULE = {"label": "In town", "points": "12", "condition.size": "1", "condition.kind": "all"}
CALLED = {**RULE, "condition.size": "0", "event_kind": "call_inbound"}
ROW = {"condition-0.field": "person.city", "condition-0.op": "is", "condition-0.value": "Springfield"}


@pytest.fixture
def leads(acme: Organization) -> None:
    """One lead below the bar, one MQL, on the day the pages are looked at."""
    now = timezone.now()
    with scope(acme.pk):
        arrive(email="warm@builders.test", phone="+12025550134", first_name="Wanda", now=now)
        lead = arrive(email="called@builders.test", phone="+12025550135", first_name="Cal", now=now).lead
        act(lead, EventKind.CALL_INBOUND, now=now)


def read(client: Client, url: str, query: dict[str, Any] | None = None, **headers: Any) -> str:
    response = client.get(url, query, **headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("leads")
def test_everybody_sees_the_grid_and_may_try_lines(ria: Membership, client_of: ClientOf) -> None:
    client = client_of(ria)
    page = read(client, reverse("score_model"))
    assert "Nobody comes in." in page
    assert "came in over the last 4 weeks" in page
    assert "by the version in force" not in page
    assert "Keep in the draft" not in page
    tried = read(client, reverse("score_model"), NUMBERS, headers={"HX-Request": "true"})
    assert "Wanda" in tried
    assert "1 becomes an MQL when published" in tried
    assert "estimated on the leads of 4 weeks; 0.25 came in" in tried
    assert "<html" not in tried
    assert "Wanda" in read(client, reverse("score_model"), NUMBERS)


@pytest.mark.parametrize(
    "url",
    ["/scoring/draft/numbers/", "/scoring/draft/removal/", "/scoring/publication/", "/scoring/draft/rules/fit/new/"],
)
def test_only_an_admin_edits(ria: Membership, client_of: ClientOf, url: str) -> None:
    assert client_of(ria).post(url, NUMBERS).status_code == 403


@pytest.mark.usefixtures("leads")
def test_an_admin_drafts_looks_and_publishes(acme: Organization, ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert client.post(reverse("score_numbers"), NUMBERS).url == reverse("score_model")  # type: ignore[attr-defined]
    assert "This is the draft, version 2" in read(client, reverse("score_model"))
    assert "Wanda" in read(client, reverse("score_publication"))
    client.post(reverse("score_publication"), {"note": "More leads for Ria"})
    page = read(client, reverse("score_model"))
    assert "More leads for Ria" in page
    assert "Scoring the open leads by the published version" in page
    assert f'<form method="post" action="{reverse("score_restoration", args=[1])}">' in page  # one click
    with scope(acme.pk):
        model = get_published_model()
        assert model
        assert (model.version, int(model.engagement_bar)) == (2, 15)
    assert "Roll back to version 1" in read(client, reverse("score_restoration", args=[1]))
    client.post(reverse("score_restoration", args=[1]))
    with scope(acme.pk):
        assert ScoreModel.objects.get(state=VersionState.PUBLISHED).version == 3


def test_a_rule_is_edited_in_place_and_as_a_page(acme: Organization, ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    url = reverse("score_rule", args=["fit", "phone"])
    assert "<html" not in read(client, url, headers={"HX-Request": "true"})
    assert "Can be called" in read(client, url)
    added = client.post(reverse("score_rule", args=["fit", "new"]), {**RULE, **ROW})
    assert added.status_code == 302
    with scope(acme.pk):
        draft = find_draft(ScoreModel)
        assert draft
        assert draft.fit_rules[-1]["condition"] == {
            "all": [{"field": "person.city", "op": "is", "value": "Springfield"}]
        }
    assert "City is “Springfield”" in read(client, reverse("score_model"))
    client.post(reverse("score_rule_removal", args=["fit", "in_town"]))
    assert "In town" not in read(client, reverse("score_model"))


def test_without_scripts_the_editors_buttons_draw_the_page_again(ada: Membership, client_of: ClientOf) -> None:
    response = client_of(ada).post(
        reverse("score_rule", args=["fit", "new"]), {**RULE, **ROW, "condition.do": "row:condition"}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count('class="lh-condition-row') == 2
    assert 'value="In town"' in page


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("fit", {**RULE, **ROW, "points": "many"}, "Enter a number"),
    ("fit", {**RULE, **ROW, "condition-0.value": " "}, "Give a text to compare with"),
    ("fit", {**RULE, **ROW, "condition-0.field": "score.fit", "condition-0.value": "3"}, "cannot ask for the score"),
    ("engagement", {**CALLED, "detail": "x"}, "cannot be narrowed"),
    ("engagement", {**CALLED, "points": "-5"}, "Points are between"),
]


@pytest.mark.parametrize(("kind", "posted", "words"), WRONG)
def test_what_is_wrong_stands_at_its_field(
    ada: Membership, client_of: ClientOf, kind: str, posted: dict[str, str], words: str
) -> None:
    response = client_of(ada).post(reverse("score_rule", args=[kind, "new"]), posted)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_wrong_numbers_and_a_missing_draft_are_told(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    client.post(reverse("score_numbers"), {**NUMBERS, "engagement_bar": "0"})
    assert "greater than or equal to 1" in read(client, reverse("score_model"))
    client.get(reverse("score_publication"))
    assert "There is no draft" in read(client, reverse("score_model"))


@pytest.mark.usefixtures("leads")
def test_eve_sees_nothing_of_it(eve: Membership, ada: Membership, client_of: ClientOf) -> None:
    page = read(client_of(eve), reverse("score_model"), NUMBERS)
    assert "Wanda" not in page
    assert "of 0 open leads" in page


@pytest.mark.usefixtures("leads")
def test_the_page_asks_as_much_for_many_leads_as_for_few(
    acme: Organization, ada: Membership, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(ada)
    read(client, reverse("score_model"))
    with CaptureQueriesContext(connection) as few:
        read(client, reverse("score_model"))
    now: datetime = timezone.now()
    with scope(acme.pk):
        for number in range(5):
            arrive(email=f"p{number}@builders.test", now=now)
    with django_assert_num_queries(len(few)):
        read(client, reverse("score_model"))
