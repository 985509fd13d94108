"""API keys: shown once, checked by hash, ended at once."""

from datetime import datetime, timedelta

import pytest

from leadhub.accounts.apikeys import UnknownScope, create_api_key, find_key_organization, revoke_api_key, use_api_key
from leadhub.accounts.models import ApiKey, Membership
from leadhub.tenancy.models import Organization


def test_a_key_finds_its_organization_and_is_not_stored(in_scope: Organization, ada: Membership, now: datetime) -> None:
    made = create_api_key(name="CRM", scopes=["leads:read"], member=ada, actor=ada, now=now)
    assert find_key_organization(secret=made.secret) == in_scope.id
    stored = ApiKey.objects.filter(pk=made.key.pk).values().get()
    assert made.secret not in map(str, stored.values())


def test_use_is_noted_once_a_minute(in_scope: Organization, ada: Membership, now: datetime) -> None:
    made = create_api_key(name="CRM", scopes=["leads:read"], member=ada, actor=ada, now=now)
    for seconds, expected in ((0, 0), (30, 0), (90, 90)):
        assert use_api_key(secret=made.secret, now=now + timedelta(seconds=seconds)) == made.key
        made.key.refresh_from_db()
        assert made.key.last_used_at == now + timedelta(seconds=expected)


def test_a_revoked_key_opens_nothing_and_twice_changes_nothing(
    in_scope: Organization, ada: Membership, now: datetime
) -> None:
    made = create_api_key(name="CRM", scopes=["leads:read"], member=ada, actor=ada, now=now)
    revoke_api_key(key=made.key, actor=ada, now=now)
    revoke_api_key(key=made.key, actor=ada, now=now + timedelta(hours=1))
    assert made.key.revoked_at == now
    assert find_key_organization(secret=made.secret) is None
    assert use_api_key(secret=made.secret, now=now) is None


def test_a_key_ends_with_the_log_in_that_it_acts_for(in_scope: Organization, ada: Membership, now: datetime) -> None:
    made = create_api_key(name="CRM", scopes=["leads:read"], member=ada, actor=ada, now=now)
    ada.user.is_active = False
    ada.user.save(update_fields=["is_active"])
    assert use_api_key(secret=made.secret, now=now) is None


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_unknown_scopes_are_refused(in_scope: Organization, ada: Membership, now: datetime, scopes: list[str]) -> None:
    with pytest.raises(UnknownScope) as caught:
        create_api_key(name="CRM", scopes=scopes, member=ada, actor=ada, now=now)
    assert caught.value.field == "scopes"
