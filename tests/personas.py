"""The people of the tests: Ada (admin), Max (marketer), Ria and Raj (reps), Mia (manager) — and Eve, of another
organization, who must never see a thing.

Loaded by `tests/conftest.py`. Reading tenant tables needs the `in_scope` fixture, or a `scope(...)` of the test.
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime

import pytest
from django.test import Client

from leadhub.accounts.access import SESSION_KEY
from leadhub.accounts.logins import create_login
from leadhub.accounts.members import add_member
from leadhub.accounts.models import Membership, Role
from leadhub.desk.founding import Founded, found_organization
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # a Wednesday, within business hours
PASSWORD = "correct horse battery"
ClientOf = Callable[[Membership], Client]


@pytest.fixture
def now() -> datetime:
    """The instant at which every test happens."""
    return NOW


@pytest.fixture
def founded(db: None) -> Founded:
    """Acme with its keys, just founded by Ada."""
    return found_organization(
        name="Acme Siding",
        admin_email="ada@acme.example",
        admin_password=PASSWORD,
        admin_name="Ada",
        now=NOW,
        time_zone="UTC",
    )


@pytest.fixture
def acme(founded: Founded) -> Organization:
    """The organization of everybody but Eve."""
    return founded.organization


@pytest.fixture
def in_scope(acme: Organization) -> Generator[Organization, None, None]:
    """Acme, with its scope open for the whole test."""
    with scope(acme.id):
        yield acme


def join(organization: Organization, name: str, role: Role) -> Membership:
    """Add a persona to an organization."""
    user = create_login(email=f"{name.lower()}@{organization.slug}.example", password=PASSWORD, name=name)
    with scope(organization.id):
        return add_member(user=user, role=role, name=name, now=NOW)


@pytest.fixture
def ada(founded: Founded) -> Membership:
    """The admin."""
    return founded.admin


@pytest.fixture
def max_(acme: Organization) -> Membership:
    """The marketer."""
    return join(acme, "Max", Role.MARKETER)


@pytest.fixture
def ria(acme: Organization) -> Membership:
    """A rep."""
    return join(acme, "Ria", Role.REP)


@pytest.fixture
def raj(acme: Organization) -> Membership:
    """Another rep."""
    return join(acme, "Raj", Role.REP)


@pytest.fixture
def mia(acme: Organization) -> Membership:
    """The sales manager."""
    return join(acme, "Mia", Role.MANAGER)


@pytest.fixture
def eve(db: None) -> Membership:
    """The admin of another organization, Umbrella."""
    return found_organization(
        name="Umbrella", admin_email="eve@umbrella.example", admin_password=PASSWORD, admin_name="Eve", now=NOW
    ).admin


@pytest.fixture
def client_of() -> ClientOf:
    """Return a logged-in browser of a member."""

    def log_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        session = client.session
        session[SESSION_KEY] = str(member.organization_id)
        session.save()
        return client

    return log_in
