"""What a rep does to a lead, from the lead page and from the queue: happy, refused, forbidden."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from leadhub.accounts.models import Membership
from leadhub.desk.queue import list_queue
from leadhub.leads.models import Event, Lead, Stage, Task, Verdict
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import Assignment
from tests.desk.acts import post
from tests.desk.leads import make_lead
from tests.personas import ClientOf

HTMX = {"HX-Request": "true", "HX-Target": "lead"}


def test_one_click_logs_a_voicemail_sets_the_next_task_and_can_be_undone(browser: Client, lead: Lead) -> None:
    answer = browser.post(f"/leads/{lead.pk}/outcomes/", {"outcome": "voicemail"}, headers=HTMX).content.decode()

    event = Event.objects.get(lead=lead, kind="voicemail_left")
    assert "Voicemail logged. Next task:" in answer
    assert Task.objects.filter(lead=lead, done_at=None).count() == 1
    lead.refresh_from_db()
    assert lead.stage == Stage.SAL

    undone = post(browser, lead, f"outcomes/{event.pk}/undo")

    assert undone.status_code == 302
    assert not Task.objects.filter(lead=lead, done_at=None).exists()
    lead.refresh_from_db()
    assert lead.stage == Stage.MQL


@pytest.mark.parametrize("kept", ["talk", "changes"])
def test_an_act_leaves_the_timeline_filtered_and_offers_the_undo(browser: Client, lead: Lead, kept: str) -> None:
    headers = {**HTMX, "HX-Current-URL": f"http://testserver/leads/{lead.pk}/?timeline={kept}"}
    answer = browser.post(f"/leads/{lead.pk}/outcomes/", {"outcome": "voicemail"}, headers=headers).content.decode()

    undo = f"/leads/{lead.pk}/outcomes/{Event.objects.get(kind='voicemail_left').pk}/undo/"
    assert f'action="{undo}"' in answer
    assert f'href="?timeline={kept}" aria-current="page"' in answer
    undone = browser.post(undo, headers=headers).content.decode()
    assert f'href="?timeline={kept}" aria-current="page"' in undone
    assert undo not in undone


def test_call_back_is_two_clicks_and_due_when_chosen(browser: Client, lead: Lead) -> None:
    post(browser, lead, "outcomes", outcome="call_back", when="hour")

    due_at = Task.objects.get(lead=lead).due_at
    assert abs(due_at - utc_now() - timedelta(hours=1)) < timedelta(minutes=1)


def test_from_the_queue_the_row_says_what_was_done_in_its_place(browser: Client, lead: Lead) -> None:
    answer = browser.post(
        f"/leads/{lead.pk}/outcomes/",
        {"outcome": "no_answer", "place": "queue"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    ).content.decode()

    assert f'id="row-{lead.pk}"' in answer
    assert "desk-row-acted" in answer
    assert "Undo" in answer
    assert "Offered to you" not in answer


def test_from_the_queue_the_answer_counts_anew_and_leads_to_the_next_one(
    browser: Client, lead: Lead, ria: Membership
) -> None:
    other = make_lead(owner=ria, now=utc_now(), name="Sam Roe")

    answer = browser.post(
        f"/leads/{lead.pk}/outcomes/",
        {"outcome": "no_answer", "place": "queue"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    ).content.decode()

    assert '<span class="lh-count" id="queue-now" hx-swap-oob="true">1</span>' in answer
    assert '<span class="lh-count" id="queue-planned" hx-swap-oob="true">1</span>' in answer
    assert f'data-chooses="row-{other.pk}">Next: Sam Roe' in answer


def test_a_page_that_refuses_an_act_from_the_queue_leads_back_into_it(browser: Client, lead: Lead) -> None:
    refused = post(browser, lead, "assignment/rejection", place="queue")

    assert refused.status_code == 422
    assert f'href="/queue/?lead={lead.pk}"' in refused.content.decode()


def test_an_unknown_outcome_is_refused_on_the_page(browser: Client, lead: Lead) -> None:
    answer = post(browser, lead, "outcomes", outcome="shouted")

    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()


def test_accepting_makes_it_theirs(browser: Client, lead: Lead) -> None:
    assert post(browser, lead, "assignment/acceptance", place="queue").url == f"/queue/?lead={lead.pk}"

    lead.refresh_from_db()
    assert lead.stage == Stage.SAL
    assert Assignment.objects.get(lead=lead, ended_at=None).state == "accepted"


def test_rejecting_needs_a_reason_and_returns_the_lead_to_marketing(
    browser: Client, lead: Lead, ada: Membership
) -> None:
    refused = post(browser, lead, "assignment/rejection")
    assert refused.status_code == 422
    assert "This field is required" in refused.content.decode()

    post(browser, lead, "assignment/rejection", reason="not_a_fit")

    lead.refresh_from_db()
    assert (lead.owner_id, lead.verdict) == (ada.pk, Verdict.UNQUALIFIED)


def test_the_wrong_rep_gives_the_turn_back(browser: Client, lead: Lead, ada: Membership) -> None:
    post(browser, lead, "assignment/reroute", note="Not my region")

    lead.refresh_from_db()
    assert lead.owner_id == ada.pk
    assert Assignment.objects.filter(lead=lead, state="rerouted").count() == 1


def test_all_four_answers_make_an_sql(browser: Client, lead: Lead) -> None:
    partly = browser.post(f"/leads/{lead.pk}/qualification/", {"budget": "50k"}, headers=HTMX).content.decode()
    assert "Still open: authority, need, timeline." in partly

    post(browser, lead, "qualification", budget="50k", authority="CFO", need="Windows", timeline="May")

    lead.refresh_from_db()
    assert lead.stage == Stage.SQL


@pytest.mark.parametrize("place", ["lead", "queue"])
def test_a_refused_change_of_a_task_keeps_what_was_typed_and_marks_the_field(
    browser: Client, lead: Lead, place: str
) -> None:
    post(browser, lead, "tasks", kind="call", title="Call Pat", due_at="2030-01-01T10:00")
    task = Task.objects.get(lead=lead)
    refused = post(browser, lead, f"tasks/{task.pk}", title="Call them all", due_at="1066-10-14T09:00", place=place)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="Call them all"' in page
    [control] = re.findall(r'<input[^>]*id="task_change_due_at"[^>]*>', page)
    assert 'value="1066-10-14T09:00"' in control
    assert 'aria-invalid="true"' in control
    assert "Choose a day between 1970 and 2199." in page
    task.refresh_from_db()
    assert task.title == "Call Pat"


def test_closing_says_what_becomes_of_what_was_planned(browser: Client, lead: Lead, ria: Membership) -> None:
    post(browser, lead, "tasks", kind="call", title="Send the offer", due_at="2030-01-01T10:00")
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert "What is planned for it leaves the queue when it is closed." in page
    post(browser, lead, "disposition", code="no_fit")
    closed = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert "What was planned has left the queue: plan anew what is still to be done." in closed
    assert "what was planned before is in nobody" in closed
    assert not list_queue(member=ria, now=utc_now()).rows
    post(browser, lead, "tasks", kind="todo", title="Send the papers back", due_at="2020-01-01T10:00")
    (row,) = list_queue(member=ria, now=utc_now()).rows
    assert row.task_title == "Send the papers back"


def test_closing_needs_a_code_and_timing_a_date(browser: Client, lead: Lead) -> None:
    assert post(browser, lead, "disposition").status_code == 422
    undated = post(browser, lead, "disposition", code="timing")
    assert undated.status_code == 422
    assert "lh-field-error" in undated.content.decode()

    wakes_at = (utc_now() + timedelta(days=40)).date()
    post(browser, lead, "disposition", code="timing", wakes_at=wakes_at.isoformat())

    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (Stage.RECYCLED, "timing")
    assert lead.wakes_at is not None


def test_verdict_and_value_are_set_by_marketing(client_of: ClientOf, max_: Membership, lead: Lead) -> None:
    browser = client_of(max_)
    post(browser, lead, "verdict", verdict="unqualified", reason="Student project")
    post(browser, lead, "value", amount="1200")

    lead.refresh_from_db()
    assert [lead.verdict, lead.verdict_by_id, lead.quote_value] == [Verdict.UNQUALIFIED, max_.pk, Decimal(1200)]


def test_a_manager_gives_it_to_somebody_else(client_of: ClientOf, mia: Membership, raj: Membership, lead: Lead) -> None:
    post(client_of(mia), lead, "assignment", member=raj.pk, note="Knows windows")

    lead.refresh_from_db()
    assert lead.owner_id == raj.pk


ACTS = [
    ("outcomes", {"outcome": "voicemail"}),
    ("tasks", {"kind": "call", "due_at": "2030-01-01T10:00"}),
    ("snooze", {"when": "hour"}),
    ("wake", {}),
    ("qualification", {"budget": "1"}),
    ("disposition", {"code": "cold"}),
    ("verdict", {"verdict": "qualified"}),
    ("value", {"amount": "1"}),
    ("opportunities", {"name": "Deal", "amount": "1"}),
    ("assignment/acceptance", {}),
    ("assignment/rejection", {"reason": "timing"}),
    ("assignment/reroute", {}),
    ("assignment", {"member": ""}),
]


@pytest.mark.parametrize(("act", "values"), ACTS)
def test_another_rep_may_not_touch_it(
    client_of: ClientOf, raj: Membership, lead: Lead, act: str, values: dict[str, str]
) -> None:
    assert post(client_of(raj), lead, act, **values).status_code == 403


@pytest.mark.parametrize(("act", "values"), ACTS)
def test_another_organization_finds_nothing(
    client_of: ClientOf, acme: Organization, ria: Membership, eve: Membership, act: str, values: dict[str, str]
) -> None:
    with scope(acme.id):
        theirs = make_lead(owner=ria, now=utc_now())

    assert post(client_of(eve), theirs, act, **values).status_code == 404


@pytest.mark.parametrize(("act", "values"), ACTS)
def test_an_act_is_never_a_get(browser: Client, lead: Lead, act: str, values: dict[str, str]) -> None:
    assert browser.get(f"/leads/{lead.pk}/{act}/", values).status_code == 405


def test_only_who_logged_it_may_undo_it(client_of: ClientOf, browser: Client, mia: Membership, lead: Lead) -> None:
    post(browser, lead, "outcomes", outcome="voicemail")
    event = Event.objects.get(lead=lead, kind="voicemail_left")
    manager = client_of(mia)

    assert f"/outcomes/{event.pk}/undo/" not in manager.get(f"/leads/{lead.pk}/").content.decode()
    refused = post(manager, lead, f"outcomes/{event.pk}/undo")

    assert refused.status_code == 422
    assert "Only your own logged outcomes can be undone" in refused.content.decode()


def test_an_offer_that_somebody_answered_is_refused_in_the_queue(browser: Client, lead: Lead) -> None:
    Assignment.objects.filter(lead=lead).update(state=Assignment.State.HELD, is_sales=False)

    refused = browser.post(
        f"/leads/{lead.pk}/assignment/acceptance/",
        {"place": "queue"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )

    assert refused.status_code == 422
    assert "Nobody is asked about this lead any more" in refused.content.decode()
