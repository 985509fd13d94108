"""Two people are compared and joined on pages and over the API, by those who may, and parted again."""

from typing import Any

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.consent import record_consent
from leadhub.leads.models import Event, Lead, Person, PersonMerge, Stage
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller, caller
from tests.desk.leads import make_lead
from tests.personas import NOW, ClientOf

__all__ = ["caller"]


@pytest.fixture
def lea(in_scope: Organization, ria: Membership) -> Lead:
    """Lea's open lead."""
    return make_lead(owner=ria, now=NOW, name="Lea Stone")


@pytest.fixture
def twin(lea: Lead, ria: Membership) -> Lead:
    """The lead of another Lea of the same company, which is over."""
    old = make_lead(owner=ria, now=NOW, name="Leah Stone", stage=Stage.DISQUALIFIED, disposition="no_fit")
    Person.objects.filter(pk=old.person_id).update(company=lea.person.company)
    return old


@pytest.fixture
def stranger(eve: Membership) -> Lead:
    """A lead of another organization."""
    with scope(eve.organization_id):
        return make_lead(owner=eve, now=NOW, name="Leah Stone")


def read(answer: Any) -> str:
    return str(answer.content.decode())


def count_in_force(member: Membership) -> int:
    with scope(member.organization_id):
        return PersonMerge.objects.filter(parted_at=None).count()


def test_the_lead_page_shows_a_possible_duplicate_to_those_who_may_join(
    lea: Lead, twin: Lead, ria: Membership, max_: Membership, client_of: ClientOf
) -> None:
    assert "Possible duplicates" in read(client_of(max_).get(f"/leads/{lea.pk}/"))
    assert "Possible duplicates" not in read(client_of(ria).get(f"/leads/{lea.pk}/"))


def test_they_are_compared_joined_and_parted(lea: Lead, twin: Lead, mia: Membership, client_of: ClientOf) -> None:
    browser, url = client_of(mia), f"/people/{lea.person_id}/merges/"
    record_consent(person=twin.person, purpose="letter", is_given=True, source="Quote: Yes", now=NOW)

    page = read(browser.get(f"{url}?with={twin.person_id}"))
    assert "They are one person" in page
    assert "Consent: letter" in page
    assert "Keep Leah Stone instead" in page
    answer = browser.post(url, {"absorbed": str(twin.person_id)})
    assert answer.headers["Location"] == f"/leads/{lea.pk}/"
    assert Lead.objects.get(pk=twin.pk).person_id == lea.person_id
    assert "Leah Stone was joined" in read(browser.get(f"/leads/{lea.pk}/"))

    merge = PersonMerge.objects.get()
    answer = browser.post(f"/people/merges/{merge.pk}/undo/", follow=True)
    assert "are two people again" in read(answer)
    assert Lead.objects.get(pk=twin.pk).person_id == twin.person_id
    assert list(AuditEntry.objects.filter(target_kind="person").values_list("action", flat=True).order_by("id")) == [
        "people.merged",
        "people.parted",
    ]
    assert Event.objects.filter(kind__in=["people_merged", "people_parted"]).count() == 2
    assert "undone already" in read(browser.post(f"/people/merges/{merge.pk}/undo/", follow=True))


def test_two_open_leads_are_named_and_the_button_is_missing(
    lea: Lead, ria: Membership, mia: Membership, client_of: ClientOf
) -> None:
    other = make_lead(owner=ria, now=NOW, name="Ben Stone")
    browser, url = client_of(mia), f"/people/{lea.person_id}/merges/"

    page = read(browser.get(f"{url}?with={other.person_id}"))
    assert "Both have an open lead" in page
    assert "They are one person" not in page
    answer = browser.post(url, {"absorbed": str(other.person_id)}, follow=True)
    assert "end one of them first" in read(answer)
    assert count_in_force(mia) == 0


def test_somebody_else_is_searched_for(lea: Lead, ria: Membership, max_: Membership, client_of: ClientOf) -> None:
    make_lead(owner=ria, now=NOW, name="Nora Far")
    browser, url = client_of(max_), f"/people/{lea.person_id}/merges/"

    assert "Nobody looks like a double" in read(browser.get(url))
    assert "Nora Far" in read(browser.get(f"{url}?q=nora"))
    assert "Nobody of that name" in read(browser.get(f"{url}?q=nobody"))


def test_who_is_the_same_has_to_be_said(lea: Lead, mia: Membership, client_of: ClientOf) -> None:
    answer = client_of(mia).post(f"/people/{lea.person_id}/merges/", follow=True)
    assert "Choose who is the same person" in read(answer)


@pytest.mark.parametrize("body", [{"absorbed": "nonsense"}, {"absorbed": "0198c2f0-5f3a-7cc1-9d0e-3f1f0a6f7c11"}])
def test_nobody_is_joined_to_nobody(lea: Lead, mia: Membership, client_of: ClientOf, body: dict[str, str]) -> None:
    assert client_of(mia).post(f"/people/{lea.person_id}/merges/", body).status_code == 404


def test_a_rep_joins_nobody(lea: Lead, twin: Lead, ria: Membership, client_of: ClientOf) -> None:
    answer = client_of(ria).post(f"/people/{lea.person_id}/merges/", {"absorbed": str(twin.person_id)})
    assert answer.status_code == 403
    assert count_in_force(ria) == 0


def test_people_of_others_are_not_joined(stranger: Lead, lea: Lead, mia: Membership, client_of: ClientOf) -> None:
    answer = client_of(mia).post(f"/people/{lea.person_id}/merges/", {"absorbed": str(stranger.person_id)})
    assert answer.status_code == 404


def test_a_program_joins_and_parts(lea: Lead, twin: Lead, ada: Membership, caller: Caller) -> None:
    made = caller.post(f"people/{lea.person_id}/merges/", {"absorbed": str(twin.person_id)})
    assert made.status_code == 201
    assert (made.json()["kept"], made.json()["parted_at"]) == (str(lea.person_id), None)

    again = caller.post(f"people/{lea.person_id}/merges/", {"absorbed": str(twin.person_id)})
    assert again.status_code == 422
    undone = caller.post(f"merges/{made.json()['id']}/undo/", {})
    assert undone.json()["parted_at"]
    assert count_in_force(ada) == 0
