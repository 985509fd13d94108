"""`leadhub org create` and `leadhub key create`."""

import json

import pytest
from click.testing import CliRunner, Result

from leadhub.accounts.apikeys import find_key_organization, use_api_key
from leadhub.accounts.models import Membership
from leadhub.cli import main
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Directory, Organization
from leadhub.tenancy.scope import scope
from tests.personas import PASSWORD

pytestmark = pytest.mark.django_db
ADMIN = ["--admin-email", "new@beta.example", "--admin-password", PASSWORD]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_the_keys_it_prints_open_the_doors() -> None:
    keys = json.loads(run("org", "create", "Beta Roofing", *ADMIN, "--json").stdout)

    organization = Organization.objects.get(slug=keys["slug"])
    assert keys["organization_id"] == str(organization.id)
    assert find_key_organization(secret=keys["api_key"]) == organization.id
    kinds = {"form": keys["form_key"], "site": keys["site_key"]}
    for kind, key in kinds.items():
        assert Directory.objects.get(kind=kind, key=key).organization_id == organization.id
    assert Membership.objects.get(organization=organization).user.check_password(PASSWORD)


def test_a_person_reads_a_list() -> None:
    shown = run("org", "create", "Beta Roofing", *ADMIN)

    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.stdout.splitlines()] == [
        "organization_id",
        "slug",
        "api_key",
        "form_key",
        "site_key",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--admin-email", "nobody", "--admin-password", PASSWORD], "valid email"),
        (["--admin-email", "new@beta.example", "--admin-password", "short"], "too short"),
        ([*ADMIN, "--time-zone", "Mars/Olympus"], "no time zone Mars/Olympus"),
        ([*ADMIN, "--currency", "dollars"], "three capital letters"),
        ([*ADMIN, "--country", "germania inferior"], "a country's name or its two letters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(arguments: list[str], says: str) -> None:
    refused = run("org", "create", "Beta", *arguments)

    assert refused.exit_code == 2
    assert says in refused.stderr
    assert not Organization.objects.filter(name="Beta").exists()


def test_an_existing_log_in_needs_its_own_password(acme: Organization) -> None:
    refused = run(
        "org", "create", "Beta", "--admin-email", "ada@acme.example", "--admin-password", "another password 1"
    )

    assert refused.exit_code == 1
    assert "has a log-in already" in refused.stderr


def test_a_new_key_acts_as_the_first_admin_within_its_scopes(acme: Organization, ada: Membership) -> None:
    made = json.loads(run("key", "create", acme.slug, "--scope", "leads:read", "--json").stdout)

    with scope(acme.id):
        key = use_api_key(secret=made["api_key"], now=utc_now())
        assert key
        assert (str(key.id), key.scopes, key.member_id) == (made["key_id"], ["leads:read"], ada.id)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "no organization nowhere"),
        (["acme-siding", "--member", "eve@rival.example"], "is no member of"),
        (["acme-siding", "--scope", "everything"], "Choose scopes among"),
    ],
)
def test_a_key_that_cannot_be_is_refused(acme: Organization, arguments: list[str], says: str) -> None:
    refused = run("key", "create", *arguments)

    assert refused.exit_code == 1
    assert says in refused.stderr
