"""A NUL in an address is the caller's mistake: 400, wherever it stands, and never a failed query."""

import pytest
from django.test import Client

from leadhub.accounts.models import Membership
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/leads/?q=a%00b", "/inquiries/?q=%00", "/leads/?stage=mql%00", "/f/abc%00", "/api/v1/leads/?email=%00"]
)
def test_nul_in_an_address_is_refused(client_of: ClientOf, ada: Membership, address: str) -> None:
    assert client_of(ada).get(address).status_code == 400


def test_other_control_characters_pass(client_of: ClientOf, ada: Membership) -> None:
    assert client_of(ada).get("/leads/?q=a%01b").status_code == 200


def test_door_takes_whatever_query_it_is_sent(client: Client, founded: object) -> None:
    form_key = founded.form_key  # type: ignore[attr-defined]
    answer = client.post(f"/f/{form_key}?utm_source=a%00b", {"email": "jo@x.example"}, HTTP_ACCEPT="application/json")
    assert answer.status_code == 202
