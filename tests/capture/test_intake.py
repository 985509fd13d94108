"""A stored submission becomes person, lead, inquiry and touch, once; the ledger says what became of it."""

from decimal import Decimal
from typing import Any

import pytest

from capture.doors import Arrival, store_submission
from capture.intake import identify_submission
from capture.models import Form, Submission
from leadhub.leads.models import Channel, Door, Lead, Person
from leadhub.leads.walk import Walk
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from tests.personas import NOW

GRACE = {"email": "Grace@Navy.example", "name": "Grace Hopper"}
pytestmark = pytest.mark.usefixtures("in_scope")


def arrive(values: dict[str, Any], *, door: Door = Door.FORM, **request: str) -> tuple[Submission, Walk | None]:
    """Store a submission and identify it."""
    submission_id = new_id()
    arrival = Arrival(door=door, form_id=Form.objects.get().id, body=b"{}", values=values, request=request)
    store_submission(
        submission_id=submission_id, arrival=arrival, status=Submission.Status.PENDING, reasons=[], now=NOW
    )
    walk = identify_submission(submission_id=submission_id, now=NOW)
    return Submission.objects.get(pk=submission_id), walk


def test_the_first_submission_creates_person_lead_and_inquiry(acme: Organization) -> None:
    submission, walk = arrive(
        {
            **GRACE,
            "phone": "(415) 555-0123",
            "company": "US Navy",
            "title": "Admiral",
            "message": "New siding, please",
            "quote_value": "€ 1.234,50",
            "roof_color": "red",
            "utm_source": "google",
            "utm_medium": "cpc",
            "utm_campaign": "Siding",
            "gclid": "G1",
        }
    )
    assert walk is not None
    assert walk.is_new_inquiry
    assert not walk.is_quiet
    lead = Lead.objects.select_related("person").get()
    assert (submission.status, submission.lead_id, submission.person_id) == ("created", lead.id, lead.person_id)
    assert submission.settled_at == NOW
    assert (lead.channel, lead.source, lead.campaign) == (Channel.PAID_SEARCH, "google", "Siding")
    assert (lead.person.first_name, lead.person.last_name, lead.person.title) == ("Grace", "Hopper", "Admiral")
    inquiry = submission.inquiry
    assert inquiry is not None
    assert (inquiry.message, inquiry.quote_value, inquiry.currency) == ("New siding, please", Decimal("1234.50"), "EUR")
    assert inquiry.fields == {"roof_color": "red"}
    assert inquiry.arrived_at == NOW


def test_another_spelling_of_the_address_joins_the_lead() -> None:
    arrive(GRACE)
    submission, walk = arrive({"email": "grace@navy.example", "service": "Windows"})
    assert submission.status == "merged"
    assert walk is not None
    assert (Person.objects.count(), Lead.objects.count()) == (1, 1)


def test_a_repeat_within_a_day_is_merged_and_is_no_new_inquiry() -> None:
    arrive(GRACE)
    submission, walk = arrive(GRACE)
    assert submission.status == "merged"
    assert walk is not None
    assert not walk.is_new_inquiry


def test_twice_changes_nothing() -> None:
    submission, _ = arrive(GRACE)
    assert identify_submission(submission_id=submission.id, now=NOW) is None
    assert Lead.objects.count() == 1


def test_a_quarantined_submission_is_held() -> None:
    submission_id = new_id()
    store_submission(
        submission_id=submission_id,
        arrival=Arrival(door=Door.FORM, form_id=None, body=b"", values=GRACE),
        status=Submission.Status.QUARANTINED,
        reasons=["Too many posts came from this address."],
        now=NOW,
    )
    assert identify_submission(submission_id=submission_id, now=NOW) is None
    assert not Lead.objects.exists()


def test_what_nobody_can_answer_is_rejected_with_the_reason() -> None:
    submission, walk = arrive({"name": "Nobody"}, door=Door.IMPORT)
    assert walk is None
    assert submission.status == "rejected"
    assert submission.reasons == ["email: Give an e-mail address or a phone number, so that we can answer."]


def test_an_import_walks_in_silence() -> None:
    _, walk = arrive(GRACE, door=Door.IMPORT)
    assert walk is not None
    assert walk.is_quiet


def test_a_phone_alone_is_enough_and_nothing_known_reads_unknown() -> None:
    submission, _ = arrive({"phone": "+1 415 555 0123"})
    assert submission.status == "created"
    assert Lead.objects.get().channel == Channel.UNKNOWN


def test_a_plain_form_of_another_site_is_told_by_its_referer_header() -> None:
    arrive(GRACE, referrer="https://acme.example/quote?utm_source=bing&utm_medium=cpc")
    lead = Lead.objects.get()
    assert (lead.channel, lead.source) == (Channel.PAID_SEARCH, "bing")
    assert lead.landing_page == "https://acme.example/quote?utm_source=bing&utm_medium=cpc"
