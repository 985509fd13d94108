"""The permission matrix, walked over every URL by each role, by nobody and by Eve. A new URL is covered by default."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from leadhub.accounts.apikeys import SCOPES, create_api_key
from leadhub.accounts.models import Membership, Role, User
from leadhub.accounts.permissions import MATRIX, MEANINGS, may
from leadhub.cli.permissions import render_permissions
from leadhub.cli.places import Kind, Place, list_places
from leadhub.tenancy.scope import scope
from leadhub.web.navigation import NAVIGATION
from tests.contracts.places import Furniture, build_url, furnish, names_a_row
from tests.personas import NOW, PASSWORD, ClientOf

DOCS = Path(__file__).parents[2] / "docs"
PLACES = list_places()
GUARDED = [place for place in PLACES if place.kind in {Kind.PAGE, Kind.API}]

# Every URL that asks for no permission, and why.
PUBLIC = {
    "api_schema": "describes the API; holds nobody's data",
    "api_docs": "the same to read",
    "preferences": "a user's own, in every organization; asks for a log-in itself",
    "switch_organization": "before the organization is known; asks for a log-in itself",
    "no_organization": "for a user without one; asks for a log-in itself",
    "invitation_accept": "whoever holds the signed link is invited",
    "form_script": "strangers' browsers",
    "form_thanks": "strangers' browsers",
    "form_door": "strangers raise their hands here",
    "google_door": "asks for the form's key itself",
    "mcp": "asks for an API key itself; each tool for what its call of the API asks for",
    "nurture_open": "the signed picture of a mail",
    "nurture_click": "a mail's signed links",
    "nurture_unsubscribe": "one click without a log-in (RFC 8058)",
}
OWN_LOGIN = ("preferences", "switch_organization", "no_organization")
# These tell Eve in words, like a colleague who comes too late, that there is nothing (any more); they change nothing.
TELLS_IN_WORDS = {"suppression_lift", "job_retry", "delivery_send_again", "delivery_mark_sent"}
OPEN_ENDED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

Ask = tuple[Place, str, str]


def list_asks(kinds: set[Kind]) -> Iterator[Ask]:
    """Yield (place, method, permission)."""
    for place in GUARDED:
        if place.kind in kinds:
            yield from ((place, method, permission) for method, permission in place.asks.items())


def make_caller(member: Membership, scopes: list[str]) -> Client:
    """Return a program that calls the API as the member."""
    with scope(member.organization_id):
        made = create_api_key(name="Walk", scopes=scopes, member=member, actor=member, now=NOW)
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {made.secret}"})


def call(client: Client, method: str, url: str) -> Any:
    """Send the request with an empty body and undo whatever it did."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = client.generic(method, url, data="", content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return answer


def judge(answer: Any, *, method: str, is_allowed: bool) -> bool:
    """Say whether the answer fits: 403 without the permission; with it a page, or a refusal of the empty body."""
    if not is_allowed:
        return bool(answer.status_code == HTTPStatus.FORBIDDEN)
    if answer.status_code in {401, 403, 404, 405} or answer.status_code >= 500:
        return False
    return method != "GET" or answer.status_code == HTTPStatus.OK


def walk(member: Membership, clients: dict[Kind, Client]) -> list[str]:
    """Ask every URL as the member; return what was answered wrongly."""
    here = furnish(member)
    wrong = []
    for place, method, permission in list_asks(set(clients)):
        answer = call(clients[place.kind], method, build_url(place, here))
        if not judge(answer, method=method, is_allowed=may(member.role, permission)):
            wrong.append(describe(place, method, permission, answer))
    return wrong


def describe(place: Place, method: str, permission: str, answer: Any) -> str:
    """Return a line for the failure's report."""
    raised = getattr(answer, "exc_info", None)
    return f"{method} {place.route} ({permission}): {answer.status_code} {raised[1] if raised else ''}"


@pytest.fixture
def members(ada: Membership, mia: Membership, max_: Membership, ria: Membership) -> dict[str, Membership]:
    """One member of each role."""
    return {member.role: member for member in (ada, mia, max_, ria)}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_the_matrix_says(role: Role, members: dict[str, Membership], client_of: ClientOf) -> None:
    member = members[role]
    assert walk(member, {Kind.PAGE: client_of(member), Kind.API: make_caller(member, list(SCOPES))}) == []


