"""What endpoints are told: every event once, as it stood when it happened, whoever made it, and no import's."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.api.reading import get_lead
from leadhub.api.shapes import LeadShape
from leadhub.delivery.models import Delivery
from leadhub.desk.founding import Founded
from leadhub.leads.consent import suppress_person
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.models import DispositionCode, Door, Inquiry, Lead, Verdict
from leadhub.leads.timeline import in_silence
from leadhub.leads.verdicts import set_verdict
from leadhub.lib.clock import utc_now
from leadhub.line.entry import enter_lead
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id, scope
from leadhub.webhooks import announcing
from leadhub.webhooks.calling import write_body
from leadhub.webhooks.endpoints import Shown
from leadhub.webhooks.event_types import EventType
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.payloads import LARGEST, measure
from leadhub.work.models import Job, Lane
from leadhub.work.runner import run_due
from routing.reassignment import reassign
from tests.contracts.rows import build_row
from tests.desk.leads import make_lead
from tests.listening import Listener
from tests.webhooks.conftest import plug

pytestmark = pytest.mark.django_db


def enter(now: datetime, *, email: str = "jane@client.example", **values: Any) -> Lead:
    """Let a hot inquiry arrive."""
    asked = {"email": email, "phone": "+12065550111", "intent": "hot", "message": "Please call.", **values}
    with scope(get_organization_id()):
        walk = enter_lead(door=Door.API, values=asked, body=b"{}", content_type="application/json", request={}, now=now)
    assert walk.lead is not None
    return walk.lead


def list_told() -> list[tuple[str, dict[str, Any]]]:
    """Return what was told, in order, and forget it."""
    rows = list(Announcement.objects.select_related("delivery").order_by("pk"))
    told = [(row.event_type, row.delivery.content["data"]) for row in rows]
    Job.objects.filter(lane=Lane.WEBHOOK).delete()
    Delivery.objects.filter(channel="webhook").delete()
    return told


def names(told: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [name for name, _ in told]


def test_new_lead_is_told_as_the_api_shows_it(shown: Shown, ria: Membership, now: datetime) -> None:
    lead = enter(now)
    told = list_told()
    assert names(told) == [
        EventType.LEAD_CREATED,
        EventType.INQUIRY_RECEIVED,
        EventType.LEAD_STAGE_CHANGED,
        EventType.LEAD_QUALIFIED,
        EventType.LEAD_ASSIGNED,
    ]
    expected = json.loads(json.dumps(LeadShape(get_lead(lead_id=lead.pk, now=now)).data, default=str))
    for _, data in told:
        assert data["lead"]["owner"] == expected["owner"]
        assert set(data["lead"]) == set(expected)
        assert (data["lead"]["stage"], data["lead"]["grade"]) == (expected["stage"], expected["grade"])
    assert told[1][1]["inquiry"]["message"] == "Please call."
    assert told[4][1]["event"]["kind"] == "owner_changed"


def test_what_members_do_is_told_once(
    shown: Shown, ada: Membership, max_: Membership, ria: Membership, raj: Membership, now: datetime
) -> None:
    lead, later = enter(now), now + timedelta(hours=1)
    list_told()
    with scope(get_organization_id()):
        reassign(lead=lead, member=raj, actor=ada, now=later)
    run_due(now=later, lanes=[Lane.SPEED])
    told = list_told()
    assert names(told) == [EventType.LEAD_ASSIGNED]
    assert told[0][1]["lead"]["owner"]["name"] == "Raj"
    with scope(get_organization_id()):
        set_verdict(lead=lead, verdict=Verdict.UNQUALIFIED, actor=max_, reason="A vendor", now=later)
    assert names(list_told()) == [EventType.LEAD_UNQUALIFIED]
    with scope(get_organization_id()):
        dispose_lead(lead=lead, code=DispositionCode.NO_FIT, actor=ada, now=later, note="A vendor")
    told = list_told()
    assert names(told) == [EventType.LEAD_STAGE_CHANGED, EventType.LEAD_LOST]
    assert told[1][1]["lead"]["disposition"] == "no_fit"
    with scope(get_organization_id()):
        suppress_person(person=lead.person, reason="asked", now=later)
    told = list_told()
    assert names(told) == [EventType.PERSON_UNSUBSCRIBED]
    assert told[0][1]["person"]["email"] == "jane@client.example"


def test_verdict_that_makes_an_mql_is_told_once(shown: Shown, ada: Membership, now: datetime) -> None:
    lead = make_lead(owner=ada, now=now)
    with scope(get_organization_id()):
        set_verdict(lead=lead, verdict=Verdict.QUALIFIED, actor=ada, reason="Known", now=now + timedelta(hours=1))
    assert names(list_told()).count(EventType.LEAD_QUALIFIED) == 1


def test_endpoint_hears_what_it_wants(
    shown: Shown, server: Listener, ada: Membership, ria: Membership, now: datetime
) -> None:
    plug(server, actor=ada, name="Owners", event_types=[EventType.LEAD_ASSIGNED])
    enter(now)
    of = dict.fromkeys(Endpoint.objects.values_list("name", flat=True), 0)
    for name in Announcement.objects.values_list("endpoint__name", flat=True):
        of[name] += 1
    assert of == {"CRM": 5, "Owners": 1}


def test_statements_do_not_grow_with_the_endpoints(
    shown: Shown, server: Listener, ada: Membership, ria: Membership, now: datetime
) -> None:
    def count(email: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            enter(now, email=email)
        return len(statements)

    count("warm@client.example")
    few = count("a@client.example")
    for number in range(4):
        plug(server, actor=ada, name=f"More {number}")
    assert count("b@client.example") == few


def test_nothing_is_written_where_nobody_listens(in_scope: Organization, ria: Membership, now: datetime) -> None:
    enter(now)
    assert not Announcement.objects.exists()


def test_what_is_rolled_back_is_not_told(shown: Shown, ada: Membership, now: datetime) -> None:
    lead = make_lead(owner=ada, now=now)
    with scope(get_organization_id()), transaction.atomic():
        set_verdict(lead=lead, verdict=Verdict.QUALIFIED, actor=ada, reason="", now=now)
        transaction.set_rollback(True)
    assert list_told() == []


def test_fault_keeps_no_lead_out_and_is_told_later(
    shown: Shown, ria: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(announcing, "write_data", lambda **_: 1 / 0)
        enter(now)
    assert (Lead.objects.count(), Announcement.objects.count()) == (1, 0)
    jobs = Job.objects.filter(kind=announcing.ANNOUNCE)
    assert jobs.count() > 0
    run_due(now=utc_now(), lanes=[Lane.WEBHOOK])
    assert names(list_told())[:2] == ["lead.created", "inquiry.received"]


def test_what_becomes_of_an_imported_lead_is_told(
    shown: Shown, ada: Membership, ria: Membership, raj: Membership, now: datetime
) -> None:
    with in_silence():
        lead = enter(now)
    Inquiry.objects.update(door=Door.IMPORT)
    list_told()
    with scope(get_organization_id()):
        reassign(lead=lead, member=raj if lead.owner_id != raj.pk else ria, actor=ada, now=now)
    assert "lead.assigned" in names(list_told())


def test_silence_is_kept(shown: Shown, ria: Membership, now: datetime) -> None:
    with in_silence():
        enter(now)
    assert list_told() == []


def test_long_inquiry_is_cut_and_says_so(shown: Shown, ria: Membership, now: datetime) -> None:
    enter(now, message="long " * 2_000, **{f"answer_{number}": "word " * 180 for number in range(20)})
    for name, data in list_told():
        assert measure(data) <= LARGEST
        assert data["is_cut"] is True
        assert data["lead"]["email"] == "jane@client.example"
        assert len(write_body({"subject": name, "timestamp": now.isoformat(), "data": data})) < 20_000


def test_another_organization_is_told_nothing(founded: Founded, eve: Membership, now: datetime) -> None:
    """Acme listens; what happens at Eve's makes no row anywhere."""
    with scope(founded.organization.pk):
        build_row(Endpoint, state="active", event_types=[], rests_until=None)
    with scope(eve.organization_id):
        enter(now)
        assert Lead.objects.count() == 1
        assert not Announcement.objects.exists()
    with scope(founded.organization.pk):
        assert not Announcement.objects.exists()
