"""A marketer reads what was asked and sets verdict, value and service by one key each."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from capture.doors import Arrival, store_submission
from capture.models import Form, Submission
from leadhub.accounts.models import Membership
from leadhub.leads.models import Door, Inquiry, Lead, ValueSource
from leadhub.lib.ids import new_id
from leadhub.line.walk import walk_submission
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.personas import NOW, ClientOf

HTMX = {"HX-Request": "true"}


def ask(organization: Organization, **values: Any) -> Inquiry:
    """Let one person raise a hand."""
    with scope(organization.id):
        submission_id = new_id()
        arrival = Arrival(door=Door.FORM, form_id=Form.objects.get().id, body=b"", values=values)
        pending = Submission.Status.PENDING
        store_submission(submission_id=submission_id, arrival=arrival, status=pending, reasons=[], now=NOW)
        walk = walk_submission(submission_id=submission_id, now=NOW)
        assert walk is not None
        assert walk.inquiry is not None
        return walk.inquiry


def get_lead(organization: Organization, inquiry: Inquiry) -> Lead:
    with scope(organization.id):
        lead: Lead = Lead.objects.get(pk=inquiry.lead_id)
        return lead


@pytest.fixture
def inquiry(acme: Organization) -> Inquiry:
    return ask(
        acme,
        email="grace@navy.example",
        name="Grace Hopper",
        message="New siding?",
        utm_source="google",
        roof_age="12 years",
    )


def test_the_stream_shows_words_and_source(
    acme: Organization, inquiry: Inquiry, max_: Membership, client_of: ClientOf
) -> None:
    page = client_of(max_).get("/inquiries/").content.decode()
    assert "New siding?" in page
    assert "Organic Search: google" in page
    assert "Website contact" in page
    assert "Roof age: 12 years" in page


def test_empty_stream_says_what_to_do(max_: Membership, client_of: ClientOf) -> None:
    assert "Nobody has asked yet" in client_of(max_).get("/inquiries/").content.decode()


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?q=grace", True),
        ("?q=siding", True),
        ("?q=nobody", False),
        ("?channel=direct", False),
        ("?verdict=not_a_lead", False),
        (f"?first={NOW:%Y-%m-%d}&last={NOW:%Y-%m-%d}&verdict=qualified", True),
        (f"?first={NOW + timedelta(days=1):%Y-%m-%d}", False),
    ],
)
def test_filters(inquiry: Inquiry, max_: Membership, client_of: ClientOf, query: str, is_found: bool) -> None:
    page = client_of(max_).get("/inquiries/" + query).content.decode()
    assert ("New siding?" in page) == is_found


@pytest.mark.parametrize(
    ("sort", "first"),
    [("", "late"), ("arrived", "early"), ("-value", "early"), ("value", "late"), ("nonsense", "late")],
)
def test_order_is_that_of_page_and_file(
    acme: Organization, max_: Membership, client_of: ClientOf, sort: str, first: str
) -> None:
    for name, value, hours in (("early", 900, 5), ("late", 100, 1)):
        asked = ask(acme, email=f"{name}@navy.example", name=name, message=f"I am {name}")
        with scope(acme.id):
            Lead.objects.filter(pk=asked.lead_id).update(quote_value=value, quote_value_source=ValueSource.FORM)
            Inquiry.objects.filter(pk=asked.pk).update(arrived_at=NOW - timedelta(hours=hours))
    browser = client_of(max_)

    page = browser.get(f"/inquiries/?sort={sort}").content.decode()
    file = b"".join(browser.get(f"/inquiries/export/?sort={sort}").streaming_content).decode()  # type: ignore[attr-defined]

    second = {"early": "late", "late": "early"}[first]
    assert page.index(f"I am {first}") < page.index(f"I am {second}")
    assert file.index(f"I am {first}") < file.index(f"I am {second}")
    assert ("has no order “nonsense”" in page) == (sort == "nonsense")


def test_verdict_answers_the_row(acme: Organization, inquiry: Inquiry, max_: Membership, client_of: ClientOf) -> None:
    url = f"/inquiries/{inquiry.pk}/verdict/"
    response = client_of(max_).post(url, {"verdict": "not_a_lead"}, headers=HTMX)
    assert response.status_code == 200
    assert f'id="inquiry-{inquiry.pk}"' in response.content.decode()
    lead = get_lead(acme, inquiry)
    assert (lead.verdict, lead.verdict_by_id) == ("not_a_lead", max_.id)
    assert lead.verdict_reason == "A job seeker, vendor or support request"


def test_a_typed_reason_is_kept(acme: Organization, inquiry: Inquiry, max_: Membership, client_of: ClientOf) -> None:
    url = f"/inquiries/{inquiry.pk}/verdict/"
    client_of(max_).post(url, {"verdict": "unqualified", "reason": "Outside our area"}, headers=HTMX)
    assert get_lead(acme, inquiry).verdict_reason == "Outside our area"


def test_value_and_service(acme: Organization, inquiry: Inquiry, max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    client.post(f"/inquiries/{inquiry.pk}/value/", {"quote_value": "$12,500"}, headers=HTMX)
    client.post(f"/inquiries/{inquiry.pk}/service/", {"service": "Siding"}, headers=HTMX)
    lead = get_lead(acme, inquiry)
    assert (lead.quote_value, lead.quote_value_source) == (Decimal("12500.00"), "member")
    with scope(acme.id):
        assert Inquiry.objects.get(pk=inquiry.pk).service == "Siding"


def test_a_wrong_value_is_told_in_the_row(inquiry: Inquiry, max_: Membership, client_of: ClientOf) -> None:
    response = client_of(max_).post(f"/inquiries/{inquiry.pk}/value/", {"quote_value": "lots"}, headers=HTMX)
    assert response.status_code == 422
    assert "Enter an amount" in response.content.decode()
    assert 'value="lots" aria-invalid="true"' in response.content.decode()


def test_what_is_judged_folds_up_unless_it_was_judged_just_now(
    inquiry: Inquiry, max_: Membership, client_of: ClientOf
) -> None:
    client, open_fold, fold = client_of(max_), 'hx-swap="outerHTML" open', "cap-judge"
    client.post(f"/inquiries/{inquiry.pk}/verdict/", {"verdict": "pending"}, headers=HTMX)
    assert open_fold in client.get("/inquiries/").content.decode()
    row = client.post(f"/inquiries/{inquiry.pk}/verdict/", {"verdict": "qualified"}, headers=HTMX).content.decode()
    assert open_fold in row
    page = client.get("/inquiries/").content.decode()
    assert fold in page
    assert open_fold not in page


def test_without_scripts_it_goes_back_to_the_filtered_list(
    acme: Organization, inquiry: Inquiry, max_: Membership, client_of: ClientOf
) -> None:
    client, back = client_of(max_), "/inquiries/?verdict=qualified"
    url = f"/inquiries/{inquiry.pk}/service/"
    assert client.post(url, {"service": "Siding", "back": back}).headers["Location"] == back
    assert client.post(url, {"service": "x", "back": "//evil.example/inquiries/"}).headers["Location"] == "/inquiries/"
    assert client.post(f"/inquiries/{inquiry.pk}/verdict/", {"verdict": "nonsense"}).status_code == 302


def test_reps_and_strangers_may_not(inquiry: Inquiry, ria: Membership, eve: Membership, client_of: ClientOf) -> None:
    assert client_of(ria).get("/inquiries/").status_code == 403
    stranger = client_of(eve)
    assert "New siding?" not in stranger.get("/inquiries/").content.decode()
    assert stranger.post(f"/inquiries/{inquiry.pk}/verdict/", {"verdict": "qualified"}).status_code == 404


def test_the_list_costs_the_same_however_long(
    acme: Organization, max_: Membership, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of(max_)
    for number in range(8):
        ask(acme, email=f"p{number}@navy{number}.example", message="Hello")
    with django_assert_num_queries(12, exact=False):
        client.get("/inquiries/")
