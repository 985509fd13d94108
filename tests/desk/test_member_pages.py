"""The pages where people and programs are let in."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from leadhub.accounts.models import ApiKey, AuditEntry, Invitation, Membership, User
from leadhub.delivery.models import Delivery
from leadhub.tenancy.scope import scope
from tests.personas import PASSWORD, ClientOf


def invite(client: Client, email: str = "new@acme.example", role: str = "rep") -> None:
    answer = client.post(reverse("member_list"), {"email": email, "name": "Nia", "role": role})
    assert answer.status_code == 302, answer.content


def read_link(member: Membership) -> str:
    """Return the link of the one invitation mail."""
    with scope(member.organization_id):
        text = Delivery.objects.get(purpose="invitation").content["text"]
    found = re.search(re.escape(settings.PUBLIC_URL) + r"(\S+)", text)
    assert found is not None
    return found[1]


def test_an_invited_person_joins_with_a_password_of_their_own(ada: Membership, client_of: ClientOf) -> None:
    invite(client_of(ada))
    stranger = Client()
    link = read_link(ada)
    assert stranger.get(link).status_code == 200
    answer = stranger.post(link, {"name": "Nia", "password": "long enough 4 you"})
    assert answer.status_code == 302
    member = Membership.objects.get(user__email="new@acme.example")
    assert (member.organization_id, member.role, member.name) == (ada.organization_id, "rep", "Nia")
    assert stranger.get(link).status_code == 410


def test_whoever_comes_back_is_in_the_audit_log(ada: Membership, ria: Membership, client_of: ClientOf) -> None:
    Membership.objects.filter(pk=ria.pk).update(is_active=False)
    invite(client_of(ada), email=ria.user.email, role="manager")
    browser = Client()
    browser.force_login(ria.user)
    assert browser.post(read_link(ada)).status_code == 302
    ria.refresh_from_db()
    assert (ria.is_active, ria.role) == (True, "manager")
    with scope(ada.organization_id):
        assert AuditEntry.objects.filter(action="member.rejoined", target_id=ria.pk).exists()


def test_a_weak_password_is_refused_at_the_field(ada: Membership, client_of: ClientOf) -> None:
    invite(client_of(ada))
    answer = Client().post(read_link(ada), {"name": "Nia", "password": "short"})
    assert "password" in answer.context["form"].errors
    assert not User.objects.filter(email="new@acme.example").exists()


def test_somebody_with_a_log_in_must_use_it(ada: Membership, eve: Membership, client_of: ClientOf) -> None:
    invite(client_of(ada), email=eve.user.email)
    link = read_link(ada)
    assert reverse("account_login") in Client().get(link).headers["Location"]
    assert client_of(ada).get(link).context["is_other_user"]
    assert client_of(eve).post(link).status_code == 302
    assert Membership.objects.filter(user=eve.user).count() == 2


def test_a_second_invitation_of_an_address_is_an_error_at_the_field(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    invite(client)
    answer = client.post(reverse("member_list"), {"email": "new@acme.example", "role": "rep"})
    assert "email" in answer.context["form"].errors


def test_a_revoked_invitation_is_closed(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    invite(client)
    link = read_link(ada)
    with scope(ada.organization_id):
        invitation = Invitation.objects.get()
    client.post(reverse("invitation_revoke", args=[invitation.pk]))
    assert Client().get(link).status_code == 410


def test_a_forged_link_is_closed(db: None) -> None:
    assert Client().get(reverse("invitation_accept", args=["nonsense"])).status_code == 410


def test_only_an_admin_invites(mia: Membership, client_of: ClientOf) -> None:
    client_of(mia).post(reverse("member_list"), {"email": "new@acme.example", "role": "admin"})
    with scope(mia.organization_id):
        assert not Invitation.objects.exists()


def test_an_admin_changes_a_role(ada: Membership, ria: Membership, client_of: ClientOf) -> None:
    url = reverse("member_detail", args=[ria.pk])
    client_of(ada).post(url, {"name": "Ria R.", "role": "manager", "is_active": "on"})
    ria.refresh_from_db()
    assert (ria.name, ria.role) == ("Ria R.", "manager")


def test_members_of_others_are_not_there(ada: Membership, eve: Membership, client_of: ClientOf) -> None:
    assert client_of(ada).get(reverse("member_detail", args=[eve.pk])).status_code == 404


def test_a_key_is_shown_once(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    answer = client.post(reverse("api_key_list"), {"name": "CRM", "member": str(ada.pk), "scopes": ["leads:read"]})
    secret = answer.context["created"].secret
    assert secret in answer.content.decode()
    agents = json.loads(answer.context["addresses"].settings)["mcpServers"]["leadhub"]
    assert agents == {"url": f"{settings.PUBLIC_URL}/mcp", "headers": {"Authorization": f"Bearer {secret}"}}
    listed = client.get(reverse("api_key_list")).content.decode()
    assert secret not in listed
    assert "“CRM” was never used" in listed  # asked before it is revoked
    assert reverse("api_docs") in listed
    with scope(ada.organization_id):
        key = ApiKey.objects.get(name="CRM")
    client.post(reverse("api_key_revoke", args=[key.pk]))
    with scope(ada.organization_id):
        assert ApiKey.objects.get(pk=key.pk).revoked_at is not None


@pytest.mark.parametrize("name", ["member_list", "api_key_list", "audit_log"])
def test_pages_render(ada: Membership, client_of: ClientOf, name: str) -> None:
    assert client_of(ada).get(reverse(name)).status_code == 200


def test_log_in_with_password(ada: Membership) -> None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "ada@acme.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_nobody_signs_up_by_themselves(db: None) -> None:
    answer = Client().post(reverse("account_signup"), {"email": "x@example.com", "password1": "long enough 4 you"})
    assert not User.objects.exists()
    assert answer.status_code == 200


def test_brute_force_is_stopped(ada: Membership) -> None:
    client = Client()
    for _ in range(6):
        answer = client.post(reverse("account_login"), {"login": "ada@acme.example", "password": "wrong"})
    assert answer.status_code in {200, 429}
    answer = client.post(reverse("account_login"), {"login": "ada@acme.example", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_switching_to_an_organization_of_others_is_not_found(
    ada: Membership, eve: Membership, client_of: ClientOf
) -> None:
    answer = client_of(ada).post(reverse("switch_organization"), {"organization": str(eve.organization_id)})
    assert answer.status_code == 404


def test_without_an_organization_the_page_says_what_to_do(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("lone@example.com", PASSWORD))
    answer = client.get(reverse("member_list"))
    assert answer.headers["Location"] == reverse("no_organization")
    assert client.get(reverse("no_organization")).status_code == 200