def test_nobody_is_sent_to_the_log_in(ada: Membership) -> None:
    here = furnish(ada)
    for place, method, _ in list_asks({Kind.PAGE}):
        url = build_url(place, here)
        answer = call(Client(), method, url)
        assert answer.status_code == HTTPStatus.FOUND, place.route
        assert answer.headers["Location"].startswith(reverse("account_login")), place.route
    for place, method, _ in list_asks({Kind.API}):
        assert call(Client(), method, build_url(place, here)).status_code == HTTPStatus.UNAUTHORIZED, place.route


def test_another_organization_has_nothing_there(ada: Membership, eve: Membership, client_of: ClientOf) -> None:
    here = furnish(ada)
    furnish(eve)
    clients = {Kind.PAGE: client_of(eve), Kind.API: make_caller(eve, list(SCOPES))}
    wrong = []
    for place, method, permission in list_asks({Kind.PAGE, Kind.API}):
        if names_a_row(place):
            answer = call(clients[place.kind], method, build_url(place, here))
            expected = HTTPStatus.FOUND if place.name in TELLS_IN_WORDS else HTTPStatus.NOT_FOUND
            if answer.status_code != expected:
                wrong.append(describe(place, method, permission, answer))
    assert wrong == []


def test_a_key_without_the_scope_opens_nothing(ada: Membership) -> None:
    here: Furniture = furnish(ada)
    lacking = {needed: make_caller(ada, [name for name in SCOPES if name != needed]) for needed in SCOPES}
    for place, method, _ in list_asks({Kind.API}):
        needed = place.key_scopes[method]
        answer = call(lacking[needed], method, build_url(place, here))
        assert answer.status_code == HTTPStatus.FORBIDDEN, f"{method} {place.route}"
        assert needed in answer.json()["detail"]


def test_every_url_is_guarded_or_public_for_a_reason() -> None:
    assert [place.route for place in PLACES if place.kind == Kind.UNGUARDED] == []
    assert {place.name for place in PLACES if place.kind == Kind.PUBLIC} == set(PUBLIC)


def test_every_guarded_url_says_its_methods_and_a_known_permission() -> None:
    for place in GUARDED:
        assert place.asks, f"{place.route} names no methods: use require_GET, require_POST or require_http_methods"
        assert set(place.asks.values()) <= set(MATRIX), place.route


@pytest.mark.parametrize("name", OWN_LOGIN)
def test_public_urls_that_are_a_users_own_ask_for_a_log_in(name: str, db: None) -> None:
    place = next(place for place in PLACES if place.name == name)
    for method in place.asks:
        answer = call(Client(), method, place.route)
        assert answer.headers["Location"].startswith(reverse("account_login"))


def test_nobody_signs_up(db: None) -> None:
    values = {"email": "stranger@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert Client().post(reverse("account_signup"), values).status_code == HTTPStatus.OK
    assert not User.objects.exists()


def test_a_member_who_left_and_a_user_of_no_organization_see_nothing(ada: Membership, client_of: ClientOf) -> None:
    client, here = client_of(ada), furnish(ada)
    caller = make_caller(ada, list(SCOPES))
    Membership.objects.filter(pk=ada.pk).update(is_active=False)
    for place, method, _ in list_asks({Kind.PAGE}):
        answer = call(client, method, build_url(place, here))
        assert answer.headers.get("Location") == reverse("no_organization"), place.route
    for place, method, _ in list_asks({Kind.API}):
        assert call(caller, method, build_url(place, here)).status_code == HTTPStatus.UNAUTHORIZED, place.route


def test_the_written_matrix_is_up_to_date() -> None:
    assert set(MEANINGS) == set(MATRIX)
    written = (DOCS / "permissions.md").read_text()
    assert written == render_permissions(), "Run `leadhub permissions > docs/permissions.md`."


@pytest.mark.parametrize("entry", [entry for section in NAVIGATION for entry in section.entries], ids=lambda e: e.label)
def test_every_entry_of_the_navigation_leads_to_a_page_for_whoever_sees_it(entry: Any) -> None:
    place = next(place for place in PLACES if place.name == entry.url_name)
    assert reverse(entry.url_name) == place.route
    assert place.asks["GET"] == entry.permission
