"""The queue's page: who may see it, what a row shows, the preview, the bar of new leads, the number of statements."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.desk.queue import list_queue
from leadhub.desk.queue_page import draw_lines
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from routing.models import Pool
from tests.desk.leads import add_inquiry, add_score, add_task, make_lead, offer
from tests.personas import ClientOf

MINUTE = timedelta(minutes=1)
FOR_PREVIEW = {"HX-Request": "true", "HX-Target": "preview"}


def build_hot_lead(owner: Membership, now: datetime, name: str = "Pat Doe") -> str:
    """Write an offered hot lead and return its id."""
    lead = make_lead(owner=owner, now=now, name=name, captured_at=now, quote_value=500)
    add_inquiry(lead, arrived_at=now, due_at=now + 5 * MINUTE, message="Call me today")
    add_score(lead, now=now)
    offer(lead, now=now)
    return str(lead.pk)


def test_a_row_shows_words_reason_source_and_the_answer_buttons(
    in_scope: Organization, ria: Membership, client_of: ClientOf
) -> None:
    build_hot_lead(ria, utc_now())

    page = client_of(ria).get("/queue/").content.decode()

    for shown in ("Pat Doe", "Doe Ltd", "Call me today", "Hot: not answered yet", "Paid Search", "$500", "Accept"):
        assert shown in page
    assert "Wrong rep: reroute it" in page


@pytest.mark.parametrize("query", ["page=²", "page=99999999999999999999", "since=2026-13-45T00:00", "since=2026-01-01"])
def test_a_query_that_makes_no_sense_is_left_aside(
    in_scope: Organization, ria: Membership, client_of: ClientOf, query: str
) -> None:
    assert client_of(ria).get(f"/queue/?{query}").status_code == 200


def test_a_marketer_has_no_queue(in_scope: Organization, max_: Membership, client_of: ClientOf) -> None:
    assert client_of(max_).get("/queue/").status_code == 403


def test_others_leads_are_not_shown(
    in_scope: Organization, ria: Membership, raj: Membership, client_of: ClientOf
) -> None:
    build_hot_lead(raj, utc_now())

    assert "All caught up" in client_of(ria).get("/queue/").content.decode()


def test_the_preview_is_a_fragment_of_the_same_url(
    in_scope: Organization, ria: Membership, client_of: ClientOf
) -> None:
    lead_id = build_hot_lead(ria, utc_now())

    fragment = client_of(ria).get(f"/queue/?lead={lead_id}", headers=FOR_PREVIEW).content.decode()
    page = client_of(ria).get(f"/queue/?lead={lead_id}").content.decode()

    assert "<html" not in fragment
    assert "Voicemail" in fragment
    assert "data-chosen" in page


@pytest.mark.parametrize("text", ["nonsense", "01a2000a-0000-7000-8000-000000000000"])
def test_an_unknown_lead_is_not_found(in_scope: Organization, ria: Membership, client_of: ClientOf, text: str) -> None:
    assert client_of(ria).get(f"/queue/?lead={text}").status_code == 404


def test_new_leads_wait_behind_the_bar(in_scope: Organization, ria: Membership, client_of: ClientOf) -> None:
    since = utc_now() - MINUTE
    client = client_of(ria)
    before = client.get("/queue/", {"since": since.isoformat()}).content.decode()
    build_hot_lead(ria, utc_now())
    build_hot_lead(ria, utc_now(), name="Sam Roe")

    after = client.get("/queue/", {"since": since.isoformat()}).content.decode()

    assert " new</a>" not in before
    assert "2 new</a>" in after


def test_planned_leads_stand_apart(in_scope: Organization, ria: Membership, client_of: ClientOf) -> None:
    now = utc_now()
    add_task(make_lead(owner=ria, now=now), due_at=now + timedelta(days=3), now=now)
    client = client_of(ria)

    assert "Pat Doe" not in client.get("/queue/").content.decode()
    assert "Pat Doe" in client.get("/queue/?show=planned").content.decode()


def test_the_page_takes_as_many_statements_for_twenty_leads_as_for_two(
    in_scope: Organization, ria: Membership, client_of: ClientOf
) -> None:
    client = client_of(ria)
    counts = []
    for names in (range(2), range(2, 20)):
        for number in names:
            build_hot_lead(ria, utc_now(), name=f"Pat Doe{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get("/queue/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 30


def test_outside_hours_the_ring_says_when_it_starts_and_a_missed_promise_stays_late(
    in_scope: Organization, ria: Membership
) -> None:
    night = datetime(2026, 3, 4, 22, 0, tzinfo=UTC)
    Pool.objects.filter(is_fallback=True).update(works_always=False)
    waiting = make_lead(owner=ria, now=night, name="Wai Ting")
    add_inquiry(waiting, arrived_at=night, due_at=datetime(2026, 3, 5, 9, 5, tzinfo=UTC))
    late = make_lead(owner=ria, now=night, name="La Te")
    add_inquiry(late, arrived_at=night - 7 * 60 * MINUTE, due_at=night - 6 * 60 * MINUTE)
    for lead in (waiting, late):
        offer(lead, now=night)

    lines = draw_lines(list_queue(member=ria, now=night), now=night)

    assert {line.row.name: line.opens_at for line in lines} == {
        "La Te": None,
        "Wai Ting": datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
    }
