"""The list of leads: filters that reports link to, sorting, pages, nothing to show; and a lead entered by hand."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.desk import lead_list
from leadhub.leads.models import Channel, Identity, Inquiry, Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from tests.desk.leads import add_score, make_lead
from tests.personas import ClientOf


@pytest.fixture
def leads(in_scope: Organization, ria: Membership, raj: Membership, now: datetime) -> None:
    """Two leads that differ in everything."""
    first = make_lead(owner=ria, now=now, name="Ann Low", captured_at=now, quote_value=100, source="google")
    make_lead(
        owner=raj,
        now=now,
        name="Ben High",
        captured_at=now - timedelta(days=40),
        quote_value=900,
        channel=Channel.REFERRAL,
        verdict="qualified",
        verdict_at=now,
    )
    add_score(first, now=now)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ann Low", "Ben High"]),
        ("?q=ann", ["Ann Low"]),
        ("?channel=referral", ["Ben High"]),
        ("?source=-", ["Ben High"]),
        ("?verdict=qualified&counted=true", ["Ben High"]),
        ("?captured_from=2026-03-01&captured_to=2026-03-31", ["Ann Low"]),
        ("?sort=-value", ["Ben High", "Ann Low"]),
        ("?sort=-score", ["Ann Low", "Ben High"]),
        ("?stage=customer", []),
        ("?captured_from=nonsense", []),
    ],
)
def test_filters_and_sorting(leads: None, ria: Membership, client_of: ClientOf, query: str, found: list[str]) -> None:
    page = client_of(ria).get(f"/leads/{query}").content.decode()
    table = page[page.index('id="leads"') :]

    places = {name: table.find(f">{name}</a>") for name in ("Ann Low", "Ben High")}
    assert sorted((name for name in places if places[name] >= 0), key=lambda name: places[name]) == found


@pytest.mark.parametrize(
    ("query", "head", "direction"),
    [("", "sort=captured", "descending"), ("?sort=name&q=n", "q=n&amp;sort=-name", "ascending")],
)
def test_the_head_that_sorts_says_so(
    leads: None, ria: Membership, client_of: ClientOf, query: str, head: str, direction: str
) -> None:
    page = client_of(ria).get(f"/leads/{query}").content.decode()

    [told] = [part for part in page.split("<th ") if "aria-sort" in part]
    assert f'aria-sort="{direction}"' in told
    assert f'"?{head}"' in told.replace("sort=-name&amp;q=n", "q=n&amp;sort=-name")


def test_htmx_gets_the_table_alone(leads: None, ria: Membership, client_of: ClientOf) -> None:
    part = client_of(ria).get("/leads/?q=ann", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "Ann Low" in part


def test_a_filter_without_a_field_is_a_chip_that_can_be_removed(
    leads: None, ria: Membership, client_of: ClientOf
) -> None:
    page = client_of(ria).get("/leads/?campaign=-&q=ann").content.decode()

    assert "Campaign: unknown" in page
    assert 'href="?q=ann"' in page


def test_less_used_filters_tell_how_many_of_them_are_on(leads: None, ria: Membership, client_of: ClientOf) -> None:
    browser = client_of(ria)
    on = "?verdict=qualified&captured_from=2026-01-01&captured_to=&stage=new"

    part = browser.get(f"/leads/{on}", headers={"HX-Request": "true"})

    assert [browser.get(f"/leads/{query}").context["more_on"] for query in ("", on)] == [0, 2]
    assert 'id="more-filters-on" hx-swap-oob="true"' in part.content.decode()
    assert "Captured from: 1 Jan 2026" in part.content.decode()
    assert "Verdict: Qualified" in part.content.decode()


def test_pages_follow_one_another(
    leads: None, ria: Membership, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_list, "PAGE_SIZE", 1)
    browser = client_of(ria)

    first, second = (browser.get(f"/leads/?page={number}").content.decode() for number in (1, 2))

    assert "1–1 of 2 leads" in first
    assert "Ben High" in second
    assert 'rel="next"' not in second
    assert "1–1 of 2 leads" in browser.get(f"/leads/?page={'9' * 5_000}").content.decode()


def test_an_empty_organization_is_told_what_to_do(in_scope: Organization, ria: Membership, client_of: ClientOf) -> None:
    page = client_of(ria).get("/leads/").content.decode()

    assert "No leads yet" in page
    assert "No lead matches" in client_of(ria).get("/leads/?q=nobody").content.decode()


def test_more_leads_take_no_more_statements(leads: None, ria: Membership, client_of: ClientOf, now: datetime) -> None:
    browser = client_of(ria)
    counts = []
    for number in range(2):
        make_lead(owner=ria, now=now, name=f"More Leads{number}")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/leads/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 20


FILLED = {
    "first_name": "Gil",
    "last_name": "Hand",
    "email": "gil@hand.example",
    "message": "Met at the fair",
    "quote_value": "750",
    "utm_medium": "referral",
    "utm_source": "Builders' fair",
}


def test_a_lead_entered_by_hand_walks_the_line(in_scope: Organization, ria: Membership, client_of: ClientOf) -> None:
    answer = client_of(ria).post("/leads/new/", FILLED)

    lead = Lead.objects.get(person__email="gil@hand.example")
    assert answer.headers["Location"] == f"/leads/{lead.pk}/"
    assert (lead.channel, lead.quote_value) == (Channel.REFERRAL, Decimal(750))
    assert Inquiry.objects.get(lead=lead).message == "Met at the fair"
    submission = Submission.objects.get()
    assert [submission.door, submission.status] == ["manual", "created"]


def test_whoever_enters_it_may_keep_it(in_scope: Organization, ria: Membership, client_of: ClientOf) -> None:
    client_of(ria).post("/leads/new/", {**FILLED, "is_mine": "on"})

    assert Lead.objects.get(person__email="gil@hand.example").owner_id == ria.pk


def test_nobody_takes_a_colleague_s_lead_by_entering_it_again(
    in_scope: Organization, ria: Membership, raj: Membership, client_of: ClientOf
) -> None:
    known = make_lead(owner=raj, now=utc_now())
    address = known.person.email_norm
    Identity.objects.create(person=known.person, kind=Identity.Kind.EMAIL, value=address, created_at=utc_now())

    client_of(ria).post("/leads/new/", {**FILLED, "email": address, "is_mine": "on"})

    assert Submission.objects.get().status == "merged"
    assert Lead.objects.get(pk=known.pk).owner_id == raj.pk


def test_a_known_person_s_inquiry_joins_their_open_lead(
    in_scope: Organization, ria: Membership, client_of: ClientOf
) -> None:
    now = utc_now()
    known = make_lead(owner=ria, now=now)
    browser = client_of(ria)

    browser.post("/leads/new/", {**FILLED, "email": known.person.email})
    browser.post("/leads/new/", {**FILLED, "email": known.person.email, "service": "Roofing"})

    assert Lead.objects.filter(person__email_norm=known.person.email_norm).count() <= 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"email": ""}, "Give an e-mail address or a phone number"),
        ({"email": "nonsense"}, "Enter a valid email address"),
        ({"quote_value": "-5"}, "greater than or equal to 0"),
        ({"country": "Germny"}, "Did you mean Germany?"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    in_scope: Organization, ria: Membership, client_of: ClientOf, wrong: dict[str, str], message: str
) -> None:
    answer = client_of(ria).post("/leads/new/", {**FILLED, **wrong})

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Lead.objects.exists()
