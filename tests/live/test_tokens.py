"""The stream's token: short-lived, signed, for one member, and fetched by the page."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.lib.clock import utc_now
from leadhub.live.tokens import TOKEN_MINUTES, BadToken, make_token, read_token
from tests.personas import ClientOf


def test_token_names_its_listener(now: datetime) -> None:
    organization_id, member_id = uuid4(), uuid4()
    listener = read_token(make_token(organization_id=organization_id, member_id=member_id, now=now), now=now)
    assert (listener.organization_id, listener.member_id) == (organization_id, member_id)
    assert listener.channel == f"leadhub:alerts:{organization_id}:{member_id}"


@pytest.mark.parametrize("kept", [0, 10, -1])
def test_damaged_token_is_refused(kept: int, now: datetime) -> None:
    token = make_token(organization_id=uuid4(), member_id=uuid4(), now=now)
    with pytest.raises(BadToken):
        read_token(token[:kept], now=now)


def test_old_token_is_refused(now: datetime) -> None:
    token = make_token(organization_id=uuid4(), member_id=uuid4(), now=now)
    with pytest.raises(BadToken):
        read_token(token, now=now + timedelta(minutes=TOKEN_MINUTES))


@pytest.mark.django_db
def test_page_fetches_a_token_and_the_address(ria: Membership, client_of: ClientOf) -> None:
    answer = client_of(ria).get(reverse("live_token"))
    body = answer.json()
    assert read_token(body["token"], now=utc_now()).member_id == ria.id
    assert "/live/stream?token=" in body["url"]
    assert answer["Cache-Control"] == "no-store"
