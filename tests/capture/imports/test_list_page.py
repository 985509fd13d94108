"""The list of imports: narrowed by name, state, member and days; its file; what it says where it is empty."""

from datetime import datetime, timedelta

import pytest

from capture.imports.models import Import
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from tests.contracts.rows import build_row
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(max_: Membership, ada: Membership, now: datetime) -> Membership:
    """Max with an import of his own, and an older one of Ada's."""
    with scope(max_.organization_id):
        build_row(Import, name="fair.csv", state="done", created_by=max_, created_at=now, row_count=7)
        before = now - timedelta(days=30)
        build_row(Import, name="former crm.xlsx", state="undone", created_by=ada, created_at=before, row_count=900)
    return max_


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["fair.csv", "former crm.xlsx"]),
        ({"sort": "by"}, ["former crm.xlsx", "fair.csv"]),
        ({"q": "CRM"}, ["former crm.xlsx"]),
        ({"state": "done"}, ["fair.csv"]),
        ({"by": "{ada}"}, ["former crm.xlsx"]),
        ({"first": "2026-03-04"}, ["fair.csv"]),
        ({"last": "2026-03-03"}, ["former crm.xlsx"]),
        ({"first": "2026-03-04", "last": "9999-12-31"}, ["fair.csv"]),
        ({"state": "done", "q": "crm"}, []),
        ({"state": "nonsense"}, ["fair.csv", "former crm.xlsx"]),
    ],
)
def test_page_and_file_show_what_is_asked_for(
    filled: Membership, ada: Membership, client_of: ClientOf, query: dict[str, str], names: list[str]
) -> None:
    browser, asked = client_of(filled), {name: value.format(ada=ada.pk) for name, value in query.items()}
    file = b"".join(browser.get("/imports/export/", asked).streaming_content)  # type: ignore[attr-defined]
    lines = file.decode("utf-8-sig").splitlines()

    assert [each.name for each in browser.get("/imports/", asked).context["page"]] == names
    assert [line.split(",")[0] for line in lines[1:]] == names


def test_the_file_is_noted_with_its_filters(filled: Membership, client_of: ClientOf) -> None:
    line = b"".join(client_of(filled).get("/imports/export/?state=done").streaming_content)  # type: ignore[attr-defined]
    assert b"fair.csv,Imported,7,Max," in line
    with scope(filled.organization_id):
        entry = AuditEntry.objects.get(action="list.exported")
        assert (entry.actor_id, entry.after) == (filled.pk, {"filters": {"state": ["done"]}})


def test_an_empty_list_says_what_to_do(filled: Membership, eve: Membership, client_of: ClientOf) -> None:
    browser = client_of(filled)
    none, refused = (browser.get("/imports/", {"state": each}).content.decode() for each in ("checked", "<b>"))
    assert "No import yet" in client_of(eve).get("/imports/").content.decode()
    assert "No import is like that" in none
    assert 'href="/imports/">Show all' in none
    assert "Nothing is filtered by State" in refused
