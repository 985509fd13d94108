"""The suppression list's page: found, added to and lifted, by who may, with a trace."""

import pytest
from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.consent import is_suppressed, suppress, suppress_person
from leadhub.leads.models import Identity, Suppression
from leadhub.tenancy.scope import scope
from tests.answers import read
from tests.desk.test_exports import read_export
from tests.factories import PersonFactory
from tests.leads.arrivals import make_lead
from tests.personas import NOW, ClientOf

LIST = "suppression_list"


def test_several_addresses_are_added_with_one_reason(client_of: ClientOf, max_: Membership) -> None:
    client = client_of(max_)

    client.post(reverse(LIST), {"addresses": "Zoe@Lead.example, bob@lead.example\nzoe@lead.example", "reason": "Asked"})

    with scope(max_.organization_id):
        assert is_suppressed("zoe@lead.example")
        assert is_suppressed("bob@lead.example")
        entry = AuditEntry.objects.get(action="suppression.added")
        assert entry.after == {
            "addresses": ["bob@lead.example", "zoe@lead.example"],
            "reason": "Asked",
            "covers_person": False,
        }


@pytest.mark.parametrize(
    ("addresses", "reason", "words"),
    [
        ("zoe@lead.example nobody", "Asked", "Not an e-mail address: nobody."),
        ("zoe@lead.example", "  ", "This field is required."),
        (" , ", "Asked", "Enter one address or several."),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    client_of: ClientOf, max_: Membership, addresses: str, reason: str, words: str
) -> None:
    answer = client_of(max_).post(reverse(LIST), {"addresses": addresses, "reason": reason})

    assert words in read(answer, 422)
    with scope(max_.organization_id):
        assert not Suppression.objects.exists()


def test_lifting_says_why_and_lets_the_person_be_mailed(client_of: ClientOf, max_: Membership) -> None:
    with scope(max_.organization_id):
        person = PersonFactory.create(email="zoe@lead.example")
        Identity.objects.create(person=person, kind="email", value="zoe@lead.example", created_at=NOW)
        suppress_person(person=person, reason="Unsubscribed", now=NOW)
        row = Suppression.objects.get()
    client = client_of(max_)

    client.post(reverse("suppression_lift", args=[row.pk]), {"reason": ""})
    with scope(max_.organization_id):
        assert is_suppressed("zoe@lead.example")
    client.post(reverse("suppression_lift", args=[row.pk]), {"reason": "Asked for news in writing"})

    with scope(max_.organization_id):
        assert not is_suppressed("zoe@lead.example")
        entry = AuditEntry.objects.get(action="suppression.lifted")
        assert (entry.before["reason"], entry.after["reason"]) == ("Unsubscribed", "Asked for news in writing")


def test_the_list_is_searched_and_exported_and_stays_in_the_organization(
    client_of: ClientOf, max_: Membership, eve: Membership
) -> None:
    for member, address in ((max_, "zoe@lead.example"), (max_, "bob@else.example"), (eve, "zoe@secret.example")):
        with scope(member.organization_id):
            suppress(email=address, reason="Asked", now=NOW)
    client = client_of(max_)

    page = read(client.get(reverse(LIST), {"q": "ZOE"}))
    file = b"".join(client.get(reverse("suppression_export")).streaming_content).decode()  # type: ignore[attr-defined]

    assert "zoe@lead.example" in page
    assert "bob@else.example" not in page
    assert "secret" not in page
    assert "bob@else.example" in file
    assert "secret" not in file
    assert "zoe@lead.example" in read(client.get(reverse(LIST), {"silences": "False"}))
    for query in {"silences": "True"}, {"last": "2020-01-01"}:
        assert "Not on the list" in read(client.get(reverse(LIST), query))


def test_the_file_says_what_is_silenced_and_who_took_it_is_noted(client_of: ClientOf, max_: Membership) -> None:
    with scope(max_.organization_id):
        make_lead("zoe@lead.example", first_name="Zoe", last_name="Doe")
        suppress(email="zoe@lead.example", reason="Asked", now=NOW, covers_person=True)
        suppress(email="bob@gone.example", reason="Came back", now=NOW)

    rows = read_export(client_of(max_), reverse("suppression_export"))

    assert {tuple(row.values())[:4] for row in rows} == {
        ("zoe@lead.example", "Zoe Doe", "Asked", "The address, and every sequence"),
        ("bob@gone.example", "", "Came back", "The address"),
    }
    with scope(max_.organization_id):
        assert AuditEntry.objects.get(action="list.exported").actor_id == max_.pk


def test_a_rep_may_neither_look_nor_add(client_of: ClientOf, ria: Membership) -> None:
    client = client_of(ria)

    assert client.get(reverse(LIST)).status_code == 403
    assert client.post(reverse(LIST), {"addresses": "z@lead.example", "reason": "x"}).status_code == 403
