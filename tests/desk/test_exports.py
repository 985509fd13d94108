"""Lists as files: the same filters and order as the page, streamed, formulas guarded, noted in the audit log."""

import io

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Inquiry, Lead
from leadhub.lib.sheets import detect_layout, read_rows
from leadhub.tenancy.scope import scope
from tests.leads.arrivals import make_lead, make_mql
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


def read_export(browser: Client, url: str) -> list[dict[str, str]]:
    answer: object = browser.get(url)
    assert isinstance(answer, StreamingHttpResponse), answer
    file = io.BytesIO(b"".join(answer))
    header, *rows = read_rows(file, detect_layout(file))
    return [dict(zip(header, row, strict=False)) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_leads_by_the_filters_of_the_list(kind: str, ria: Membership, client_of: ClientOf) -> None:
    with scope(ria.organization_id):
        make_lead("a@client.example", first_name="=HYPERLINK()")
        make_mql("b@client.example")
    rows = read_export(client_of(ria), f"/leads/export/?stage=mql&kind={kind}")
    assert [(row["E-mail"], row["Stage"], row["Channel"]) for row in rows] == [
        ("b@client.example", "MQL", "Paid Search")
    ]
    with scope(ria.organization_id):
        entry = AuditEntry.objects.get(action="list.exported")
        assert (entry.actor_id, entry.after) == (ria.pk, {"filters": {"stage": ["mql"]}})


def test_a_formula_is_text(ria: Membership, client_of: ClientOf) -> None:
    with scope(ria.organization_id):
        make_lead("a@client.example", first_name="=HYPERLINK()")
    content = b"".join(client_of(ria).get("/leads/export/"))
    assert b"'=HYPERLINK()" in content


@pytest.mark.parametrize(
    "url", ["/leads/export/", "/leads/export/deals/", "/inquiries/export/", "/intake/export/", "/members/export/"]
)
def test_every_list_has_its_file_and_nothing_of_others(
    url: str, ada: Membership, eve: Membership, client_of: ClientOf
) -> None:
    with scope(eve.organization_id):
        make_lead("secret@umbrella.example")
    rows = read_export(client_of(ada), url)
    assert not [row for row in rows if "umbrella" in str(row)]
    assert client_of(ada).get(f"{url}?kind=xlsx").status_code == 200


def test_queries_do_not_grow_with_the_list(ria: Membership, client_of: ClientOf) -> None:
    browser = client_of(ria)
    counts = []
    for number in range(2):
        with scope(ria.organization_id):
            for each in range(3):
                make_lead(f"p{number}{each}@client.example")
        with CaptureQueriesContext(connection) as queries:
            read_export(browser, "/leads/export/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_inquiries_and_ledger_say_what_their_pages_say(max_: Membership, client_of: ClientOf) -> None:
    with scope(max_.organization_id):
        lead = make_mql("b@client.example", first_name="Bea", last_name="Day", company="Day Ltd")
        Inquiry.objects.update(fields={"Roof": "flat"}, response_seconds=90)
        Lead.objects.update(verdict_reason="Fits", term="roofs")
        form = Inquiry.objects.get(lead=lead).get_door_display()
    [row] = read_export(client_of(max_), "/inquiries/export/")
    assert {name: row[name] for name in ("Company", "Other answers", "Reason", "Keyword", "Door")} == {
        "Company": "Day Ltd",
        "Other answers": "Roof: flat",
        "Reason": "Fits",
        "Keyword": "roofs",
        "Door": form,
    }
    assert row["Answered after seconds"] == "90"
